/**
 * Continuation tokens: where the next page of ListObjectsV2 begins. Opaque to clients; the checksum over bucket and place
 * refuses what was not given out for that bucket. No secret: whoever may list the bucket may begin anywhere in it.
 */
import { crc32 } from 'node:zlib';

const SUM_BYTES = 4;

/** A token for the page that begins behind `after`. */
export function tokenFor(bucket: string, after: string): string {
  const place = Buffer.from(after);
  const token = Buffer.alloc(SUM_BYTES + place.length);
  token.writeUInt32BE(sumOf(bucket, place));
  place.copy(token, SUM_BYTES);
  return token.toString('base64url');
}

/** Where the page begins that a token stands for; undefined for what is no token of that bucket. */
export function placeOf(bucket: string, token: string): string | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length < SUM_BYTES) return undefined;
  const place = bytes.subarray(SUM_BYTES);
  return bytes.readUInt32BE() === sumOf(bucket, place) ? place.toString() : undefined;
}

const sumOf = (bucket: string, place: Buffer): number => crc32(place, crc32(bucket));
