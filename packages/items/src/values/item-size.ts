/** How large an item is, as DynamoDB counts and bills it (Developer Guide, "DynamoDB item sizes and formats"). */
import type { AttributeValue, Item } from './attribute-value.ts';

/** The largest item, names included. */
export const ITEM_BYTES_MAX = 400 * 1024;

/** Bytes of an item: UTF-8 names and their values. */
export function itemSize(_item: Item): number {
  throw new Error('unfinished');
}

/** Bytes of a value without its name. */
export function valueSize(_value: AttributeValue): number {
  throw new Error('unfinished');
}
