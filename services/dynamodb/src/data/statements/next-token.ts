/** Where the next page of a statement begins, as text that means nothing to the client. It grants nothing: keys in it are
 * checked as those of a client are. */
import { hash } from 'node:crypto';
import { checkedItem, InvalidInput, type Item } from '@stormglass/items';
import type { StatementInput } from './given-statement.ts';

export interface Position {
  /** Which of the reads that the statement became, from 0. */
  readonly read: number;
  /** After which key it goes on; from its beginning if absent. */
  readonly key?: Item;
}

/** The same for the same statement with the same parameters. */
export const digestOf = ({ Statement, Parameters }: StatementInput, accountId: string): string =>
  hash('sha256', JSON.stringify([accountId, Statement, Parameters]), 'base64url').slice(0, 16);

export const tokenOf = ({ read, key }: Position, digest: string): string =>
  Buffer.from(JSON.stringify([digest, read, key])).toString('base64url');

/** @throws InvalidInput when it is no token of this statement */
export function positionIn(token: string | undefined, digest: string): Position {
  if (token === undefined) return { read: 0 };
  const parts = parsed(token);
  if (!Array.isArray(parts) || typeof parts[0] !== 'string' || !Number.isSafeInteger(parts[1]) || parts[1] < 0)
    throw invalidToken();
  const [of, read, key] = parts as [string, number, unknown];
  if (of !== digest) throw new InvalidInput('NextToken does not match request');
  return key === null || key === undefined ? { read } : { read, key: validOr(() => checkedItem(key)) };
}

/** What a token says is looked at like anything else that comes from outside. @throws InvalidInput */
export function validOr<Value>(look: () => Value): Value {
  try {
    return look();
  } catch (error) {
    throw error instanceof InvalidInput ? invalidToken() : error;
  }
}

const invalidToken = () => new InvalidInput('Invalid NextToken');

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
