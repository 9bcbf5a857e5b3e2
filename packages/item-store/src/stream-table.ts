/**
 * Streams: every change of an item is a record of the partition's shard, in the order of the log. Records are kept for 24
 * hours (Developer Guide, "Change data capture for DynamoDB Streams"), and no more of them than fit `STREAM_BYTES_MAX`.
 *
 * A shard is a range of the records of a partition's stream, which are numbered without gaps. When the partition is split
 * the shard is closed and followed by one of each half, so that readers know what to read first. The records of an item
 * have numbers that grow from shard to shard.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import type { PartitionDefinition, StreamView } from './partition.ts';

export const RECORD_MS = 24 * 60 * 60 * 1000;
/** Bytes of the records of one stream of a partition; beyond them the oldest go early. */
export const STREAM_BYTES_MAX = 256 * 1024 * 1024;
/** What each record takes beside its text. */
const RECORD_BYTES = 64;
/** Old records that go with each new one. */
const TRIMMED = 2;

/** Of a row of `streams`: closed long ago, and none of its records is left. */
const IS_OVER = `closed <= ? AND NOT EXISTS (
  SELECT 1 FROM changes WHERE changes.partition = streams.partition AND changes.stream = streams.stream
  AND changes.seq >= streams.first AND changes.seq < streams.next)`;

export interface Shard {
  readonly partition: number;
  readonly stream: number;
  readonly table: string;
  readonly view: StreamView;
  /** Number of its first record, which names it with the partition and the stream, and the one after its last. */
  readonly first: number;
  readonly next: number;
  /** Log times in ms since the epoch; closed shards get no more records. */
  readonly opened: number;
  readonly closed?: number;
  /** Its records are of items with hashes from `low` up to, not including, `high`. */
  readonly low: number;
  readonly high: number;
  /** It follows another one, which had these hashes and more. */
  readonly isChild: boolean;
}

export interface OpenShard {
  readonly isChild: boolean;
  /** Number of the first record of the partition's stream. */
  readonly first?: number;
}

export interface KeptShard extends Shard {
  /** Number of the oldest record that is kept, or `next`. */
  readonly oldest: number;
}

export interface StreamRecord {
  readonly seq: number;
  /** Log time in ms since the epoch. */
  readonly at: number;
  readonly event: 'INSERT' | 'MODIFY' | 'REMOVE';
  /** The time to live was over: the record is marked as one of the service's. */
  readonly byService: boolean;
  /** JSON texts; images as the view has them. */
  readonly keys: string;
  readonly before?: string;
  readonly after?: string;
  /** In bytes of text. */
  readonly size: number;
}

export interface Change {
  readonly keys: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly byService: boolean;
}

