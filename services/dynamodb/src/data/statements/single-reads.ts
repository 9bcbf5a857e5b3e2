/** SELECT of one item by its whole key, as batches and transactions have it. */
import { checkKey, InvalidInput, type Item, keyOf, type Projection, selectionOf } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import type { ItemDeps } from '../cells.ts';
import { usableTable } from '../current-map.ts';
import type { GivenSelect } from './read-statement.ts';

export interface SingleRead {
  readonly table: TableRecord;
  readonly key: Item;
  readonly projection: Projection | undefined;
}

/** @param operation which one asks, for its message @throws InvalidInput, AwsError when there is no such table */
export async function singleRead(
  deps: ItemDeps,
  call: Call,
  { statement, parameters }: GivenSelect,
  operation: string,
): Promise<SingleRead> {
  const table = await usableTable(deps, call, statement.target.table);
  const { key, rest } = keyOf(statement.where, table.schema, parameters);
  if (key === undefined || rest.length > 0 || statement.target.index !== undefined)
    throw new InvalidInput(`Select statements within ${operation} must specify the primary key in the where clause.`);
  checkKey(key, table.schema);
  return { table, key, projection: selectionOf(statement) };
}
