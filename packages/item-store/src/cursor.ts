/**
 * Rows of one partition's table or index in order, read ahead in pieces. Cursors of several partitions, in any cells, are
 * read as one by `readPage`.
 *
 * A piece comes from SQLite as one row of long texts: that takes a third of the time of as many rows with their keys. Texts
 * of items have no line ends in them, because JSON writes those otherwise.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import { justAfter, rangeOfHashes } from './stored-keys.ts';
import type { CursorQuery, RowPosition } from './view.ts';

export interface Row extends RowPosition {
  /** Bytes that the read is charged. */
  readonly size: number;
  /** JSON text of the item, or of what the index projects. */
  readonly item: string;
}

/** Rows of the first piece, unless the reader wants less; how large they are is not known before. */
const FIRST_ROWS = 32;
/** The next ones have as many rows as come to so many bytes, if they are like those before. */
const PIECE_BYTES = 256 * 1024;
const PIECE_ROWS = 1024;

export class Cursor {
  readonly isReverse: boolean;
  readonly #stored: SqliteState;
  readonly #query: CursorQuery;
  readonly #sql: string;
  #rows: Row[] = [];
  #at = 0;
  #limit: number;
  #left: number;
  #after: RowPosition | undefined;
  #isEnd = false;

  /** @param isWhole the rows of an index are read from the items, and not from what the index has */
  constructor(stored: SqliteState, query: CursorQuery, isWhole: boolean) {
    this.#stored = stored;
    this.#query = query;
    this.#after = query.after;
    this.isReverse = query.isReverse === true;
    // One more than is wanted tells whether there is more.
    this.#left = (query.limit ?? Number.POSITIVE_INFINITY) + 1;
    this.#limit = Math.min(FIRST_ROWS, this.#left);
    this.#sql = query.index === undefined ? ofTable(this.isReverse) : ofIndex(this.isReverse, isWhole);
  }

  /** The next row, which stays the next one; undefined at the end. */
  peek(): Row | undefined {
    if (this.#at >= this.#rows.length && !this.#isEnd) this.#read();
    return this.#rows[this.#at];
  }

  /** Goes on behind the next row. */
  advance(): void {
    this.#at++;
  }

  #read(): void {
    const row = this.#stored.statement(this.#sql).get(...this.#bounds(), this.#limit) as Record<string, string | null>;
    this.#rows = row.sizes === null ? [] : rowsOf(row as Record<string, string>);
    this.#at = 0;
    this.#after = this.#rows.at(-1);
    this.#isEnd = this.#rows.length < this.#limit;
    this.#left = Math.max(1, this.#left - this.#rows.length);
    const bytes = this.#rows.reduce((sum, { item }) => sum + item.length, 0);
    const fitting = Math.ceil((PIECE_BYTES * this.#rows.length) / Math.max(1, bytes));
    this.#limit = Math.max(1, Math.min(PIECE_ROWS, this.#left, fitting));
  }

  /** Where the piece begins and ends, one bound each: SQLite seeks by no more than one. */
  #bounds(): (number | Uint8Array)[] {
    const { partition, index, low, high, from, to } = this.#query;
    const own = rangeOfHashes(from, to);
    const after = this.#after;
    const afterKey = after === undefined ? undefined : Buffer.from(after.key, 'hex');
    if (index === undefined) {
      const first = this.isReverse || afterKey === undefined ? [] : [justAfter(afterKey)];
      const end = this.isReverse && afterKey !== undefined ? [afterKey] : [];
      const [lows, highs] = [
        [low, own.low, ...first],
        [high, own.high, ...end],
      ];
      return [partition, lows.sort(Buffer.compare).at(-1)!, highs.sort(Buffer.compare)[0]!];
    }
    const begin = afterKey ?? (this.isReverse ? high : low);
    const base = Buffer.from(after?.base ?? '', 'hex');
    return [partition, index, begin, base, this.isReverse ? low : high, own.low, own.high];
  }
}

function rowsOf({ keys, bases = keys, sizes, items }: Record<string, string>): Row[] {
  const [key, base, item] = [keys!.split(','), bases!.split(','), items!.split('\n')];
  return sizes!.split(',').map((size, i) => ({ key: key[i]!, base: base[i]!, size: Number(size), item: item[i]! }));
}

function ofTable(isReverse: boolean): string {
  return `SELECT group_concat(hex(key)) AS keys, group_concat(size) AS sizes, group_concat(item, char(10)) AS items FROM (
    SELECT key, size, item FROM items WHERE partition = ? AND key >= ? AND key < ?
    ORDER BY key ${isReverse ? 'DESC' : 'ASC'} LIMIT ?)`;
}

/** No row's base is empty, so that one with an empty base stands before all rows of a key. */
function ofIndex(isReverse: boolean, isWhole: boolean): string {
  const direction = isReverse ? 'DESC' : 'ASC';
  const join = isWhole ? 'JOIN items ON items.partition = entries.partition AND items.key = base' : '';
  return `SELECT group_concat(hex(key)) AS keys, group_concat(hex(base)) AS bases, group_concat(size) AS sizes,
      group_concat(item, char(10)) AS items FROM (
    SELECT entries.key, base, entries.size, ${isWhole ? 'items' : 'entries'}.item FROM entries ${join}
    WHERE entries.partition = ? AND idx = ? AND (entries.key, base) ${isReverse ? '<' : '>'} (?, ?)
      AND entries.key ${isReverse ? '>=' : '<'} ? AND base >= ? AND base < ?
    ORDER BY entries.key ${direction}, base ${direction} LIMIT ?)`;
}
