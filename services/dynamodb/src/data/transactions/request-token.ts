/** What makes a TransactWriteItems the same request as an earlier one, and the cell that remembers it. */
import { hash } from 'node:crypto';
import { keyHash, type RequestToken } from '@stormglass/item-store';
import type { Call } from '@stormglass/service-kit';
import type { ItemDeps } from '../cells.ts';

/** @param input the request, whose `ClientRequestToken` is no part of what must be equal */
export function requestTokenOf(
  input: { readonly ClientRequestToken?: string | undefined },
  { accountId, commandId }: Pick<Call, 'accountId' | 'commandId'>,
): RequestToken | undefined {
  const { ClientRequestToken: token = commandId, ...parameters } = input;
  if (token === undefined) return undefined;
  return { token: `${accountId}/${token}`, digest: hash('sha256', JSON.stringify(parameters), 'base64url') };
}

/** The cell that knows whether a request was done: one and the same for a token, whatever items it is about. */
export const homeOf = ({ cells }: Pick<ItemDeps, 'cells'>, { token }: RequestToken): number =>
  cells[keyHash(Buffer.from(token)) % cells.length]!;

/** What the ids of all transactions with a token begin with, and those of no others. */
export const idPrefixOf = ({ token }: RequestToken): string => `${hash('sha256', token, 'base64url').slice(0, 22)}.`;
