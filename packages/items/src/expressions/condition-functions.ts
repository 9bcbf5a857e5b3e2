/** The functions of conditions, over canonical values (Developer Guide, "Condition and filter expressions"). */
import type { AttributeValue } from '../values/attribute-value.ts';
import { equalValues } from '../values/compare-values.ts';
import { binarySize } from '../values/item-size.ts';

/** `begins_with`: of two values of type S, or two of type B. */
export function startsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if (!('B' in value && 'B' in prefix)) return false;
  const begin = bytesOf(prefix.B);
  return bytesOf(value.B).subarray(0, begin.length).equals(begin);
}

/** `contains`: a part of text or bytes, a member of a set or a list. */
export function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && bytesOf(value.B).includes(bytesOf(part.B));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  if ('BS' in value) return 'B' in part && value.BS.includes(part.B);
  return 'L' in value && value.L.some(member => equalValues(member, part));
}

/** `size`: characters of text, bytes of a binary value, members of anything else; undefined of what has no size. */
export function sizeOf(value: AttributeValue): AttributeValue | undefined {
  const size = sizeNumber(value);
  return size === undefined ? undefined : { N: String(size) };
}

function sizeNumber(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return undefined;
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
