/**
 * Keys as the tables hold them, so that the order of bytes is the order of scans and queries: the hash of the hash key
 * (4 bytes, big-endian), the length of the hash key (2 bytes) and its bytes, the bytes of the range key.
 *
 * Keys of one hash key thus have a prefix that no other key has. Ranges include their beginning and not their end.
 */
import { attributeOf, type Item, type KeyRange, type KeySchema, keyBytes, keyValues } from '@stormglass/items';
import { keyHash } from './key-hash.ts';

const PREFIX_BYTES = 6;
const NOTHING = new Uint8Array(0);

/** Keys from `low` up to, not including, `high`. */
export interface StoredRange {
  readonly low: Uint8Array;
  readonly high: Uint8Array;
}

/** The key of an item in a table or index; undefined when the item lacks an attribute of it. */
export function storedKey(item: Item, schema: KeySchema): Buffer | undefined {
  const values = keyValues(item, schema);
  if (values === undefined) return undefined;
  const { hash, range } = values;
  return encoded(keyBytes(hash), range === undefined ? NOTHING : keyBytes(range));
}

/** The hash that a stored key begins with. */
export const hashOf = (key: Uint8Array): number => ((key[0]! << 24) | (key[1]! << 16) | (key[2]! << 8) | key[3]!) >>> 0;

/** The part of a stored key that all items of the same hash key have. */
export const collectionOf = (key: Uint8Array): Uint8Array => key.subarray(0, PREFIX_BYTES + ((key[4]! << 8) | key[5]!));

/** What a key condition selects. */
export function rangeOfCondition({ hash, from, to }: KeyRange): StoredRange {
  const bytes = keyBytes(hash);
  const at = (bound: { readonly bytes: Uint8Array }, isAfter: boolean) => {
    const key = encoded(bytes, bound.bytes);
    return isAfter ? justAfter(key) : key;
  };
  const prefix = encoded(bytes, NOTHING);
  return {
    low: from === undefined ? prefix : at(from, !from.inclusive),
    high: to === undefined ? prefixEnd(prefix) : at(to, to.inclusive),
  };
}

/** The keys whose hashes lie between two, of which the second may be `HASHES`. */
export const rangeOfHashes = (from: number, to: number): StoredRange => ({ low: hashBytes(from), high: hashBytes(to) });

/** Seconds since the epoch as a key: where the items of a table are found by when they expire. */
export function timeKey(seconds: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeBigUInt64BE(BigInt(Math.floor(seconds)));
  return key;
}

/** The number in an attribute, if it is one. */
export function numberOf(item: Item, attribute: string): number | undefined {
  const value = attributeOf(item, attribute);
  return value !== undefined && 'N' in value ? Number(value.N) : undefined;
}

/** The first key after this one. */
export const justAfter = (key: Uint8Array): Buffer => Buffer.concat([key, ZERO]);

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const ZERO = Buffer.of(0);

/** `HASHES` has five bytes: more than any key begins with. */
function hashBytes(hash: number): Buffer {
  if (hash > 0xffff_ffff) return Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff);
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(hash);
  return bytes;
}

function encoded(hash: Uint8Array, range: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(PREFIX_BYTES + hash.length + range.length);
  key.writeUInt32BE(keyHash(hash), 0);
  key.writeUInt16BE(hash.length, 4);
  key.set(hash, PREFIX_BYTES);
  key.set(range, PREFIX_BYTES + hash.length);
  return key;
}

/** The first key that does not have the prefix. A length is no 0xffff, so there is one. */
function prefixEnd(prefix: Uint8Array): Buffer {
  const end = Buffer.from(prefix);
  let last = end.length - 1;
  while (end[last] === 0xff) last--;
  end[last]!++;
  return end.subarray(0, last + 1);
}
