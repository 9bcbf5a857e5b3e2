/** The parts that the values of record sets are made of: numbers, names, quoted text, addresses. */
import { dnsName, labelsOf, NameProblem } from './names.ts';

/** What is wrong with a value, in the words of Route 53. */
export class ValueProblem extends Error {
  override readonly name = 'ValueProblem';
}

export const badValue = (code: string, description: string): ValueProblem =>
  new ValueProblem(`${code} (${description})`);

/**
 * The fields of a value: words, and texts in quotation marks.
 * @throws ValueProblem when there are not `count`
 */
export function fieldsOf(type: string, text: string, count: number): string[] {
  const fields = text.trim() === '' ? [] : (text.trim().match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? []);
  if (fields.length !== count) {
    throw badValue(`${type}RRDATANot${COUNTS[count]}Fields`, `${type} record doesn't have ${count} fields`);
  }
  return fields;
}

const COUNTS: Readonly<Record<number, string>> = { 2: 'Two', 3: 'Three', 4: 'Four', 6: 'Six', 7: 'Seven' };

export function wholeNumber(type: string, text: string, bits: 8 | 16 | 32): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number < 2 ** bits) return number;
  throw badValue(`${type}RRDATAIllegalNumber`, `Value should be a whole number of ${bits} bits`);
}

/** A name as `@stormglass/dns` has it: without the last dot. The root is the empty text. */
export function targetName(text: string): string {
  try {
    return dnsName(labelsOf(text));
  } catch (error) {
    throw error instanceof NameProblem ? badValue(error.code, error.description) : error;
  }
}

const STRING_MAX = 255;

/** One text in quotation marks, its escapes resolved, as bytes. */
export function characterString(text: string): Buffer {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
  if (inner === undefined) throw badValue('InvalidCharacterString', 'Value should be enclosed in quotation marks');
  const bytes = Buffer.from(
    inner.replace(/\\([0-3][0-7]{2}|.)/gs, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
    ),
    'utf8',
  );
  if (bytes.length > STRING_MAX) throw badValue('CharacterStringTooLong', 'Value is too long');
  return bytes;
}

/** One text in quotation marks or more, with white space between them. */
export function characterStrings(text: string): Buffer[] {
  const parts = text.trim().match(/"(?:[^"\\]|\\.)*"|\S+/gs) ?? [''];
  return parts.map(characterString);
}

export function ipv4(text: string): string {
  const parts = text.split('.');
  const isAddress = parts.length === 4 && parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  if (!isAddress) throw badValue('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address');
  return text;
}

/** Eight groups of hexadecimal digits, one run of them left out as `::`, the last two perhaps as IPv4 (RFC 4291, 2.2). */
export function ipv6(text: string): string {
  const problem = () => badValue('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address');
  const dotted = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  if (dotted !== null && !/^(?:\d{1,3}\.){3}\d{1,3}$/.test(dotted[2]!)) throw problem();
  const plain = dotted === null ? text : `${dotted[1]}0:0`;
  const halves = plain.split('::');
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const isComplete = halves.length === 2 ? groups.length <= 7 : halves.length === 1 && groups.length === 8;
  if (!isComplete || !groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))) throw problem();
  if (dotted !== null && dotted[2]!.split('.').some(part => Number(part) > 255)) throw problem();
  return text.toLowerCase();
}

export function hexBytes(type: string, text: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text))
    throw badValue(`${type}RRDATAIllegalHexadecimal`, 'Value should be hexadecimal digits');
  return Buffer.from(text, 'hex');
}
