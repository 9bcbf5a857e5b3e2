/**
 * Pages of keys, with what shares a common prefix told once. A common prefix is passed over by a search for the first
 * key behind all that begin with it, so that a page costs what it tells, whatever lies beneath.
 */
import { afterPrefix, after as justAfter, later } from './key-order.ts';
import type { KeyPage } from './view.ts';

export interface KeyedRow {
  readonly key: string;
}

export interface Rows<Row extends KeyedRow> {
  /** Rows with keys from this one on, in order; drawn only as far as they are needed. */
  readonly from: (key: string) => Iterable<Row>;
  /** Rows of the key at which the page before ended, behind the last one that it told. */
  readonly rest?: () => Iterable<Row>;
  /** The key at which the page before ended, or its last common prefix. */
  readonly after?: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly prefixes: readonly string[];
  /** What the page told last, if more follows: a row, or a common prefix. */
  readonly last?: Row | string;
}

export function pageOf<Row extends KeyedRow>({ prefix = '', delimiter, limit }: KeyPage, rows: Rows<Row>): Page<Row> {
  const found: Row[] = [];
  const prefixes: string[] = [];
  if (limit <= 0) return { rows: found, prefixes };
  const commonPrefix = (key: string): string | undefined => {
    if (delimiter === undefined || delimiter === '') return undefined;
    const at = key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  };
  let last: Row | string | undefined;
  /** Takes rows in; answers where to go on when it met a common prefix, and what to return at the end. */
  const take = (drawn: Iterable<Row>): { readonly next?: string | undefined; readonly done?: Page<Row> } => {
    for (const row of drawn) {
      if (!row.key.startsWith(prefix)) return { done: { rows: found, prefixes } };
      if (found.length + prefixes.length >= limit)
        return { done: { rows: found, prefixes, ...(last === undefined ? {} : { last }) } };
      const common = commonPrefix(row.key);
      if (common === undefined) {
        found.push(row);
        last = row;
        continue;
      }
      prefixes.push(common);
      last = common;
      const next = afterPrefix(common);
      return next === undefined ? { done: { rows: found, prefixes } } : { next };
    }
    return {};
  };
  if (rows.rest !== undefined) {
    const { done } = take(rows.rest());
    if (done !== undefined) return done;
  }
  let from = beginning(prefix, rows.after, commonPrefix);
  while (from !== undefined) {
    const { next, done } = take(rows.from(from));
    if (done !== undefined) return done;
    from = next;
  }
  return { rows: found, prefixes };
}

/** The first key that a page may have. */
function beginning(
  prefix: string,
  after: string | undefined,
  commonPrefix: (key: string) => string | undefined,
): string | undefined {
  if (after === undefined) return prefix;
  const isCommonPrefix = after.startsWith(prefix) && commonPrefix(after) === after;
  const from = isCommonPrefix ? afterPrefix(after) : justAfter(after);
  return from === undefined ? undefined : later(prefix, from);
}
