/** Keys of tables and indexes: which attributes they are, and what an item must have for them. */
import { InvalidInput, KeyMismatch } from '../invalid-input.ts';
import { type AttributeValue, attributeOf, type Item, typeOf } from '../values/attribute-value.ts';
import { valueSize } from '../values/item-size.ts';

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

const HASH_BYTES_MAX = 2048;
const RANGE_BYTES_MAX = 1024;
const INVALID = 'One or more parameter values were invalid: ';
const NOT_VALID = 'One or more parameter values are not valid. ';
/** What lookups of several items say of any mismatch. */
export const NO_SUCH_KEY = 'The provided key element does not match the schema';

/**
 * Checks the `Key` of a request: exactly the attributes of the schema, of their types, not empty, not too long.
 *
 * @throws InvalidInput
 */
export function checkKey(key: Item, schema: KeySchema): void {
  const attributes = keyAttributes(schema);
  const fits = attributes.every(({ name, type }) => {
    const value = attributeOf(key, name);
    return value !== undefined && type in value;
  });
  if (!fits || Object.keys(key).length !== attributes.length) throw new KeyMismatch(NO_SUCH_KEY);
  checkKeyContents(key, schema);
}

/**
 * Checks that an item that is to be put has the table's key.
 *
 * @throws InvalidInput
 */
export function checkItemKey(item: Item, schema: KeySchema): void {
  for (const { name, type } of keyAttributes(schema)) {
    const value = attributeOf(item, name);
    if (value === undefined) throw new KeyMismatch(`${INVALID}Missing the key ${name} in the item`);
    if (!(type in value))
      throw new KeyMismatch(`${INVALID}Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
  }
  checkKeyContents(item, schema);
}

/**
 * Checks that attributes which are keys of an index, where the item has them, are of the index's types, not empty, and not
 * too long. An item without them is not in the index, and that is no error.
 *
 * @param isUpdated the item is what an update made: then it is the update that is spoken of
 * @throws InvalidInput; of the wrong type, KeyMismatch
 */
export function checkIndexKey(item: Item, indexName: string, schema: KeySchema, isUpdated = false): void {
  for (const attribute of keyAttributes(schema)) {
    const { name, type } = attribute;
    const value = attributeOf(item, name);
    if (value === undefined) continue;
    if (!(type in value))
      throw new KeyMismatch(
        `${INVALID}Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${indexName}`,
      );
    if (valueSize(value) === 0) throw emptyIndexKey(value, name, indexName, isUpdated);
    checkKeySize(value, attribute === schema.range);
  }
}

function emptyIndexKey(value: AttributeValue, name: string, indexName: string, isUpdated: boolean): InvalidInput {
  const rule = `The AttributeValue for a key attribute cannot contain an empty ${emptiness(value)} value.`;
  return new InvalidInput(
    isUpdated
      ? `${NOT_VALID}The update expression attempted to update a secondary index key to a value that is not supported. ${rule}`
      : `${NOT_VALID}A value specified for a secondary index key is not supported. ${rule} IndexName: ${indexName}, IndexKey: ${name}`,
  );
}

/**
 * Checks a value that a key or a key condition has: neither empty nor too long.
 *
 * @throws InvalidInput
 */
export function checkKeyValue(value: AttributeValue, name: string, isRange: boolean): void {
  if (valueSize(value) === 0)
    throw new InvalidInput(
      `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty ${emptiness(value)} value. Key: ${name}`,
    );
  checkKeySize(value, isRange);
}

/** The item's values of the key; undefined when it lacks one of them (then it is not in the index). */
export function keyValues(item: Item, { hash, range }: KeySchema): KeyValues | undefined {
  const hashValue = attributeOf(item, hash.name);
  if (hashValue === undefined) return undefined;
  if (range === undefined) return { hash: hashValue };
  const rangeValue = attributeOf(item, range.name);
  return rangeValue === undefined ? undefined : { hash: hashValue, range: rangeValue };
}

/** The attributes of the key alone, as `Key` and `LastEvaluatedKey` have them; undefined when the item lacks one. */
export function keyItem(item: Item, schema: KeySchema): Item | undefined {
  const values = keyValues(item, schema);
  if (values === undefined) return undefined;
  const hash = { [schema.hash.name]: values.hash };
  return schema.range === undefined ? hash : { ...hash, [schema.range.name]: values.range! };
}

/** The attributes of a key, hash first. */
export const keyAttributes = ({ hash, range }: KeySchema): readonly KeyAttribute[] =>
  range === undefined ? [hash] : [hash, range];

function checkKeyContents(item: Item, schema: KeySchema): void {
  for (const attribute of keyAttributes(schema)) {
    checkKeyValue(item[attribute.name]!, attribute.name, attribute === schema.range);
  }
}

function checkKeySize(value: AttributeValue, isRange: boolean): void {
  const bytes = valueSize(value);
  // The missing space is DynamoDB's.
  if (!isRange && bytes > HASH_BYTES_MAX)
    throw new InvalidInput(`${INVALID}Size of hashkey has exceeded the maximum size limit of${HASH_BYTES_MAX} bytes`);
  if (isRange && bytes > RANGE_BYTES_MAX)
    throw new InvalidInput(
      `${INVALID}Aggregated size of all range keys has exceeded the size limit of ${RANGE_BYTES_MAX} bytes`,
    );
}

const emptiness = (value: AttributeValue): string => ('B' in value ? 'binary' : 'string');
