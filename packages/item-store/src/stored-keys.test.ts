import { keyBytes } from '@stormglass/items';
import { expect, it } from 'vitest';
import { HASHES, keyHash } from './key-hash.ts';
import { collectionOf, hashOf, rangeOfCondition, rangeOfHashes, storedKey, timeKey } from './stored-keys.ts';
import { KEYS, key } from './testing/store-rig.ts';

const stored = (pk: string, sk: number) => storedKey(key(pk, sk), KEYS)!;
const isIn = ({ low, high }: { low: Uint8Array; high: Uint8Array }, bytes: Uint8Array) =>
  Buffer.compare(low, bytes) <= 0 && Buffer.compare(bytes, high) < 0;

it('begins with the hash, then what all items of a hash key have, in the order of range keys', () => {
  expect(hashOf(stored('a', 1))).toBe(keyHash(keyBytes({ S: 'a' })));
  expect(collectionOf(stored('a', 1))).toEqual(collectionOf(stored('a', 2)));
  expect(collectionOf(stored('a', 1))).not.toEqual(collectionOf(stored('b', 1)));
  const numbers = [-1e30, -10, -9.5, -9, 0, 0.001, 1, 9, 10, 11, 1e30];
  const sorted = [...numbers].reverse().sort((a, b) => Buffer.compare(stored('a', a), stored('a', b)));
  expect(sorted).toEqual(numbers);
});

it('is undefined for an item that lacks an attribute of the key', () => {
  expect(storedKey({ pk: { S: 'a' } }, KEYS)).toBeUndefined();
});

it('does not mistake one hash key for the beginning of another', () => {
  const range = rangeOfCondition({ hash: { S: 'a' } });
  expect(isIn(range, stored('a', -1e100))).toBe(true);
  expect(isIn(range, stored('a', 1e100))).toBe(true);
  for (const other of ['', 'A', 'aa', 'a\0', '\uffff']) expect(isIn(range, stored(other, 1))).toBe(false);
});

it('has bounds that count themselves or not', () => {
  const bound = (n: number, inclusive: boolean) => ({ bytes: keyBytes({ N: String(n) }), inclusive });
  const within = (from: boolean, to: boolean) => {
    const range = rangeOfCondition({ hash: { S: 'a' }, from: bound(2, from), to: bound(4, to) });
    return [1, 2, 3, 4, 5].filter(n => isIn(range, stored('a', n)));
  };
  expect(within(true, true)).toEqual([2, 3, 4]);
  expect(within(false, true)).toEqual([3, 4]);
  expect(within(true, false)).toEqual([2, 3]);
  expect(within(false, false)).toEqual([3]);
});

it('divides all keys by their hashes', () => {
  const half = HASHES / 2;
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const bytes = stored(name, 1);
    expect(isIn(rangeOfHashes(0, half), bytes)).toBe(hashOf(bytes) < half);
    expect(isIn(rangeOfHashes(half, HASHES), bytes)).toBe(hashOf(bytes) >= half);
  }
  expect(isIn(rangeOfHashes(0, HASHES), Buffer.alloc(4, 0xff))).toBe(true);
});

it('orders times by their seconds', () => {
  const times = [0, 1, 255, 256, 1_700_000_000, 2 ** 40];
  expect(times.map(timeKey).sort(Buffer.compare)).toEqual(times.map(timeKey));
});
