/** Stores the change of one item in everything that follows from it: indexes, counts, collections, streams. */
import { equalValues, keyItem } from '@stormglass/items';
import type { ApplyContext } from '@stormglass/replicated-state';
import type { Image } from './image.ts';
import { type IndexChange, indexChanges } from './index-changes.ts';
import { TABLE } from './index-table.ts';
import type { StoredPartition } from './partition-table.ts';
import { collectionOf, hashOf } from './stored-keys.ts';
import type { StoreTables } from './tables.ts';

export interface ItemChange {
  readonly at: StoredPartition;
  readonly key: Uint8Array;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
  /** What `indexChanges` says, where it was asked before. */
  readonly changes?: readonly IndexChange[];
}

export interface ChangeOptions {
  /** Of the time to live. */
  readonly byService?: boolean;
  /** The item itself does not change, only where it is: the version that it has there, or that it goes. */
  readonly moved?: number | 'away';
}

export function storeChange(
  tables: StoreTables,
  change: ItemChange,
  context: ApplyContext,
  { byService = false, moved }: ChangeOptions = {},
): void {
  const { at, key, before, after } = change;
  if (before?.text === after?.text) return;
  if (at.recoveryMs !== undefined && !at.isReceiving)
    tables.history.add(at.id, key, before, context, moved !== undefined);
  storeItem(tables, change, context, moved);
  const changes = change.changes ?? indexChanges(at, before, after);
  for (const each of changes) storeEntry(tables, at, key, each);
  if (at.hasLocalIndexes) {
    const collection = collectionOf(key);
    const bytes = tables.collections.bytes(at.id, collection) + collectionGrowth(before, after, changes);
    tables.collections.set(at.id, collection, bytes);
  }
  if (at.stream === undefined || moved !== undefined || isUnchanged(before, after)) return;
  const keys = JSON.stringify(keyItem((after ?? before)!.item, at.schema));
  tables.streams.add(at.id, at.stream, { keys, before: before?.text, after: after?.text, byService }, context.now);
}

/** By how many bytes the item's collection grows. */
export function collectionGrowth(
  before: Image | undefined,
  after: Image | undefined,
  changes: readonly IndexChange[],
): number {
  let bytes = (after?.size ?? 0) - (before?.size ?? 0);
  for (const { rules, before, after } of changes)
    if (rules.definition?.isLocal === true) bytes += (after?.size ?? 0) - (before?.size ?? 0);
  return bytes;
}

function storeItem(
  tables: StoreTables,
  { at, key, before, after }: ItemChange,
  { seq }: ApplyContext,
  moved: ChangeOptions['moved'],
): void {
  if (at.movingFrom !== undefined && hashOf(key) >= at.movingFrom) tables.moves.note(at.id, key, seq);
  if (after === undefined) {
    tables.items.delete(at.id, key);
    tables.indexes.countDeleted(at.id, before!.size, seq);
    return;
  }
  tables.items.put(at.id, {
    key,
    version: moved === undefined || moved === 'away' ? seq : moved,
    size: after.size,
    item: after.text,
  });
  tables.indexes.count(at.id, TABLE, before === undefined ? 1 : 0, after.size - (before?.size ?? 0));
}

function storeEntry(
  tables: StoreTables,
  { id }: StoredPartition,
  base: Uint8Array,
  { rules, before, after, isSameKey }: IndexChange,
): void {
  if (before !== undefined && !isSameKey) tables.indexes.delete(id, rules.id, before.key, base);
  if (after === undefined) return;
  // Of a whole item an entry knows but its size.
  const isKept = isSameKey && after.item === null && after.size === before!.size;
  if (!isKept) tables.indexes.put(id, rules.id, base, after);
}

/** The same attributes in another order are no change. */
const isUnchanged = (before: Image | undefined, after: Image | undefined): boolean =>
  before !== undefined && after !== undefined && equalValues({ M: before.item }, { M: after.item });
