/** How large an item is, as DynamoDB counts and bills it (Developer Guide, "DynamoDB item sizes and formats"). */
import type { AttributeValue, Item } from './attribute-value.ts';

/** The largest item, names included. */
export const ITEM_BYTES_MAX = 400 * 1024;

const CONTAINER_BYTES = 3;
const MEMBER_BYTES = 1;

/** Bytes of an item: UTF-8 names and their values. */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueSize(item[name]!);
  return bytes;
}

/** Bytes of a canonical value without its name. */
export function valueSize(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('M' in value) return CONTAINER_BYTES + MEMBER_BYTES * Object.keys(value.M).length + itemSize(value.M);
  if ('L' in value) return CONTAINER_BYTES + sum(value.L, each => MEMBER_BYTES + valueSize(each));
  if ('SS' in value) return sum(value.SS, each => Buffer.byteLength(each));
  if ('NS' in value) return sum(value.NS, numberSize);
  return sum(value.BS, binarySize);
}

/** Bytes that base64 text stands for. */
export function binarySize(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/**
 * Two digits a byte, counted apart before and after the point, zeros at the ends aside; a byte more, and one for a minus.
 * The guide says less; this is what the limit of 400 KB shows byte by byte (3.14159 counts 5, 123456 counts 4).
 */
function numberSize(number: string): number {
  if (number === '0') return 1;
  const from = number.startsWith('-') ? 1 : 0;
  const point = number.indexOf('.');
  if (point < 0) return 1 + from + pairs(withoutEndZeros(number) - from);
  const fraction = number.length - point - 1;
  const isPure = number[from] === '0';
  const leading = isPure ? fraction - number.slice(point + 1).replace(/^0+/, '').length : 0;
  return 1 + from + (isPure ? 0 : pairs(point - from)) + pairs(fraction - leading);
}

const pairs = (digits: number): number => Math.ceil(digits / 2);

/** How long the number is without the zeros at its end. */
function withoutEndZeros(number: string): number {
  let length = number.length;
  while (number[length - 1] === '0') length--;
  return length;
}

function sum<T>(members: readonly T[], bytesOf: (member: T) => number): number {
  let bytes = 0;
  for (const member of members) bytes += bytesOf(member);
  return bytes;
}
