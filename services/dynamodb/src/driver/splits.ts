/**
 * Which partition is to be split next: one that takes more writes than a partition should, or has more bytes. Every replica
 * knows how much is written where, so any zone may say so.
 */
import type { PartitionPlace, SplitPartition, TableRecord } from '@stormglass/table-catalogue';
import type { Cells } from './cell.ts';

/** What one partition may have (Developer Guide, "Partitions and data distribution"). */
export interface PartitionLimits {
  /** Write units a second, for half a minute. */
  readonly writeUnits: number;
  readonly bytes: number;
}

export const PARTITION_LIMITS: PartitionLimits = { writeUnits: 1000, bytes: 10 * 1024 ** 3 };

/** @param now log time in ms */
export function wantedSplit(
  table: TableRecord,
  cells: Cells,
  now: number,
  limits: PartitionLimits,
): SplitPartition | undefined {
  if (table.status !== 'ACTIVE' || table.partitions.some(({ split }) => split !== undefined)) return undefined;
  for (const place of table.partitions) {
    const at = splitAt(place, cells, now, limits);
    if (at === undefined) continue;
    const { accountId, name, id: tableId } = table;
    const about = { type: 'SplitPartition', accountId, name, tableId } as const;
    return { ...about, partition: place.id, at, cell: coldest(place.cell, cells, now) };
  }
  return undefined;
}

function splitAt({ id, cell, from, to }: PartitionPlace, cells: Cells, now: number, limits: PartitionLimits) {
  const view = cells.get(cell)?.view;
  const at = view?.partition(id);
  if (view === undefined || at === undefined || at.isReceiving) return undefined;
  const { perSecond, middle } = view.heat(id, now);
  if (perSecond > limits.writeUnits && middle !== undefined && middle > from) return middle;
  return view.counts(id).bytes > limits.bytes ? from + Math.floor((to - from) / 2) : undefined;
}

/** The cell that is written least, rather another one than its own. */
function coldest(own: number, cells: Cells, now: number): number {
  const heats = [...cells].map(([cell, { view }]) => {
    const open = view.partitions().filter(({ isReceiving }) => !isReceiving);
    return { cell, perSecond: open.reduce((sum, { id }) => sum + view.heat(id, now).perSecond, 0) };
  });
  const others = heats.filter(({ cell }) => cell !== own);
  return others.sort((a, b) => a.perSecond - b.perSecond)[0]?.cell ?? own;
}
