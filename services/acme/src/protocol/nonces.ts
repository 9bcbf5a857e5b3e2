/**
 * Nonces that every zone makes by itself and any zone knows again (RFC 8555, 6.5): time and chance, sealed with a key
 * that the ACME log carries. That each works once is for the log to say (`UseNonce`).
 *
 * Layout, before base64url:  time in ms (6) | random (12) | HMAC-SHA-256, cut (16).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '@stormglass/base';

const TIME_BYTES = 6;
const RANDOM_BYTES = 12;
const SEAL_BYTES = 16;
const BODY_BYTES = TIME_BYTES + RANDOM_BYTES;
const FORM = /^[\w-]{46}$/;

/** @param key 32 bytes in base64; `now` in ms since the epoch */
export function makeNonce(key: string, now: number, random: Random): string {
  const body = Buffer.alloc(BODY_BYTES);
  body.writeUIntBE(now, 0, TIME_BYTES);
  body.set(random.bytes(RANDOM_BYTES), TIME_BYTES);
  return Buffer.concat([body, sealOf(key, body)]).toString('base64url');
}

/** When the nonce was made, in ms since the epoch; undefined when it was not sealed with `key`. */
export function openNonce(key: string, nonce: string): number | undefined {
  if (!FORM.test(nonce)) return undefined;
  const bytes = Buffer.from(nonce, 'base64url');
  // Two texts that decode to the same bytes would be two nonces of one seal.
  if (bytes.toString('base64url') !== nonce) return undefined;
  const body = bytes.subarray(0, BODY_BYTES);
  const isOurs = timingSafeEqual(bytes.subarray(BODY_BYTES), sealOf(key, body));
  return isOurs ? body.readUIntBE(0, TIME_BYTES) : undefined;
}

const sealOf = (key: string, body: Uint8Array): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64'))
    .update('stormglass acme nonce v1')
    .update(body)
    .digest()
    .subarray(0, SEAL_BYTES);
