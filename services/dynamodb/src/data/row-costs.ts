/** What Query and Scan take from the budgets of the partitions that they read. */
import type { Page, Row, RowPosition } from '@stormglass/item-store';
import { type Item, itemSize } from '@stormglass/items';
import { type PartitionPlace, partitionOf } from '@stormglass/table-catalogue';
import { readUnits } from './capacity.ts';
import type { ReadBudgets, ReadPlace } from './read-budgets.ts';
import type { Target } from './read-target.ts';

interface Reading {
  readonly target: Target;
  readonly partitions: readonly PartitionPlace[];
  readonly after: RowPosition | undefined;
  readonly isStrong: boolean;
  readonly isWhole: boolean;
}

/** @throws AwsError when a partition that must be read first is exhausted; of a global index that is any of them */
export function checkRowBudgets(budgets: ReadBudgets, { target, partitions, after }: Reading): void {
  const index = globalOf(target);
  const table = target.table;
  if (index !== undefined) for (const place of partitions) budgets.check({ table, place, index });
  else {
    const from = after === undefined ? 0 : hashOf(after);
    const place = partitions.find(each => each.to > from);
    if (place !== undefined) budgets.check({ table, place });
  }
}

/** A page is paid for as one read, by each partition for what it gave. */
export function takeRows(budgets: ReadBudgets, { rows, size }: Page, reading: Reading): void {
  const { target, partitions, isStrong, isWhole } = reading;
  const { table } = target;
  const index = globalOf(target);
  if ((index ?? table).throughput.read === 0) return;
  const units = readUnits(size, isStrong);
  const [first] = partitions;
  if (first === undefined) return;
  const shares = new Map<PartitionPlace, number>(rows.length === 0 ? [[first, 1]] : []);
  for (const row of rows) {
    const place = partitions.length === 1 ? first : partitionOf(table, hashOf(row));
    const share = size === 0 ? 1 / rows.length : row.size / size;
    shares.set(place, (shares.get(place) ?? 0) + share);
    if (isWhole) budgets.take({ table, place }, wholeUnits(row, isStrong));
  }
  for (const [place, share] of shares) budgets.take({ table, place, ...(index && { index }) }, units * share);
}

const wholeUnits = ({ item }: Row, isStrong: boolean): number =>
  readUnits(itemSize(JSON.parse(item) as Item), isStrong);

/** Local indexes are paid for by their table. */
const globalOf = ({ table, index }: Target): ReadPlace['index'] =>
  index === undefined || index.isLocal ? undefined : table.globals.find(({ id }) => id === index.record.id);

/** Keys of the table begin with it (`stored-keys.ts`). */
const hashOf = ({ base }: RowPosition): number => Number.parseInt(base.slice(0, 8), 16);
