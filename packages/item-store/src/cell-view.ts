/** The view of a cell's tables. */
import type { Item } from '@stormglass/items';
import type { SqliteState } from '@stormglass/replicated-state';
import type { GoneItem, MovedItem } from './commands.ts';
import { Cursor } from './cursor.ts';
import type { PartitionHeat } from './heat.ts';
import { EXPIRED_MAX_SECONDS } from './index-rules.ts';
import type { StoredItem } from './item-table.ts';
import type { MovedKey } from './move-table.ts';
import type { Counts, IndexCounts, Partition } from './partition.ts';
import type { StoredPartition } from './partition-table.ts';
import { collectionOf, hashOf, rangeOfHashes, storedKey, timeKey } from './stored-keys.ts';
import type { KeptShard, Shard, StreamRecord } from './stream-table.ts';
import type { StoreTables } from './tables.ts';
import type { DecidedTransaction, PreparedTransaction } from './transaction-table.ts';
import {
  type CursorQuery,
  type HandOver,
  type ItemStoreView,
  type MovedChanges,
  MovedError,
  type PastView,
  type ReadItem,
  type RowPosition,
} from './view.ts';

export class CellView implements ItemStoreView {
  readonly #stored: SqliteState;
  readonly #tables: StoreTables;
  readonly past: PastView;

  constructor(stored: SqliteState, tables: StoreTables) {
    this.#stored = stored;
    this.#tables = tables;
    this.past = {
      copy: (backup, partition) => tables.backups.get(backup, partition),
      backups: () => tables.backups.numbers(),
      restorableSince: partition => tables.history.since(partition),
    };
  }

  partitions(): Partition[] {
    return this.#tables.partitions.all();
  }

  partition(id: number): Partition | undefined {
    return this.#tables.partitions.get(id);
  }

  get(partition: number, key: Item): ReadItem {
    const at = this.#open(partition);
    const bytes = storedKey(key, at.schema);
    if (bytes === undefined || hashOf(bytes) < at.from || hashOf(bytes) >= at.to) throw moved(partition);
    const found = this.#tables.items.get(partition, bytes);
    const isLocked = this.#tables.transactions.lock(partition, bytes) !== undefined;
    if (found === undefined) return { size: 0, version: this.#tables.indexes.lastDeleted(partition), isLocked };
    return { item: found.item, size: found.size, version: found.version, isLocked };
  }

  position(partition: number, index: number | undefined, key: Item): RowPosition | undefined {
    const at = this.#open(partition);
    const base = storedKey(key, at.schema);
    if (base === undefined) return undefined;
    if (index === undefined) return { key: hex(base), base: hex(base) };
    const definition = at.indexes.find(({ id }) => id === index);
    const own = definition === undefined ? undefined : storedKey(key, definition.schema);
    return own === undefined ? undefined : { key: hex(own), base: hex(base) };
  }

  cursor(query: CursorQuery): Cursor {
    const { partition, from, to } = query;
    const at = this.#open(partition);
    if (from < at.from || to > at.to) throw moved(partition);
    const index = at.indexes.find(({ id }) => id === query.index);
    if (query.index !== undefined && (index === undefined || this.#isFilling(at, index.id))) throw moved(partition);
    return new Cursor(this.#stored, query, query.isWhole === true || index?.projection === 'ALL');
  }

  counts(partition: number): Counts {
    return this.#tables.indexes.counts(partition);
  }

  indexCounts(partition: number): IndexCounts[] {
    return this.#tables.indexes.indexCounts(partition);
  }

  collectionBytes(partition: number, key: Item): number {
    const bytes = storedKey(key, this.#open(partition).schema);
    return bytes === undefined ? 0 : this.#tables.collections.bytes(partition, collectionOf(bytes));
  }

  handOver(partition: number, after: Uint8Array | undefined, limit: number, bytes: number): HandOver | undefined {
    const at = this.#open(partition);
    if (at.movingFrom === undefined) return undefined;
    const { low } = rangeOfHashes(at.movingFrom, at.to);
    const found = this.#tables.items.after(partition, after ?? low, limit, bytes);
    const last = found.at(-1);
    return { items: found.map(movedItem), ...(last === undefined ? {} : { after: last.key }) };
  }

  movedChanges(partition: number, after: MovedKey = NO_KEY, limit: number, bytes: number): MovedChanges {
    const items: MovedItem[] = [];
    const gone: GoneItem[] = [];
    let last: MovedKey | undefined;
    let left = bytes;
    for (const { key, version } of this.#tables.moves.after(partition, after, limit)) {
      const stored = this.#tables.items.get(partition, key);
      left -= stored?.size ?? 0;
      if (left < 0 && last !== undefined) break;
      if (stored === undefined) gone.push({ key: hex(key), version });
      else items.push(movedItem(stored));
      last = { key, version };
    }
    return { items, gone, ...(last === undefined ? {} : { after: last }) };
  }

  isHeld(partition: number): boolean {
    const { movingFrom, to } = this.#open(partition);
    if (movingFrom === undefined) return false;
    return this.#tables.transactions.hasLocksFrom(partition, rangeOfHashes(movingFrom, to).low);
  }

  heat(partition: number, now: number): PartitionHeat {
    return this.#tables.heat.of(this.#open(partition), now);
  }

  hasExpired(partition: number, now: number): boolean {
    const { timeToLive } = this.#open(partition);
    if (timeToLive === undefined) return false;
    const seconds = Math.floor(now / 1000);
    const low = timeKey(Math.max(0, seconds - EXPIRED_MAX_SECONDS));
    return this.#tables.indexes.firstBases(partition, timeToLive.id, low, timeKey(seconds + 1), 1).length > 0;
  }

  hasGarbage(): boolean {
    return this.#tables.partitions.firstGarbage() !== undefined;
  }

  hasOld(now: number): boolean {
    return (
      this.#tables.transactions.hasOld(now) || this.#tables.streams.hasOld(now) || this.#tables.history.hasOld(now)
    );
  }

  prepared(until: number, limit: number): PreparedTransaction[] {
    return this.#tables.transactions.preparedUntil(until, limit);
  }

  decision(transaction: string): DecidedTransaction | undefined {
    return this.#tables.transactions.decision(transaction);
  }

  committed(until: number, limit: number): DecidedTransaction[] {
    return this.#tables.transactions.committedUntil(until, limit);
  }

  shards(stream?: number): Shard[] {
    return this.#tables.streams.shards(stream);
  }

  shard(partition: number, stream: number, first: number): KeptShard | undefined {
    return this.#tables.streams.shard(partition, stream, first);
  }

  oldestRecord(partition: number, stream: number): number | undefined {
    return this.#tables.streams.oldest(partition, stream);
  }

  records(partition: number, stream: number, from: number, limit: number, bytes: number): StreamRecord[] {
    return this.#tables.streams.records(partition, stream, from, limit, bytes);
  }

  #isFilling({ id }: StoredPartition, index: number): boolean {
    return this.#tables.indexes.filledUpTo(id, index) !== undefined;
  }

  #open(partition: number): StoredPartition {
    const at = this.#tables.partitions.get(partition);
    if (at === undefined || at.isReceiving) throw moved(partition);
    return at;
  }
}

/** Before all keys. */
const NO_KEY: MovedKey = { key: Buffer.alloc(0), version: -1 };

const movedItem = ({ item, version }: StoredItem): MovedItem => ({ item: JSON.parse(item) as Item, version });

const hex = (key: Buffer): string => key.toString('hex').toUpperCase();

const moved = (partition: number): MovedError => new MovedError(`partition ${partition} does not have these keys here`);
