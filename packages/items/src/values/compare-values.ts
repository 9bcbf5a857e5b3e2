/** Order and equality of canonical values, as conditions see them. */
import { type AttributeValue, attributeOf, type Item } from './attribute-value.ts';
import { compareNumbers } from './decimal.ts';

/** Negative, zero or positive for two values of type S, N or B; undefined when their types differ or have no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a) return 'S' in b ? compareText(a.S, b.S) : undefined;
  if ('N' in a) return 'N' in b ? compareNumbers(a.N, b.N) : undefined;
  if ('B' in a) return 'B' in b ? Buffer.compare(bytesOf(a.B), bytesOf(b.B)) : undefined;
  return undefined;
}

/** Whether two values are of one type and the same; the order of sets and maps does not matter. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('M' in a) return 'M' in b && equalMaps(a.M, b.M);
  if ('L' in a) return 'L' in b && a.L.length === b.L.length && a.L.every((each, i) => equalValues(each, b.L[i]!));
  if ('SS' in a) return 'SS' in b && equalSets(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && equalSets(a.NS, b.NS);
  return 'BS' in b && equalSets(a.BS, b.BS);
}

function equalMaps(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(name => {
    const other = attributeOf(b, name);
    return other !== undefined && equalValues(a[name]!, other);
  });
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(b);
  return a.every(member => members.has(member));
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** The order of UTF-8, which that of JavaScript is not where surrogates meet what is above them. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates begin characters above U+FFFF, and so come after all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
