/** Signing keys and HMAC-SHA256, tuned for many short messages under few keys. */
import { hash } from 'node:crypto';

const BLOCK = 64;
const DIGEST = 32;
const CACHED_MAX = 4096;

/** A key with its two padded blocks (RFC 2104), so that signing costs two one-shot hashes and no HMAC object. */
export interface SigningKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

function prepareKey(key: Buffer): SigningKey {
  const block = key.length > BLOCK ? hash('sha256', key, 'buffer') : key;
  const inner = Buffer.alloc(BLOCK, 0x36);
  const outer = Buffer.alloc(BLOCK, 0x5c);
  for (let i = 0; i < block.length; i++) {
    inner[i]! ^= block[i]!;
    outer[i]! ^= block[i]!;
  }
  return { inner, outer };
}

// Hashing is synchronous, so one pair of buffers serves all calls.
const innerInput = Buffer.alloc(BLOCK + 1024);
const outerInput = Buffer.alloc(BLOCK + DIGEST);

// A digest as a Latin-1 string costs half of what it costs as a buffer, which has to be allocated outside the heap.
function innerDigest(key: SigningKey, message: string): string {
  if (message.length * 3 > innerInput.length - BLOCK) {
    return hash('sha256', Buffer.concat([key.inner, Buffer.from(message)]), 'latin1');
  }
  innerInput.set(key.inner);
  const length = BLOCK + innerInput.write(message, BLOCK);
  return hash('sha256', innerInput.subarray(0, length), 'latin1');
}

function outerBlock(key: SigningKey, message: string): Buffer {
  outerInput.set(key.outer);
  outerInput.write(innerDigest(key, message), BLOCK, 'latin1');
  return outerInput;
}

/** HMAC-SHA256 in lower-case hexadecimal. */
export const hmacHex = (key: SigningKey, message: string): string => hash('sha256', outerBlock(key, message), 'hex');

const hmac = (key: Buffer, message: string): Buffer => hash('sha256', outerBlock(prepareKey(key), message), 'buffer');

const cache = new Map<string, SigningKey>();

/** The key of one secret for one day, region and service. */
export function signingKey(secret: string, date: string, region: string, service: string): SigningKey {
  const id = `${secret}/${date}/${region}/${service}`;
  const known = cache.get(id);
  if (known !== undefined) return known;
  // The keys of yesterday are of no use any more: starting afresh is simpler than choosing a victim.
  if (cache.size >= CACHED_MAX) cache.clear();
  const day = hmac(Buffer.from(`AWS4${secret}`), date);
  const key = prepareKey(hmac(hmac(hmac(day, region), service), 'aws4_request'));
  cache.set(id, key);
  return key;
}

/** Compares two texts in a time that does not tell where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
