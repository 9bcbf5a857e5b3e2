/** Rows of several cursors as one read, in the order of their keys. */
import type { Cursor, Row } from './cursor.ts';

export interface PageLimits {
  /** Rows; unlimited if absent. */
  readonly limit?: number;
  /** The row that reaches it is the last one. */
  readonly bytes: number;
}

export interface Page {
  readonly rows: readonly Row[];
  /** Of all rows, in bytes. */
  readonly size: number;
  /** The read ended because of a limit, not because there is no more: it can go on after the last row. */
  readonly isCut: boolean;
}

/** What one Query or Scan reads at most (API Reference), in bytes. */
export const PAGE_BYTES_MAX = 1024 * 1024;

/** The cursors are of one table or index, and of one direction. */
export function readPage(cursors: readonly Cursor[], { limit = Number.POSITIVE_INFINITY, bytes }: PageLimits): Page {
  const rows: Row[] = [];
  let size = 0;
  while (rows.length < limit && size < bytes) {
    const first = firstOf(cursors);
    const row = first?.peek();
    if (first === undefined || row === undefined) return { rows, size, isCut: false };
    first.advance();
    rows.push(row);
    size += row.size;
  }
  return { rows, size, isCut: true };
}

/** There are as many cursors as a table has partitions, and few of them have rows of one hash key. */
function firstOf(cursors: readonly Cursor[]): Cursor | undefined {
  let first: Cursor | undefined;
  for (const cursor of cursors) {
    const row = cursor.peek();
    if (row === undefined) continue;
    const best = first?.peek();
    if (best === undefined || isBefore(row, best, cursor.isReverse)) first = cursor;
  }
  return first;
}

function isBefore(a: Row, b: Row, isReverse: boolean): boolean {
  const isSmaller = a.key === b.key ? a.base < b.base : a.key < b.key;
  return isReverse !== isSmaller;
}
