/** Rows of secondary indexes and of times to live, and how many there are; the table itself counts as index 0. */
import type { SqliteState } from '@stormglass/replicated-state';
import type { IndexEntry } from './index-rules.ts';
import type { Counts, IndexCounts } from './partition.ts';

/** The table among its indexes. */
export const TABLE = 0;

const NOTHING: Counts = { items: 0, bytes: 0 };

export class IndexTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** Begins to count; `isComplete`: there is nothing that it lacks. */
  create(partition: number, index: number, isComplete: boolean): void {
    this.#stored
      .statement('INSERT INTO counts VALUES (?, ?, 0, 0, ?, 0)')
      .run(partition, index, isComplete ? null : new Uint8Array(0));
  }

  /** In place of what was put before under the same keys, if anything was. */
  put(partition: number, index: number, base: Uint8Array, { key, size, item }: IndexEntry): void {
    const before = this.#sizeOf(partition, index, key, base);
    this.#stored
      .statement('INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)')
      .run(partition, index, key, base, size, item);
    this.count(partition, index, before === undefined ? 1 : 0, size - (before ?? 0));
  }

  /** Nothing if there is no such row: an index may not be filled that far. */
  delete(partition: number, index: number, key: Uint8Array, base: Uint8Array): void {
    const size = this.#sizeOf(partition, index, key, base);
    if (size === undefined) return;
    this.#stored
      .statement('DELETE FROM entries WHERE partition = ? AND idx = ? AND key = ? AND base = ?')
      .run(partition, index, key, base);
    this.count(partition, index, -1, -size);
  }

  /** Base keys of the first rows before `high`. */
  firstBases(partition: number, index: number, low: Uint8Array, high: Uint8Array, limit: number): Uint8Array[] {
    const sql = `SELECT base FROM entries WHERE partition = ? AND idx = ? AND key >= ? AND key < ? ORDER BY key, base LIMIT ?`;
    return this.#stored
      .statement(sql)
      .all(partition, index, low, high, limit)
      .map(({ base }) => base as Uint8Array);
  }

  /** The number of rows that went, of one index or of all. */
  deleteSome(partition: number, index: number | undefined, limit: number): number {
    const first = index ?? 0;
    const last = index ?? Number.MAX_SAFE_INTEGER;
    const sql = `DELETE FROM entries WHERE (partition, idx, key, base) IN (
      SELECT partition, idx, key, base FROM entries WHERE partition = ? AND idx BETWEEN ? AND ?
      ORDER BY idx, key, base LIMIT ?)`;
    return Number(this.#stored.statement(sql).run(partition, first, last, limit).changes);
  }

  count(partition: number, index: number, items: number, bytes: number): void {
    if (items === 0 && bytes === 0) return;
    this.#stored
      .statement('UPDATE counts SET items = items + ?, bytes = bytes + ? WHERE partition = ? AND idx = ?')
      .run(items, bytes, partition, index);
  }

  /** An item of the table went, by the command at this place in the log. */
  countDeleted(partition: number, bytes: number, version: number): void {
    this.#stored
      .statement('UPDATE counts SET items = items - 1, bytes = bytes - ?, deleted = ? WHERE partition = ? AND idx = 0')
      .run(bytes, version, partition);
  }

  counts(partition: number): Counts {
    const row = this.#stored
      .statement('SELECT items, bytes FROM counts WHERE partition = ? AND idx = 0')
      .get(partition);
    return (row as unknown as Counts | undefined) ?? NOTHING;
  }

  indexCounts(partition: number): IndexCounts[] {
    const sql = 'SELECT idx, items, bytes, filled FROM counts WHERE partition = ? AND idx > 0 ORDER BY idx';
    const rows = this.#stored.statement(sql).all(partition);
    return rows.map(({ idx, items, bytes, filled }) => ({
      index: Number(idx),
      items: Number(items),
      bytes: Number(bytes),
      isComplete: filled === null,
    }));
  }

  /** Place in the log of the last command that deleted an item. */
  lastDeleted(partition: number): number {
    const sql = 'SELECT deleted FROM counts WHERE partition = ? AND idx = 0';
    return Number(this.#stored.statement(sql).get(partition)?.deleted ?? 0);
  }

  /** The key up to which an index is filled; undefined when it has everything. */
  filledUpTo(partition: number, index: number): Uint8Array | undefined {
    const row = this.#stored
      .statement('SELECT filled FROM counts WHERE partition = ? AND idx = ?')
      .get(partition, index);
    return (row?.filled as Uint8Array | null | undefined) ?? undefined;
  }

  setFilled(partition: number, index: number, key: Uint8Array | null): void {
    this.#stored.statement('UPDATE counts SET filled = ? WHERE partition = ? AND idx = ?').run(key, partition, index);
  }

  /** Ends to count. */
  forget(partition: number, index: number | undefined): void {
    const [first, last] = [index ?? 0, index ?? Number.MAX_SAFE_INTEGER];
    this.#stored
      .statement('DELETE FROM counts WHERE partition = ? AND idx BETWEEN ? AND ?')
      .run(partition, first, last);
    this.#stored
      .statement('DELETE FROM budgets WHERE partition = ? AND idx BETWEEN ? AND ?')
      .run(partition, first, last);
  }

  #sizeOf(partition: number, index: number, key: Uint8Array, base: Uint8Array): number | undefined {
    const sql = 'SELECT size FROM entries WHERE partition = ? AND idx = ? AND key = ? AND base = ?';
    const row = this.#stored.statement(sql).get(partition, index, key, base);
    return row === undefined ? undefined : Number(row.size);
  }
}
