/** INSERT, UPDATE and DELETE as the writes that they are. */
import { AwsError } from '@stormglass/aws-wire';
import { checkItemKey, checkKey, type WriteStatement, writeOf } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import type { ItemDeps } from '../cells.ts';
import { type Done, type ItemAction, type ItemWrite, writeOne } from '../write-items.ts';
import type { GivenStatement } from './given-statement.ts';

/** EXISTS writes nothing, and goes with writes in transactions. */
export type GivenWrite = Pick<GivenStatement, 'parameters'> & { readonly statement: WriteStatement };

/** A write that stands alone. */
export type GivenChange = Pick<GivenStatement, 'parameters'> & {
  readonly statement: Exclude<WriteStatement, { kind: 'exists' }>;
};

/** The statement's words for what is the matter with an item that is there already. */
export const DUPLICATE = { code: 'DuplicateItemException', message: 'Duplicate primary key exists in table' } as const;

/** The write, for this table. @throws InvalidInput */
export function writeIn(
  { statement, parameters }: GivenWrite,
  { schema }: TableRecord,
  isItemShown = false,
): ItemAction {
  const write = writeOf(statement, schema, parameters);
  if (write.op === 'put') checkItemKey(write.item, schema);
  else checkKey(write.key, schema);
  return { ...write, ...(isItemShown && { returnOnFailure: true }) };
}

/**
 * Carries out one write.
 *
 * @param isItemShown whether a failed condition shows the item
 * @throws AwsError, InvalidInput, LogUnavailable
 */
export async function writeStatement(
  deps: ItemDeps,
  call: Call,
  given: GivenChange,
  isItemShown: boolean,
): Promise<Done> {
  const { kind, target } = given.statement;
  try {
    return await writeOne(deps, call, target.table, table => writeIn(given, table, isItemShown) as ItemWrite);
  } catch (error) {
    const isThere = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
    if (kind === 'insert' && isThere) throw new AwsError(DUPLICATE.code, 400, DUPLICATE.message);
    throw error;
  }
}
