/** Where the items of a table were at a time, and what becomes of that. */
import type { PartitionPlace, Recovery, Restore, TableRecord } from './records.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The first moment that the recovery period reaches back to. */
export const recoverableSince = ({ since, days }: Recovery, now: number): number =>
  Math.max(since, now - days * DAY_MS);

/** The map of partitions as it was: what is asked of a cell is what it had then. */
export function placesAt({ partitions, recovery }: TableRecord, at: number): readonly PartitionPlace[] {
  return recovery?.maps.find(({ until }) => at < until)?.partitions ?? partitions;
}

/** The table before its map changes, which is remembered for as long as somebody may want to go back behind the change. */
export function withPastMap(table: TableRecord, now: number): TableRecord {
  const { recovery, partitions } = table;
  if (recovery === undefined) return table;
  const since = recoverableSince(recovery, now);
  const maps = recovery.maps.filter(({ until }) => until > since);
  return { ...table, recovery: { ...recovery, maps: [...maps, { until: now, partitions }] } };
}

export const finishedRestore = ({ sources: _, ...restore }: Restore): Restore => restore;
