/** Writes of items that stand alone: each in the cell that has its partition. */
import type { CheckItem, Refusal, Write, Written } from '@stormglass/item-store';
import { type Item, keyItem } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { executeIn, type ItemDeps, placeOf } from './cells.ts';
import { usableTable, withCurrentMap } from './current-map.ts';
import { refusalError } from './errors.ts';

type Unplaced<W> = W extends unknown ? Omit<W, 'partition'> : never;

/** A write whose partition is still to be found. */
export type ItemWrite = Unplaced<Write>;

/** Besides writes, transactions have checks. */
export type ItemAction = Unplaced<Write | CheckItem>;

/** What a write says of the item that it is about: its key, or for a put all of it. */
export const itemOf = (write: ItemAction): Item => (write.op === 'put' ? write.item : write.key);

/** The cell that a write goes to, and the write as it goes there. */
export function placed(table: TableRecord, write: ItemWrite): { readonly cell: number; readonly write: Write };
export function placed(
  table: TableRecord,
  write: ItemAction,
): { readonly cell: number; readonly write: Write | CheckItem };
export function placed(table: TableRecord, write: ItemAction) {
  const { id, cell } = placeOf(table, itemOf(write));
  return { cell, write: { ...write, partition: id } };
}

export interface Done {
  readonly table: TableRecord;
  readonly key: Item;
  readonly written: Written;
}

/**
 * Carries out one write in the table of that name. `make` is given the table, and throws when the write does not suit it.
 *
 * @throws AwsError, InvalidInput, LogUnavailable
 */
export function writeOne(
  deps: ItemDeps,
  call: Call,
  tableName: string,
  make: (table: TableRecord) => ItemWrite,
): Promise<Done> {
  return withCurrentMap(deps, call, async attempt => {
    const table = await usableTable(deps, call, tableName);
    const write = make(table);
    const { cell, write: at } = placed(table, write);
    const command = { type: 'WriteItems', writes: [at] } as const;
    const [result] = await executeIn(deps, cell, call, command, `${attempt}`);
    return { table, key: keyItem(itemOf(write), table.schema)!, written: accepted(result!) };
  });
}

function accepted(result: Written | Refusal): Written {
  if (!result.ok) throw refusalError(result);
  return result;
}
