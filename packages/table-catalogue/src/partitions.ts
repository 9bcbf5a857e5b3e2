/** The map of a table's partitions: which hashes are where. */
import type { CreateTable } from './commands.ts';
import { HASHES, PARTITIONS_MAX } from './quotas.ts';
import type { PartitionPlace, TableRecord, Throughput } from './records.ts';
import { invalid } from './result.ts';

/** Where a partition is to be. */
export type Place = Pick<PartitionPlace, 'cell' | 'from' | 'to'>;

/** What one partition gives (Developer Guide, "Partitions and data distribution"). */
const PARTITION_UNITS = { read: 3000, write: 1000 };
/** So that a new table takes 4,000 writes a second (Developer Guide, "Initial throughput and scaling properties"). */
const ON_DEMAND_PARTITIONS = 4;

/**
 * A new table is in one cell, in turn the next one: a cell that fails takes no part of other tables with it, and the writes
 * of one moment share what a batch costs. Other cells get what is split off.
 */
export function firstPartitions({ cells, throughput }: CreateTable, turn: number): Place[] {
  const cell = cells[turn % cells.length]!;
  const count = throughput === undefined ? ON_DEMAND_PARTITIONS : partitionsFor(throughput);
  return Array.from({ length: count }, (_, i) => ({
    cell,
    from: Math.floor((i * HASHES) / count),
    to: Math.floor(((i + 1) * HASHES) / count),
  }));
}

const partitionsFor = ({ read, write }: Throughput): number =>
  Math.min(PARTITIONS_MAX, Math.ceil(read / PARTITION_UNITS.read + write / PARTITION_UNITS.write));

/** The partition that has the items of a hash, from 0 up to, not including, `HASHES`. */
export function partitionOf({ partitions }: Pick<TableRecord, 'partitions'>, hash: number): PartitionPlace {
  let low = 0;
  let high = partitions.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hash < partitions[middle]!.to) high = middle;
    else low = middle + 1;
  }
  return partitions[low]!;
}

/** The partitions with one that begins to be split. @throws Refused when it cannot be */
export function withSplit(
  partitions: readonly PartitionPlace[],
  partition: number,
  split: { readonly at: number; readonly id: number; readonly cell: number },
): PartitionPlace[] {
  const found = partitions.find(({ id }) => id === partition);
  if (found === undefined || found.split !== undefined || split.at <= found.from || split.at >= found.to)
    return invalid(`Partition ${partition} cannot be split at ${split.at}`);
  if (partitions.length >= PARTITIONS_MAX) invalid(`A table cannot have more than ${PARTITIONS_MAX} partitions`);
  return partitions.map(each => (each === found ? { ...found, split } : each));
}

/** The partitions after a split: what was moved is another one's. */
export const afterSplit = (partitions: readonly PartitionPlace[], partition: number): PartitionPlace[] =>
  partitions.flatMap(({ split, ...each }) => {
    if (each.id !== partition || split === undefined) return [{ ...each, ...(split && { split }) }];
    const { at, id, cell } = split;
    return [
      { ...each, to: at },
      { id, cell, from: at, to: each.to },
    ];
  });
