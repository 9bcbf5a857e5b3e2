/** Keys of tables and indexes: which attributes they are, and what an item must have for them. */
import type { AttributeValue, Item } from '../values/attribute-value.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The key of a table or index. */
export interface KeySchema {
  readonly hash: KeyAttribute;
  readonly range?: KeyAttribute;
}

/** The values of a key, as `keyValues` takes them from an item. */
export interface KeyValues {
  readonly hash: AttributeValue;
  readonly range?: AttributeValue;
}

/** One end of a range of range keys, in the bytes of `keyBytes`. */
export interface KeyBound {
  readonly bytes: Uint8Array;
  readonly inclusive: boolean;
}

/** What a key condition selects: one hash key, and range keys between two bounds. A bound that is absent is open. */
export interface KeyRange {
  readonly hash: AttributeValue;
  readonly from?: KeyBound;
  readonly to?: KeyBound;
}

/**
 * Checks the `Key` of a request: exactly the attributes of the schema, of their types, not empty, not too long.
 *
 * @throws InvalidInput
 */
export function checkKey(_key: Item, _schema: KeySchema): void {
  throw new Error('unfinished');
}

/**
 * Checks that an item that is to be put has the table's key.
 *
 * @throws InvalidInput
 */
export function checkItemKey(_item: Item, _schema: KeySchema): void {
  throw new Error('unfinished');
}

/**
 * Checks that attributes which are keys of an index, where the item has them, are of the index's types, not empty, and not
 * too long. An item without them is not in the index, and that is no error.
 *
 * @throws InvalidInput
 */
export function checkIndexKey(_item: Item, _indexName: string, _schema: KeySchema): void {
  throw new Error('unfinished');
}

/** The item's values of the key; undefined when it lacks one of them (then it is not in the index). */
export function keyValues(_item: Item, _schema: KeySchema): KeyValues | undefined {
  throw new Error('unfinished');
}

/** The attributes of the key alone, as `Key` and `LastEvaluatedKey` have them; undefined when the item lacks one. */
export function keyItem(_item: Item, _schema: KeySchema): Item | undefined {
  throw new Error('unfinished');
}
