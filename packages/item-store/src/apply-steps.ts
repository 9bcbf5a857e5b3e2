/** Work that grows with the number of items, in steps that each are one command. */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { AppliersOf } from './applier.ts';
import { Image } from './image.ts';
import { EXPIRED_MAX_SECONDS } from './index-rules.ts';
import type { Garbage, StoredPartition } from './partition-table.ts';
import { accepted } from './result.ts';
import { storeChange } from './store-change.ts';
import { hashOf, timeKey } from './stored-keys.ts';
import { partitionAt, type StoreTables } from './tables.ts';

/** Bytes of items that one step reads, beyond the first item. */
const STEP_BYTES = 4 * 1024 * 1024;

export const applySteps: AppliersOf<'BackfillIndex' | 'ExpireItems' | 'CollectGarbage'> = {
  BackfillIndex(tables, { partition, index, limit }) {
    const at = partitionAt(tables, partition);
    const rules = at.rules.find(({ id }) => id === index);
    const from = tables.indexes.filledUpTo(partition, index);
    if (rules === undefined || from === undefined) return accepted({ isMore: false, count: 0 });
    const items = tables.items.after(partition, from, limit, STEP_BYTES);
    for (const stored of items) {
      const entry = rules.entry(Image.stored(stored).item, stored.size);
      if (entry !== undefined) tables.indexes.put(partition, index, stored.key, entry);
    }
    const last = items.at(-1)?.key ?? null;
    tables.indexes.setFilled(partition, index, last);
    return accepted({ isMore: last !== null, count: items.length });
  },

  ExpireItems(tables, { partition, limit }, context) {
    const at = partitionAt(tables, partition);
    if (at.timeToLive === undefined || at.isReceiving) return accepted({ isMore: false, count: 0 });
    const seconds = Math.floor(context.now / 1000);
    const low = timeKey(Math.max(0, seconds - EXPIRED_MAX_SECONDS));
    const keys = tables.indexes.firstBases(partition, at.timeToLive.id, low, timeKey(seconds + 1), limit);
    let [count, bytes] = [0, 0];
    for (const key of keys) {
      if (bytes >= STEP_BYTES) break;
      const size = expire(tables, at, key, context);
      bytes += size;
      if (size > 0) count++;
    }
    return accepted({ isMore: count > 0 && (keys.length === limit || bytes >= STEP_BYTES), count });
  },

  CollectGarbage(tables, { limit }, { now, seq }) {
    let count =
      tables.transactions.prune(now, limit) + tables.streams.prune(now, limit) + tables.history.prune(now, limit);
    const garbage = tables.partitions.firstGarbage();
    if (garbage !== undefined) {
      const gone = collect(tables, garbage, limit, { now, seq });
      if (gone === 0) tables.partitions.removeGarbage(garbage.id);
      count += gone;
    }
    return accepted({ isMore: count > 0 || garbage !== undefined, count });
  },
};

/** The size of the item that was deleted, or 0: items that are locked or being moved have their turn later. */
function expire(tables: StoreTables, at: StoredPartition, key: Uint8Array, context: ApplyContext): number {
  const stored = tables.items.get(at.id, key);
  const isHeld = hashOf(key) >= (at.frozenFrom ?? at.to) || tables.transactions.lock(at.id, key) !== undefined;
  if (stored === undefined || isHeld) return 0;
  storeChange(tables, { at, key, before: Image.stored(stored), after: undefined }, context, { byService: true });
  return stored.size;
}

/** How many rows went; 0 when nothing is left. */
function collect(tables: StoreTables, garbage: Garbage, limit: number, context: ApplyContext): number {
  const { partition, index, above } = garbage;
  if (index !== undefined) return tables.indexes.deleteSome(partition, index, limit);
  const at = tables.partitions.get(partition);
  if (above !== undefined) return at === undefined ? 0 : collectAbove(tables, at, above, limit, context);
  const gone =
    tables.indexes.deleteSome(partition, undefined, limit) +
    tables.items.deleteSome(partition, limit) +
    tables.collections.deleteSome(partition, limit);
  if (gone === 0) tables.indexes.forget(partition, undefined);
  return gone;
}

function collectAbove(
  tables: StoreTables,
  at: StoredPartition,
  above: Uint8Array,
  limit: number,
  context: ApplyContext,
): number {
  const items = tables.items.after(at.id, above, limit, STEP_BYTES);
  for (const stored of items) {
    const change = { at, key: stored.key, before: Image.stored(stored), after: undefined };
    storeChange(tables, change, context, { moved: 'away' });
  }
  return items.length;
}
