/** Identifiers in the shapes AWS clients expect. All of them draw from a `Random` handed in. */
import type { Random } from './random.ts';

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
/** The alphabet of IAM's ids (RFC 4648). */
export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const hexRange = (bytes: Uint8Array, from: number, to: number): string => {
  let s = '';
  for (let i = from; i < to; i++) s += HEX[bytes[i]!]!;
  return s;
};

/** A random UUID (RFC 9562, version 4): the form of AWS request ids. */
export function uuid(random: Random): string {
  const b = random.bytes(16);
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  return `${hexRange(b, 0, 4)}-${hexRange(b, 4, 6)}-${hexRange(b, 6, 8)}-${hexRange(b, 8, 10)}-${hexRange(b, 10, 16)}`;
}

/** Lower-case hexadecimal id of `byteCount` random bytes. */
export const hexId = (random: Random, byteCount: number): string => hexRange(random.bytes(byteCount), 0, byteCount);

/** Prefix of an IAM unique id (IAM User Guide, "IAM identifiers"). */
export type IamIdPrefix = 'AIDA' | 'AROA' | 'ANPA' | 'AKIA' | 'ASIA' | 'AGPA' | 'AIPA';

/** An IAM unique id: prefix and 17 base-32 characters for entities, 16 for access key ids. */
export function iamId(random: Random, prefix: IamIdPrefix): string {
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  let id: string = prefix;
  for (const byte of random.bytes(length)) id += BASE32[byte & 31]!;
  return id;
}

/** A 40-character secret in the alphabet of IAM's secret access keys. */
export const secretKey = (random: Random): string => Buffer.from(random.bytes(30)).toString('base64');
