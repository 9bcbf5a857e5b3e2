/**
 * Values as a simple evaluator wants them, for tests only. Nothing here is shared with what is tested: numbers are big
 * integers of one unit, sets are sets, and a list is what stands at each of its places.
 */
import type { AttributeValue, Item } from '../values/attribute-value.ts';

export type Plain =
  | { readonly type: 'S'; readonly text: string }
  | { readonly type: 'N'; readonly units: bigint }
  | { readonly type: 'B'; readonly hex: string }
  | { readonly type: 'BOOL'; readonly yes: boolean }
  | { readonly type: 'NULL' }
  | { readonly type: 'M'; readonly members: Map<string, Plain> }
  | { readonly type: 'L'; readonly places: Map<number, Plain> }
  | { readonly type: 'SS' | 'NS' | 'BS'; readonly members: Set<string> };

/** The last place that a number of 38 digits can have: 1E-130 with 37 digits behind the first. */
const PLACES = 167;

/** How many units a decimal is. */
export function unitsOf(number: string): bigint {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const places = PLACES + Number(exponent) - fraction.length;
  const digits = BigInt(`${whole}${fraction}`);
  // Further right than any valid number there are zeros only, in what tests make.
  const units = places >= 0 ? digits * 10n ** BigInt(places) : digits / 10n ** BigInt(-places);
  return mantissa.startsWith('-') ? -units : units;
}

/** The decimal that DynamoDB prints; undefined when it can keep no such number. */
export function numberOf(units: bigint): string | undefined {
  if (units === 0n) return '0';
  const all = String(units < 0n ? -units : units).padStart(PLACES + 1, '0');
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const first = all.replace(/^0+/, '').length - 1 - PLACES;
  if (digits.length > 38 || first > 125 || first < -130) return undefined;
  const whole = all.slice(0, -PLACES).replace(/^0+(?=\d)/, '');
  const fraction = all.slice(-PLACES).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export function plain(value: AttributeValue): Plain {
  const [type, content] = Object.entries(value)[0] as [string, never];
  switch (type) {
    case 'S':
      return { type, text: content };
    case 'N':
      return { type, units: unitsOf(content) };
    case 'B':
      return { type, hex: Buffer.from(content, 'base64').toString('hex') };
    case 'BOOL':
      return { type, yes: content };
    case 'NULL':
      return { type };
    case 'M':
      return { type, members: plainItem(content) };
    case 'L':
      return { type, places: new Map((content as AttributeValue[]).map((each, i) => [i, plain(each)])) };
    default:
      return { type: type as 'SS' | 'NS' | 'BS', members: new Set(content as string[]) };
  }
}

export const plainItem = (item: Item): Map<string, Plain> =>
  new Map(Object.entries(item).map(([name, value]) => [name, plain(value)]));

/** The same text for the same value, whatever the order of members. */
export function fingerprint(value: Plain | undefined): string {
  if (value === undefined) return 'nothing';
  switch (value.type) {
    case 'S':
      return `S${JSON.stringify(value.text)}`;
    case 'N':
      return `N${value.units}`;
    case 'B':
      return `B${value.hex}`;
    case 'BOOL':
      return `BOOL${value.yes}`;
    case 'NULL':
      return 'NULL';
    case 'M':
      return `M${fingerprintOfItem(value.members)}`;
    case 'L':
      return `L[${membersOf(value.places).map(fingerprint).join()}]`;
    default:
      return `${value.type}${JSON.stringify([...value.members].sort())}`;
  }
}

export const fingerprintOfItem = (members: ReadonlyMap<string, Plain>): string =>
  `{${[...members]
    .map(([name, member]) => `${JSON.stringify(name)}:${fingerprint(member)}`)
    .sort()
    .join()}}`;

/** What stands in a list, place after place. */
export const membersOf = (places: ReadonlyMap<number, Plain>): Plain[] =>
  [...places].sort(([a], [b]) => a - b).map(([, member]) => member);