export class StreamTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** Opens a shard, after the last one of the same stream if there is one. */
  open({ id, table, stream, from, to }: PartitionDefinition, now: number, open: OpenShard = { isChild: false }): void {
    if (stream === undefined) return;
    const last = this.#stored
      .statement(
        'SELECT first, next, bytes FROM streams WHERE partition = ? AND stream = ? ORDER BY first DESC LIMIT 1',
      )
      .get(id, stream.id);
    // The number of one that got no records stays its own.
    const next = last === undefined ? (open.first ?? 1) : Math.max(Number(last.first) + 1, Number(last.next));
    this.#stored
      .statement('INSERT INTO streams VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)')
      .run(
        ...[id, stream.id, table, stream.view, next, next, Number(last?.bytes ?? 0), now],
        ...[from, to, open.isChild ? 1 : 0],
      );
  }

  close(partition: number, now: number): void {
    this.#stored.statement('UPDATE streams SET closed = ? WHERE partition = ? AND closed IS NULL').run(now, partition);
  }

  add(
    partition: number,
    { id, view }: { readonly id: number; readonly view: StreamView },
    change: Change,
    now: number,
  ): void {
    const { keys, byService } = change;
    const before = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? (change.before ?? null) : null;
    const after = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES' ? (change.after ?? null) : null;
    const event = change.before === undefined ? 'INSERT' : change.after === undefined ? 'REMOVE' : 'MODIFY';
    const size = RECORD_BYTES + keys.length + (before?.length ?? 0) + (after?.length ?? 0);
    const sql = `UPDATE streams SET next = next + 1, bytes = bytes + ?
      WHERE partition = ? AND stream = ? AND closed IS NULL RETURNING next, bytes`;
    const row = this.#stored.statement(sql).get(size, partition, id);
    this.#stored
      .statement('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(partition, id, Number(row?.next) - 1, now, size, event, byService ? 1 : 0, keys, before, after);
    this.#trim(partition, id, Number(row?.bytes), now, TRIMMED);
  }

  /** Those of all streams, unless one is named. */
  shards(stream?: number): Shard[] {
    const sql = 'SELECT * FROM streams WHERE stream = coalesce(?, stream) ORDER BY partition, stream, first';
    return this.#stored
      .statement(sql)
      .all(stream ?? null)
      .map(shardOf);
  }

  /** A shard by what names it. */
  shard(partition: number, stream: number, first: number): KeptShard | undefined {
    const sql = `SELECT *, coalesce((
        SELECT seq FROM changes WHERE partition = ?1 AND stream = ?2 AND seq >= ?3 AND seq < streams.next
        ORDER BY seq LIMIT 1), next) AS oldest
      FROM streams WHERE partition = ?1 AND stream = ?2 AND first = ?3`;
    const row = this.#stored.statement(sql).get(partition, stream, first);
    return row === undefined ? undefined : { ...shardOf(row), oldest: Number(row.oldest) };
  }

  /** The number of the oldest record that is kept, or of the next one; undefined when there is no such stream. */
  oldest(partition: number, stream: number): number | undefined {
    const sql = `SELECT coalesce((SELECT min(seq) FROM changes WHERE partition = ?1 AND stream = ?2), max(next)) AS seq
      FROM streams WHERE partition = ?1 AND stream = ?2`;
    const seq = this.#stored.statement(sql).get(partition, stream)?.seq ?? null;
    return seq === null ? undefined : Number(seq);
  }

  /** Records from a number on, at most `limit` of them and, beyond the first, `bytes`. */
  records(partition: number, stream: number, from: number, limit: number, bytes: number): StreamRecord[] {
    const records: StreamRecord[] = [];
    const sql = 'SELECT * FROM changes WHERE partition = ? AND stream = ? AND seq >= ? ORDER BY seq LIMIT ?';
    let left = bytes;
    for (const row of this.#stored.statement(sql).iterate(partition, stream, from, limit)) {
      left -= Number(row.size);
      if (left < 0 && records.length > 0) break;
      records.push(recordOf(row));
    }
    return records;
  }

  /** Whether `prune` would let go of any. */
  hasOld(now: number): boolean {
    const sql = `SELECT EXISTS (
        SELECT 1 FROM (SELECT DISTINCT partition, stream FROM streams) AS own WHERE (
          SELECT at FROM changes WHERE changes.partition = own.partition AND changes.stream = own.stream
          ORDER BY seq LIMIT 1) <= ?)
      OR EXISTS (SELECT 1 FROM streams WHERE ${IS_OVER}) AS has`;
    return this.#stored.statement(sql).get(now - RECORD_MS, now - RECORD_MS)?.has === 1;
  }

  /** Lets go of records and shards that are old, at most `limit` of each stream; returns how many. */
  prune(now: number, limit: number): number {
    let count = 0;
    const sql = 'SELECT partition, stream, max(first), bytes FROM streams GROUP BY partition, stream';
    for (const { partition, stream, bytes } of this.#stored.statement(sql).all())
      count += this.#trim(Number(partition), Number(stream), Number(bytes), now, limit);
    const shards = this.#stored.statement(`DELETE FROM streams WHERE ${IS_OVER}`).run(now - RECORD_MS);
    return count + Number(shards.changes);
  }

  #trim(partition: number, stream: number, bytes: number, now: number, limit: number): number {
    const sql = 'SELECT seq, at, size FROM changes WHERE partition = ? AND stream = ? ORDER BY seq LIMIT ?';
    let left = bytes;
    let [last, count] = [0, 0];
    for (const { seq, at, size } of this.#stored.statement(sql).iterate(partition, stream, limit)) {
      if (Number(at) > now - RECORD_MS && left <= STREAM_BYTES_MAX) break;
      left -= Number(size);
      last = Number(seq);
      count++;
    }
    if (count === 0) return 0;
    this.#stored
      .statement('DELETE FROM changes WHERE partition = ? AND stream = ? AND seq <= ?')
      .run(partition, stream, last);
    this.#stored
      .statement(
        `UPDATE streams SET bytes = ?3 WHERE partition = ?1 AND stream = ?2 AND first = (
           SELECT max(first) FROM streams WHERE partition = ?1 AND stream = ?2)`,
      )
      .run(partition, stream, left);
    return count;
  }
}

const shardOf = (row: Record<string, unknown>): Shard => ({
  partition: Number(row.partition),
  stream: Number(row.stream),
  table: String(row.tbl),
  view: row.view as StreamView,
  first: Number(row.first),
  next: Number(row.next),
  opened: Number(row.opened),
  ...(row.closed === null ? {} : { closed: Number(row.closed) }),
  low: Number(row.low),
  high: Number(row.high),
  isChild: row.is_child === 1,
});

const recordOf = (row: Record<string, unknown>): StreamRecord => ({
  seq: Number(row.seq),
  at: Number(row.at),
  event: row.event as StreamRecord['event'],
  byService: row.by_service === 1,
  keys: String(row.keys),
  ...(row.before === null ? {} : { before: String(row.before) }),
  ...(row.after === null ? {} : { after: String(row.after) }),
  size: Number(row.size),
});
