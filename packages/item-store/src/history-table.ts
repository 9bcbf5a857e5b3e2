/**
 * What items were before each change, for tables that can be restored to a moment (Developer Guide, "Point-in-time
 * recovery"): how an item was at a time is in the first row of a later change, or else is how it is now. Tables without
 * recovery have no rows.
 *
 * A partition's history is kept for its recovery period, and no more of it than fits `HISTORY_BYTES_MAX`: past that the
 * oldest rows go early, and the first moment that it can be restored to with them (`since`).
 */
import type { ApplyContext, SqliteState } from '@stormglass/replicated-state';
import type { StoredItem } from './item-table.ts';

/** Bytes of one partition's history. */
export const HISTORY_BYTES_MAX = 1024 ** 3;
/** What each row takes beside its text. */
const ROW_BYTES = 64;
/** Old rows that go with each new one. */
const TRIMMED = 2;
/** Items that move to another cell leave a history that they are here up to then, and it must not seem to end before. */
const MOVE_MARGIN_MS = 60_000;

export type PastItem = Pick<StoredItem, 'size' | 'item'>;

interface History {
  readonly period: number;
  readonly since: number;
  readonly bytes: number;
  readonly pinned: number;
}

export class HistoryTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** Keeps a history from `since` on, or goes on with the one there is; `periodMs` undefined: ends it. */
  set(partition: number, periodMs: number | undefined, since: number): void {
    const before = this.#history(partition);
    if (periodMs === undefined) {
      if (before !== undefined)
        this.#stored.statement('UPDATE histories SET period = 0, pinned = 0 WHERE partition = ?').run(partition);
      return;
    }
    const isOn = before !== undefined && before.period > 0;
    this.#stored
      .statement('INSERT OR REPLACE INTO histories VALUES (?, ?, ?, ?, ?)')
      .run(partition, periodMs, isOn ? before.since : since, before?.bytes ?? 0, before?.pinned ?? 0);
  }

  /** An item is about to change; `before` is how it was. */
  add(
    partition: number,
    key: Uint8Array,
    before: { readonly size: number; readonly text: string } | undefined,
    { now, seq }: ApplyContext,
    isMove: boolean,
  ): void {
    const bytes = ROW_BYTES + key.length + (before?.text.length ?? 0);
    const at = isMove ? now + MOVE_MARGIN_MS : now;
    // Of several changes by one command only the first one counts: there is no moment between them.
    const { changes } = this.#stored
      .statement('INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(partition, key, at, seq, before?.size ?? 0, bytes, before?.text ?? null);
    if (changes === 0) return;
    const sql = `UPDATE histories SET bytes = bytes + ? WHERE partition = ? RETURNING period, since, bytes, pinned`;
    const history = this.#stored.statement(sql).get(bytes, partition) as unknown as History;
    this.#trim(partition, history, now, TRIMMED);
  }

  /** How an item was at a time, if it changed since; `null`: it was not there. */
  versionAt(partition: number, key: Uint8Array, at: number): PastItem | null | undefined {
    const sql = 'SELECT size, item FROM history WHERE partition = ? AND key = ? AND at > ? ORDER BY at, seq LIMIT 1';
    const row = this.#stored.statement(sql).get(partition, key, at);
    if (row === undefined) return undefined;
    return row.item === null ? null : { size: Number(row.size), item: String(row.item) };
  }

  /** The next key that ever changed. */
  keyAfter(partition: number, key: Uint8Array): Uint8Array | undefined {
    const sql = 'SELECT key FROM history WHERE partition = ? AND key > ? ORDER BY key LIMIT 1';
    return this.#stored.statement(sql).get(partition, key)?.key as Uint8Array | undefined;
  }

  /** The first moment that a partition can be restored to, in ms of log time; undefined when it keeps no history. */
  since(partition: number): number | undefined {
    const history = this.#history(partition);
    return history === undefined || history.period === 0 ? undefined : history.since;
  }

  /** Keeps everything until then, because a restore is under way. */
  pin(partition: number, until: number): void {
    this.#stored.statement('UPDATE histories SET pinned = ? WHERE partition = ?').run(until, partition);
  }

  /** Whether `prune` would let go of any. */
  hasOld(now: number): boolean {
    const sql = `SELECT EXISTS (SELECT 1 FROM histories AS own WHERE pinned <= ?1 AND (period = 0 OR (
      SELECT at FROM history WHERE history.partition = own.partition ORDER BY seq LIMIT 1) <= ?1 - period)) AS has`;
    return this.#stored.statement(sql).get(now)?.has === 1;
  }

  /** Lets go of rows that are old, at most `limit` of each partition; returns how many rows went. */
  prune(now: number, limit: number): number {
    let count = 0;
    for (const row of this.#stored.statement('SELECT * FROM histories ORDER BY partition').all()) {
      const history = row as unknown as History;
      const gone = this.#trim(Number(row.partition), history, now, limit);
      count += gone;
      if (history.period > 0 || gone > 0) continue;
      this.#stored.statement('DELETE FROM histories WHERE partition = ?').run(Number(row.partition));
      count++;
    }
    return count;
  }

  #history(partition: number): History | undefined {
    const sql = 'SELECT period, since, bytes, pinned FROM histories WHERE partition = ?';
    return this.#stored.statement(sql).get(partition) as unknown as History | undefined;
  }

  #trim(partition: number, history: History, now: number, limit: number): number {
    if (history.pinned > now) return 0;
    if (history.bytes <= HISTORY_BYTES_MAX && history.since > now - history.period) return 0;
    const sql = 'SELECT at, seq, bytes FROM history WHERE partition = ? ORDER BY seq, key LIMIT ?';
    let { since, bytes } = history;
    let [last, count] = [-1, 0];
    for (const row of this.#stored.statement(sql).iterate(partition, limit)) {
      const isOld = Number(row.at) <= now - history.period;
      if (!isOld && bytes <= HISTORY_BYTES_MAX) break;
      bytes -= Number(row.bytes);
      since = Math.max(since, Number(row.at));
      last = Number(row.seq);
      count++;
    }
    if (count === 0) return 0;
    this.#stored
      .statement(
        `DELETE FROM history WHERE (partition, key, at, seq) IN (
           SELECT partition, key, at, seq FROM history WHERE partition = ?1 AND seq <= ?2 ORDER BY seq, key LIMIT ?3)`,
      )
      .run(partition, last, count);
    this.#stored
      .statement('UPDATE histories SET since = ?, bytes = ? WHERE partition = ?')
      .run(since, bytes, partition);
    return count;
  }
}
