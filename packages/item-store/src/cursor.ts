/**
 * Rows of one partition's table or index in order, read ahead in pieces. Cursors of several partitions, in any cells, are
 * read as one by `readPage`.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import { hashOf } from './stored-keys.ts';
import type { CursorQuery, RowPosition } from './view.ts';

export interface Row extends RowPosition {
  /** Bytes that the read is charged. */
  readonly size: number;
  /** JSON text of the item, or of what the index projects. */
  readonly item: string;
}

/** Read at once, unless the reader wants less. A first row is read, however large it is. */
const PIECE_ROWS = 256;
const PIECE_BYTES = 64 * 1024;

export class Cursor {
  readonly isReverse: boolean;
  readonly #stored: SqliteState;
  readonly #query: CursorQuery;
  readonly #isWhole: boolean;
  #rows: Row[] = [];
  #at = 0;
  #after: RowPosition | undefined;
  #isEnd = false;

  /**
   * @param isWhole the rows of an index are read from the items, and not from what the index has
   */
  constructor(stored: SqliteState, query: CursorQuery, isWhole: boolean) {
    this.#stored = stored;
    this.#query = query;
    this.#isWhole = isWhole;
    this.#after = query.after;
    this.isReverse = query.isReverse === true;
  }

  /** The next row, which stays the next one; undefined at the end. */
  peek(): Row | undefined {
    while (this.#at >= this.#rows.length && !this.#isEnd) this.#read();
    return this.#rows[this.#at];
  }

  /** Goes on behind the next row. */
  advance(): void {
    this.#at++;
  }

  #read(): void {
    const limit = Math.min(PIECE_ROWS, (this.#query.limit ?? PIECE_ROWS) + 1);
    const rows: Row[] = [];
    let bytes = 0;
    let count = 0;
    for (const row of this.#iterate(limit)) {
      const read = row as unknown as Row;
      count++;
      this.#after = read;
      bytes += read.item.length;
      const hash = hashOf(read.base);
      if (hash >= this.#query.from && hash < this.#query.to) rows.push(read);
      if (bytes >= PIECE_BYTES) break;
    }
    this.#isEnd = count < limit && bytes < PIECE_BYTES;
    this.#rows = rows;
    this.#at = 0;
  }

  #iterate(limit: number): Iterable<Record<string, unknown>> {
    const { partition, index, low, high } = this.#query;
    const after = this.#after;
    const direction = this.isReverse ? 'DESC' : 'ASC';
    const beyond = this.isReverse ? '<' : '>';
    if (index === undefined) {
      const sql = `SELECT key, key AS base, size, item FROM items WHERE partition = ? AND key >= ? AND key < ?
        ${after === undefined ? '' : `AND key ${beyond} ?`} ORDER BY key ${direction} LIMIT ?`;
      const bound = after === undefined ? [] : [after.key];
      return this.#stored.statement(sql).iterate(partition, low, high, ...bound, limit);
    }
    const join = 'JOIN items ON items.partition = entries.partition AND items.key = base';
    const sql = `SELECT entries.key, base, entries.size, ${this.#isWhole ? 'items' : 'entries'}.item AS item
      FROM entries ${this.#isWhole ? join : ''} WHERE entries.partition = ? AND idx = ? AND entries.key >= ? AND entries.key < ?
      ${after === undefined ? '' : `AND (entries.key, base) ${beyond} (?, ?)`}
      ORDER BY entries.key ${direction}, base ${direction} LIMIT ?`;
    const bound = after === undefined ? [] : [after.key, after.base];
    return this.#stored.statement(sql).iterate(partition, index, low, high, ...bound, limit);
  }
}
