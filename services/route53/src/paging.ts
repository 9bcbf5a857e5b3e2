/** Lists in pages: the next page begins with the item that a page names last. */
import { invalidInput } from './errors.ts';

export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: Item;
}

/** How many items a page may have. Asking for more than `most` gets `most`. */
export function maxItems(count: number | undefined, most: number): number {
  if (count === undefined) return most;
  if (!Number.isInteger(count) || count < 1)
    throw invalidInput(`Invalid value for MaxItems: ${count} is not a whole number above 0.`);
  return Math.min(count, most);
}

/** The first `max` items that `wanted` accepts, and the one after them. */
export function pageOf<Item>(
  items: Iterable<Item>,
  max: number,
  wanted: (item: Item) => boolean = () => true,
): PageOf<Item> {
  const found: Item[] = [];
  for (const item of items) {
    if (!wanted(item)) continue;
    if (found.length === max) return { items: found, next: item };
    found.push(item);
  }
  return { items: found };
}

/** Items on a page of zones or health checks, and of record sets. */
export const PAGE_MAX = 100;
export const RECORD_SETS_MAX = 300;
