/**
 * The splitting of a partition. Its upper half is frozen; a partition in another cell, which nobody reads yet, receives
 * the items in pieces and is opened; the map of partitions changes; the lower half lets go of the rest.
 */
import type { AppliersOf } from './applier.ts';
import { Image } from './image.ts';
import type { Partition } from './partition.ts';
import type { StoredPartition } from './partition-table.ts';
import { accepted, refuse } from './result.ts';
import { storeChange } from './store-change.ts';
import { hashOf, rangeOfHashes, storedKey } from './stored-keys.ts';
import { partitionAt } from './tables.ts';

type MoveType = 'FreezePartition' | 'ReceiveItems' | 'OpenPartition' | 'ShrinkPartition';

export const applyMoves: AppliersOf<MoveType> = {
  FreezePartition(tables, { partition, from }) {
    const { frozenFrom: _, ...rest } = recordOf(partitionAt(tables, partition));
    if (from !== null && (rest.isReceiving || from <= rest.from || from >= rest.to))
      refuse('NotPossible', `Partition ${partition} cannot be frozen from ${from} on.`);
    tables.partitions.put(from === null ? rest : { ...rest, frozenFrom: from });
    return accepted(null);
  },

  ReceiveItems(tables, { partition, items }, context) {
    const at = partitionAt(tables, partition);
    if (!at.isReceiving) refuse('NotPossible', `Partition ${partition} is open.`);
    for (const item of items) {
      const key = storedKey(item, at.schema);
      if (key === undefined || hashOf(key) < at.from || hashOf(key) >= at.to) continue;
      const stored = tables.items.get(partition, key);
      const before = stored === undefined ? undefined : Image.stored(stored);
      storeChange(tables, { at, key, before, after: Image.of(item) }, context, { isMove: true });
    }
    return accepted(null);
  },

  OpenPartition(tables, { partition, firstRecord }, { now }) {
    const at = partitionAt(tables, partition);
    if (!at.isReceiving) return accepted(null);
    tables.partitions.put({ ...recordOf(at), isReceiving: false });
    tables.streams.open(at, now, { isChild: true, ...(firstRecord === undefined ? {} : { first: firstRecord }) });
    return accepted(null);
  },

  ShrinkPartition(tables, { partition }, { now }) {
    const at = partitionAt(tables, partition);
    const { frozenFrom, ...rest } = recordOf(at);
    if (frozenFrom === undefined) return accepted(null);
    const { low } = rangeOfHashes(frozenFrom, at.to);
    if (tables.transactions.hasLocksFrom(partition, low))
      refuse('NotPossible', `Transactions hold items of partition ${partition} that are frozen.`);
    tables.partitions.put({ ...rest, to: frozenFrom });
    tables.partitions.addGarbage({ partition, above: low });
    // Those who read the other half's records read all of this shard before.
    tables.streams.close(partition, now);
    tables.streams.open({ ...at, to: frozenFrom }, now, { isChild: true });
    return accepted(null);
  },
};

/** What of a partition is stored. */
function recordOf({
  rules: _rules,
  hasLocalIndexes: _has,
  indexesByName: _byName,
  ...partition
}: StoredPartition): Partition {
  return partition;
}
