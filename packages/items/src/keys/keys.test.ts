import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import type { Item } from '../values/attribute-value.ts';
import { checkIndexKey, checkItemKey, checkKey, type KeySchema, keyItem, keyValues } from './key-schema.ts';
import { checkFilterAttributes, checkKeyUnchanged } from './key-use.ts';

const HASH: KeySchema = { hash: { name: 'pk', type: 'S' } };
const RANGE: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'B' } };
const INDEX: KeySchema = { hash: { name: 'g', type: 'S' }, range: { name: 'h', type: 'N' } };

const MISMATCH = 'The provided key element does not match the schema';
const EMPTY =
  'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty';
const INDEX_EMPTY =
  'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
  'The AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi, IndexKey: g';
const HASH_SIZE =
  'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes';
const RANGE_SIZE =
  'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes';
const bytes = (count: number) => ({ B: Buffer.alloc(count).toString('base64') });

describe('a key', () => {
  it.each<readonly [Item, KeySchema, string]>([
    [{}, HASH, MISMATCH],
    [{ b: { S: 'a' } }, HASH, MISMATCH],
    [{ pk: { S: 'a' }, b: { S: 'a' } }, HASH, MISMATCH],
    [{ pk: { N: '1' } }, HASH, MISMATCH],
    [{ pk: { M: {} } }, HASH, MISMATCH],
    [{ pk: { S: 'a' } }, RANGE, MISMATCH],
    [{ pk: { S: 'a' }, sk: { S: 'a' } }, RANGE, MISMATCH],
    [{ pk: { S: '' } }, HASH, `${EMPTY} string value. Key: pk`],
    [{ pk: { S: 'a' }, sk: { B: '' } }, RANGE, `${EMPTY} binary value. Key: sk`],
    [{ pk: { S: 'a'.repeat(2049) } }, HASH, HASH_SIZE],
    [{ pk: { S: 'é'.repeat(1025) } }, HASH, HASH_SIZE],
    [{ pk: { S: 'a' }, sk: bytes(1025) }, RANGE, RANGE_SIZE],
  ])('%# is refused', (key, schema, message) => {
    expect(() => checkKey(key, schema)).toThrow(expect.objectContaining({ message }));
  });

  it.each<readonly [Item, KeySchema]>([
    [{ pk: { S: 'a'.repeat(2048) } }, HASH],
    [{ pk: { S: 'a' }, sk: bytes(1024) }, RANGE],
  ])('%# is taken', (key, schema) => {
    expect(() => checkKey(key, schema)).not.toThrow();
  });
});

describe('an item', () => {
  it.each<readonly [Item, KeySchema, string]>([
    [{}, HASH, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [{ pk: { S: 'a' } }, RANGE, 'One or more parameter values were invalid: Missing the key sk in the item'],
    [
      { pk: { B: 'YQ==' } },
      HASH,
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: B',
    ],
    [
      { pk: { SS: ['a'] } },
      HASH,
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: SS',
    ],
    [{ pk: { S: '' } }, HASH, `${EMPTY} string value. Key: pk`],
    [{ pk: { S: 'a'.repeat(2049) } }, HASH, HASH_SIZE],
    [{ pk: { S: 'a' }, sk: bytes(1025) }, RANGE, RANGE_SIZE],
  ])('%# has not the key of its table', (item, schema, message) => {
    expect(() => checkItemKey(item, schema)).toThrow(expect.objectContaining({ message }));
  });

  it.each<readonly [Item, string]>([
    [
      { g: { N: '1' } },
      'One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi',
    ],
    [
      { g: { S: 'a' }, h: { NULL: true } },
      'One or more parameter values were invalid: Type mismatch for Index Key h Expected: N Actual: NULL IndexName: gsi',
    ],
    [{ g: { S: '' } }, INDEX_EMPTY],
    [{ g: { S: 'a'.repeat(2049) } }, HASH_SIZE],
  ])('%# can be in no index', (item, message) => {
    expect(() => checkIndexKey(item, 'gsi', INDEX)).toThrow(expect.objectContaining({ message }));
  });

  it('is in an index when it has its keys', () => {
    const item: Item = { pk: { S: 'a' }, sk: { B: 'YQ==' }, g: { S: 'b' }, x: { S: 'c' } };
    expect(() => checkIndexKey(item, 'gsi', INDEX)).not.toThrow();
    expect(keyValues(item, INDEX)).toBeUndefined();
    expect(keyItem(item, INDEX)).toBeUndefined();
    expect(keyValues(item, RANGE)).toEqual({ hash: { S: 'a' }, range: { B: 'YQ==' } });
    expect(keyItem(item, RANGE)).toEqual({ pk: { S: 'a' }, sk: { B: 'YQ==' } });
    expect(keyItem(item, HASH)).toEqual({ pk: { S: 'a' } });
    expect(keyValues({}, HASH)).toBeUndefined();
  });
});

describe('expressions over keys', () => {
  it('do not update them', () => {
    expect(() => checkKeyUnchanged(new Set(['a', 'sk']), RANGE)).toThrow(
      new InvalidInput(
        'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
      ),
    );
    expect(() => checkKeyUnchanged(new Set(['a', 'sk']), HASH)).not.toThrow();
  });

  it('do not filter by them', () => {
    expect(() => checkFilterAttributes(new Set(['pk']), HASH)).toThrow(
      new InvalidInput('Filter Expression can only contain non-primary key attributes: Primary key attribute: pk'),
    );
    expect(() => checkFilterAttributes(new Set(['sk']), HASH)).not.toThrow();
  });
});
