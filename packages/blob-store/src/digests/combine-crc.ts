/**
 * The CRC of a whole from those of its parts, without the bytes: what `ChecksumType: FULL_OBJECT` of a multipart upload
 * needs. A CRC is the remainder of the message as a polynomial over GF(2); to put `b` bytes behind a part is to multiply
 * its remainder by x to the power of 8b (zlib's `crc32_combine` rests on the same).
 */
import { CRC_KINDS, type CrcKind, type CrcName, crcBytes } from './crc.ts';

/** `a` times `b` modulo the polynomial; all reflected, so that the highest bit is x to the power of 0. */
function multiplied(a: bigint, b: bigint, { polynomial, bytes }: CrcKind): bigint {
  const one = 1n << BigInt(8 * bytes - 1);
  let product = 0n;
  let shifted = b;
  for (let bit = one; bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

/** x to the power of 8 times `count`. */
function shiftBy(count: number, kind: CrcKind): bigint {
  const one = 1n << BigInt(8 * kind.bytes - 1);
  let power = one >> 8n;
  let result = one;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiplied(result, power, kind);
    power = multiplied(power, power, kind);
  }
  return result;
}

/** A part of a whole: its CRC, big-endian, and its bytes. */
export interface CrcPart {
  readonly crc: Uint8Array;
  readonly size: number;
}

/** The CRC of all parts in a row, big-endian. */
export function combinedCrc(name: CrcName, parts: Iterable<CrcPart>): Buffer {
  const kind = CRC_KINDS[name];
  // Parts are nearly always of one size.
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { crc, size } of parts) {
    const shift = shifts.get(size) ?? shiftBy(size, kind);
    shifts.set(size, shift);
    whole = multiplied(whole, shift, kind) ^ BigInt(`0x${Buffer.from(crc).toString('hex')}`);
  }
  return crcBytes(whole, kind.bytes);
}
