/** Keys as bytes: equal where DynamoDB finds them equal, and in its order. */
import type { AttributeValue } from '../values/attribute-value.ts';
import { decimalOf, EXPONENT_MIN } from '../values/decimal.ts';

/** What a number begins with. */
const NEGATIVE = 0x00;
const ZERO = 0x01;
const POSITIVE = 0x02;
/** After the digits of a negative number, and above all of them: of two such numbers, the one with more digits is less. */
const NEGATIVE_END = 0xff;

/**
 * Bytes of a canonical value of type S, N or B, whose order (unsigned, shorter first) is DynamoDB's order among values of
 * that type. S and B are their own bytes (UTF-8); N has 1 to 22 bytes.
 *
 * @throws TypeError when the value is of another type
 */
export function keyBytes(value: AttributeValue): Uint8Array {
  if ('S' in value) return Buffer.from(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64');
  if ('N' in value) return numberBytes(value.N);
  throw new TypeError('a key is of type S, N or B');
}

/** Sign, exponent, two digits a byte, which is one more than they are; of negative numbers all after the sign is inverted. */
function numberBytes(number: string): Uint8Array {
  const { negative, digits, exponent } = decimalOf(number);
  if (digits === '') return Uint8Array.of(ZERO);
  const pairs = Math.ceil(digits.length / 2);
  const bytes = new Uint8Array(2 + pairs + (negative ? 1 : 0));
  const invert = negative ? 0xff : 0;
  bytes[0] = negative ? NEGATIVE : POSITIVE;
  bytes[1] = (exponent - EXPONENT_MIN) ^ invert;
  for (let i = 0; i < pairs; i++) {
    const pair = digits.slice(2 * i, 2 * i + 2).padEnd(2, '0');
    bytes[2 + i] = (Number(pair) + 1) ^ invert;
  }
  if (negative) bytes[2 + pairs] = NEGATIVE_END;
  return bytes;
}
