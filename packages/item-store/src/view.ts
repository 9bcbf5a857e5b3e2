/** Read access to a cell: synchronous, through the order of keys each, in pages. Valid between two applies. */
import type { Item } from '@stormglass/items';
import type { BackupCopy } from './backup-table.ts';
import type { GoneItem, MovedItem } from './commands.ts';
import type { Cursor } from './cursor.ts';
import type { PartitionHeat } from './heat.ts';
import type { MovedKey } from './move-table.ts';
import type { Counts, IndexCounts, Partition } from './partition.ts';
import type { StoredRange } from './stored-keys.ts';
import type { KeptShard, Shard, StreamRecord } from './stream-table.ts';
import type { DecidedTransaction, PreparedTransaction } from './transaction-table.ts';

/** An item as a read finds it, or that there is none. */
export interface ReadItem {
  /** JSON text; absent when there is no item. */
  readonly item?: string;
  /** In bytes; 0 when there is no item. */
  readonly size: number;
  /**
   * Two reads of the same partition with the same version found the same. That of an item that is not there changes
   * whenever one of the partition is deleted.
   */
  readonly version: number;
  /** A transaction over several cells may be about to change it. */
  readonly isLocked: boolean;
}

/** A place between two rows: after this one, in the direction of the read. */
export interface RowPosition {
  /** In hexadecimal, whose order is that of the bytes. */
  readonly key: string;
  /** The key in the table, of a row of an index; the same as `key` of a row of the table. */
  readonly base: string;
}

export interface CursorQuery extends StoredRange {
  readonly partition: number;
  /** Number of the index; the table if absent. */
  readonly index?: number;
  readonly isReverse?: boolean;
  readonly after?: RowPosition;
  /** All attributes of the items, where the index does not project them. */
  readonly isWhole?: boolean;
  /**
   * The hashes that the partition has in the map of the caller: rows of others are left out, and the read is refused when
   * the partition has not all of them.
   */
  readonly from: number;
  readonly to: number;
  /** Rows that will be asked for, as far as it is known: more are not read ahead. */
  readonly limit?: number;
}

/** Copies and histories of partitions. */
export interface PastView {
  /** The copy of a partition for a backup, as far as it is made. */
  copy(backup: number, partition: number): BackupCopy | undefined;
  /** Numbers of the backups that have copies here. */
  backups(): number[];
  /** The first moment that a partition can be restored to, in ms of log time; undefined when it keeps no history. */
  restorableSince(partition: number): number | undefined;
}

export interface HandOver {
  readonly items: readonly MovedItem[];
  /** Where the next piece begins; undefined at the end. */
  readonly after?: Uint8Array;
}

/** What changed of items that are being moved, by now. */
export interface MovedChanges {
  readonly items: readonly MovedItem[];
  readonly gone: readonly GoneItem[];
  /** Where the next piece begins; undefined when nothing has changed since `after`. */
  readonly after?: MovedKey;
}

export interface ItemStoreView {
  readonly past: PastView;
  /** All partitions of the cell, by number. */
  partitions(): Partition[];
  partition(id: number): Partition | undefined;
  /** @throws MovedError when the partition does not have this key */
  get(partition: number, key: Item): ReadItem;
  /** Where a read goes on, from a `LastEvaluatedKey`, in a table or index. Undefined when the key lacks something. */
  position(partition: number, index: number | undefined, key: Item): RowPosition | undefined;
  /** @throws MovedError, also when there is no such index, or not yet */
  cursor(query: CursorQuery): Cursor;
  counts(partition: number): Counts;
  indexCounts(partition: number): IndexCounts[];
  /** Bytes of the item collection that this key is of; 0 in tables without local indexes. */
  collectionBytes(partition: number, key: Item): number;

  /** Items that are being moved, in the order of keys. Undefined when nothing is. */
  handOver(partition: number, after: Uint8Array | undefined, limit: number, bytes: number): HandOver | undefined;
  /** What changed of them since `BeginMove`, in the order in which it did: at most `limit`, and beyond the first `bytes`. */
  movedChanges(partition: number, after: MovedKey | undefined, limit: number, bytes: number): MovedChanges;
  /** Whether transactions hold items that are being moved. */
  isHeld(partition: number): boolean;
  /** How much the partition was written lately, at a log time in ms; nothing that replicas need to agree on. */
  heat(partition: number, now: number): PartitionHeat;
  /** Whether `ExpireItems` would find any at this time, in ms. */
  hasExpired(partition: number, now: number): boolean;
  /** Whether `CollectGarbage` has rows of dropped partitions and indexes to remove. */
  hasGarbage(): boolean;
  /** Whether `CollectGarbage` would remove what was kept long enough at this time, in ms: records, requests, aborts. */
  hasOld(now: number): boolean;

  /** Transactions prepared up to a log time and not finished, the oldest first. */
  prepared(until: number, limit: number): PreparedTransaction[];
  decision(transaction: string): DecidedTransaction | undefined;
  /** Commits up to a log time that were not forgotten, the oldest first. */
  committed(until: number, limit: number): DecidedTransaction[];

  /** Those of all streams, unless one is named. */
  shards(stream?: number): Shard[];
  /** A shard by what names it. */
  shard(partition: number, stream: number, first: number): KeptShard | undefined;
  /** The number of the oldest record that can be read, or of the next one; undefined when there is no such stream. */
  oldestRecord(partition: number, stream: number): number | undefined;
  /** Records from a number on: at most `limit`, and beyond the first at most `bytes`. */
  records(partition: number, stream: number, from: number, limit: number, bytes: number): StreamRecord[];
}

/** The map of partitions that the caller used is not, or no longer, right. */
export class MovedError extends Error {
  override readonly name = 'MovedError';
}
