/** Lists in pages: `Marker`, `MaxItems`, `IsTruncated`. A marker says behind which key the next page begins. */
import { decodePageToken, encodePageToken } from '@stormglass/aws-wire';
import type { Page, PageRequest } from '@stormglass/identity';
import { iamError } from './errors.ts';

interface PagedInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

const MAX_ITEMS_DEFAULT = 100;

const invalidMarker = () => iamError('ValidationError', 'Invalid Marker.');

/** The page that `input` asks for; `list` keeps markers of one list from being used with another. */
export function pageRequest(list: string, { Marker, MaxItems = MAX_ITEMS_DEFAULT }: PagedInput): PageRequest {
  if (Marker === undefined) return { max: MaxItems };
  const afterKey = decodePageToken(list, Marker, invalidMarker);
  if (typeof afterKey !== 'string') throw invalidMarker();
  return { max: MaxItems, afterKey };
}

/** The part of an answer that says whether the list goes on. */
export function pageMarks(list: string, { nextKey }: Page<unknown>): { IsTruncated: boolean; Marker?: string } {
  return nextKey === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: encodePageToken(list, nextKey) };
}

/**
 * One page of a short list, ordered by `keyOf`. Keys must be short enough for a marker, which has 320 characters; items
 * that come or go between two pages make no other item appear twice or not at all.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => string,
  { afterKey = '', max }: PageRequest,
): Page<Item> {
  const left = items
    .map((item, index) => ({ key: keyOf(item, index), item }))
    .filter(({ key }) => key > afterKey)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shown = left.slice(0, max);
  const page = { items: shown.map(({ item }) => item) };
  return shown.length < left.length ? { ...page, nextKey: shown.at(-1)?.key ?? afterKey } : page;
}

/** Keeps a list in its own order. */
export const byPosition = (_item: unknown, index: number): string => String(index).padStart(4, '0');
