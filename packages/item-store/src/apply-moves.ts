/**
 * The splitting of a partition while it is written. A partition in another cell, which nobody reads yet, receives the items
 * of the upper half in pieces, and then what has changed of them meanwhile; at last the upper half is frozen for a moment,
 * the rest follows, the other partition is opened, the map of partitions changes, and the lower half lets go of the rest.
 */
import type { ApplyContext } from '@stormglass/replicated-state';
import type { AppliersOf } from './applier.ts';
import type { GoneItem, MovedItem } from './commands.ts';
import { Image } from './image.ts';
import type { Partition } from './partition.ts';
import type { StoredPartition } from './partition-table.ts';
import { accepted, refuse } from './result.ts';
import { storeChange } from './store-change.ts';
import { hashOf, rangeOfHashes, storedKey } from './stored-keys.ts';
import { partitionAt, type StoreTables } from './tables.ts';

type MoveType = 'BeginMove' | 'FreezePartition' | 'ReceiveItems' | 'OpenPartition' | 'ShrinkPartition';

export const applyMoves: AppliersOf<MoveType> = {
  BeginMove(tables, { partition, from }) {
    const at = recordOf(partitionAt(tables, partition));
    if (at.movingFrom === from) return accepted(null);
    checkHalves(at, from);
    if (at.movingFrom !== undefined) refuse('NotPossible', `Partition ${partition} is being split elsewhere.`);
    tables.partitions.put({ ...at, movingFrom: from });
    return accepted(null);
  },

  FreezePartition(tables, { partition, from }) {
    const { frozenFrom: _, movingFrom, ...rest } = recordOf(partitionAt(tables, partition));
    if (from === null) {
      tables.moves.clear(partition);
      tables.partitions.put(rest);
      return accepted(null);
    }
    checkHalves(rest, from);
    if (movingFrom !== undefined && movingFrom !== from)
      refuse('NotPossible', `Partition ${partition} is being split elsewhere.`);
    tables.partitions.put({ ...rest, movingFrom: from, frozenFrom: from });
    return accepted(null);
  },

  ReceiveItems(tables, { partition, items, gone = [] }, context) {
    const at = partitionAt(tables, partition);
    if (!at.isReceiving) refuse('NotPossible', `Partition ${partition} is open.`);
    for (const each of items) receive(tables, at, each, context);
    for (const each of gone) remove(tables, at, each, context);
    return accepted(null);
  },

  OpenPartition(tables, { partition, firstRecord }, { now }) {
    const at = partitionAt(tables, partition);
    if (!at.isReceiving) return accepted(null);
    tables.moves.clear(partition);
    tables.partitions.put({ ...recordOf(at), isReceiving: false });
    tables.streams.open(at, now, { isChild: true, ...(firstRecord === undefined ? {} : { first: firstRecord }) });
    return accepted(null);
  },

  ShrinkPartition(tables, { partition }, { now }) {
    const at = partitionAt(tables, partition);
    const { frozenFrom, movingFrom: _, ...rest } = recordOf(at);
    if (frozenFrom === undefined) return accepted(null);
    const { low } = rangeOfHashes(frozenFrom, at.to);
    if (tables.transactions.hasLocksFrom(partition, low))
      refuse('NotPossible', `Transactions hold items of partition ${partition} that are frozen.`);
    tables.moves.clear(partition);
    tables.partitions.put({ ...rest, to: frozenFrom });
    tables.partitions.addGarbage({ partition, above: low });
    // Those who read the other half's records read all of this shard before.
    tables.streams.close(partition, now);
    tables.streams.open({ ...at, to: frozenFrom }, now, { isChild: true });
    return accepted(null);
  },
};

function checkHalves({ id, from, to, isReceiving }: Partition, at: number): void {
  if (isReceiving || at <= from || at >= to) refuse('NotPossible', `Partition ${id} cannot be split at ${at}.`);
}

/**
 * Versions of another cell are kept as negative numbers, apart from those of this one. All that an item had before it came
 * to the other cell is older than what it had there.
 */
const receivedVersion = (version: number): number => -1 - Math.max(0, version);

function isNewer(tables: StoreTables, at: StoredPartition, key: Uint8Array, version: number): boolean {
  const known = tables.items.get(at.id, key)?.version ?? 0;
  const gone = tables.moves.version(at.id, key) ?? -1;
  return receivedVersion(version) < known && Math.max(0, version) > gone;
}

function receive(tables: StoreTables, at: StoredPartition, { item, version }: MovedItem, context: ApplyContext): void {
  const key = storedKey(item, at.schema);
  if (key === undefined || !isOf(at, key) || !isNewer(tables, at, key, version)) return;
  const stored = tables.items.get(at.id, key);
  const before = stored === undefined ? undefined : Image.stored(stored);
  const after = Image.of(item);
  const moved = receivedVersion(version);
  if (stored?.item === after.text) tables.items.put(at.id, { ...stored, key, version: moved });
  else storeChange(tables, { at, key, before, after }, context, { moved });
}

function remove(
  tables: StoreTables,
  at: StoredPartition,
  { key: hex, version }: GoneItem,
  context: ApplyContext,
): void {
  const key = Buffer.from(hex, 'hex');
  if (!isOf(at, key) || !isNewer(tables, at, key, version)) return;
  tables.moves.note(at.id, key, version);
  const stored = tables.items.get(at.id, key);
  if (stored === undefined) return;
  storeChange(tables, { at, key, before: Image.stored(stored), after: undefined }, context, { moved: 'away' });
}

const isOf = ({ from, to }: StoredPartition, key: Uint8Array): boolean => hashOf(key) >= from && hashOf(key) < to;

/** What of a partition is stored. */
export function recordOf({
  rules: _rules,
  hasLocalIndexes: _has,
  indexesByName: _byName,
  ...partition
}: StoredPartition): Partition {
  return partition;
}
