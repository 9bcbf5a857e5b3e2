/**
 * Backups and restores, in steps that each are one command. A backup is a copy of each partition within its cell, and a
 * restored table has its partitions where those of its source were: nothing goes through the log but the steps.
 */
import type { AppliersOf } from './applier.ts';
import { recordOf } from './apply-moves.ts';
import type { RestoreSource } from './commands.ts';
import { Image } from './image.ts';
import type { StoredPartition } from './partition-table.ts';
import { itemsAt, type Piece } from './past-items.ts';
import { accepted, refuse } from './result.ts';
import { storeChange } from './store-change.ts';
import { rangeOfHashes } from './stored-keys.ts';
import { partitionAt, type StoreTables } from './tables.ts';

/** Bytes of items that one step copies, beyond the first item. */
const STEP_BYTES = 4 * 1024 * 1024;
/** How long after a step of a restore its source keeps what it needs, in ms of log time. */
const PINNED_MS = 10 * 60 * 1000;

export const applyBackups: AppliersOf<'BackUpItems' | 'DropBackup' | 'RestoreItems'> = {
  BackUpItems(tables, { backup, partition, limit }) {
    const at = partitionAt(tables, partition);
    const { low } = rangeOfHashes(at.from, at.to);
    const from = tables.backups.filledUpTo(backup, partition);
    if (from === null) return accepted({ isMore: false, count: 0 });
    const items = tables.items.after(partition, from ?? low, limit, STEP_BYTES);
    tables.backups.add(backup, partition, items);
    return accepted({ isMore: items.length > 0, count: items.length });
  },

  DropBackup(tables, { backup, limit }) {
    const count = tables.backups.deleteSome(backup, limit);
    return accepted({ isMore: count > 0, count });
  },

  RestoreItems(tables, { partition, source, limit }, context) {
    const at = partitionAt(tables, partition);
    if (!at.isReceiving) return accepted({ isMore: false, count: 0 });
    const { items, last } = pieceOf(tables, at, source, limit, context.now);
    for (const { key, size, item } of items) {
      const stored = tables.items.get(partition, key);
      const before = stored === undefined ? undefined : Image.stored(stored);
      storeChange(tables, { at, key, before, after: Image.stored({ size, item }) }, context, { moved: context.seq });
    }
    const { restoredUpTo: _, ...record } = recordOf(at);
    if (last !== undefined) {
      tables.partitions.put({ ...record, restoredUpTo: Buffer.from(last).toString('hex') });
      return accepted({ isMore: true, count: items.length });
    }
    tables.partitions.put({ ...record, isReceiving: false });
    tables.streams.open(at, context.now);
    return accepted({ isMore: false, count: items.length });
  },
};

/** What the source has next. Nobody lets go of it while a restore goes on. */
function pieceOf(
  tables: StoreTables,
  { from, to, restoredUpTo }: StoredPartition,
  source: RestoreSource,
  limit: number,
  now: number,
): Piece {
  const { low, high } = rangeOfHashes(from, to);
  const after = restoredUpTo === undefined ? low : Buffer.from(restoredUpTo, 'hex');
  const bounds = { limit, bytes: STEP_BYTES };
  if ('backup' in source) {
    if (tables.backups.filledUpTo(source.backup, source.partition) !== null)
      refuse('NotPossible', `Backup ${source.backup} has no copy of partition ${source.partition} here.`);
    const items = tables.backups.after(source.backup, source.partition, after, bounds.limit, bounds.bytes);
    const last = items.at(-1)?.key;
    return { items, ...(last && { last }) };
  }
  const since = tables.history.since(source.partition);
  if (since === undefined) return refuse('NotPossible', `Partition ${source.partition} has no history here.`);
  tables.history.pin(source.partition, now + PINNED_MS);
  // It was judged by the history as it was a moment ago.
  return itemsAt(tables, source.partition, { low: after, high }, Math.max(source.at, since), bounds);
}
