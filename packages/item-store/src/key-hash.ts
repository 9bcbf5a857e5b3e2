/**
 * Where a hash key lies among the partitions of a table. The function is part of what is stored, and of the map of
 * partitions: it never changes.
 */
import { crc32 } from 'node:zlib';

/** One more than the greatest hash: the end of the last partition. */
export const HASHES = 2 ** 32;

/**
 * CRC-32 (as in zlib) of the bytes of a hash key (`keyBytes` of `packages/items`), mixed by the finalizer of MurmurHash3
 * so that keys which differ in a few bits lie far apart. From 0 up to, not including, `HASHES`.
 */
export function keyHash(bytes: Uint8Array): number {
  let hash = crc32(bytes);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
