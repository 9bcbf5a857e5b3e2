/**
 * Reading OTLP as it is, not as it should be: whatever has the wrong form counts as absent. JSON has 64-bit numbers as
 * strings and ids in hexadecimal; decoded protobuf has ids as bytes (OTLP specification, "JSON Protobuf Encoding").
 */
import type { Attributes, Value } from './span.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Longer texts are cut: an attribute is to be read by people. */
const TEXT_MAX = 2048;
const ATTRIBUTES_MAX = 64;
const DEPTH_MAX = 8;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, TEXT_MAX) : '');

/** 0 for what is no number. */
export function numberOf(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

/** Nanoseconds since the epoch, which do not fit into a number, as microseconds, which do. */
export function microsecondsOf(value: unknown): number {
  if (typeof value === 'number') return Math.round(value / 1000);
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? Number(BigInt(value) / 1000n) : 0;
}

/** Lower-case hexadecimal; empty for what is no id of `digits` digits, or is all zero. */
export function idOf(value: unknown, digits: number): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : textOf(value).toLowerCase();
  return text.length === digits && /^[0-9a-f]+$/.test(text) && /[1-9a-f]/.test(text) ? text : '';
}

export function attributesOf(value: unknown, depth = 0): Attributes {
  const attributes: Record<string, Value> = {};
  for (const each of listOf(value).slice(0, ATTRIBUTES_MAX)) {
    const { key, value } = fieldsOf(each);
    const read = anyValue(value, depth);
    if (typeof key === 'string' && key !== '' && read !== undefined) attributes[key.slice(0, TEXT_MAX)] = read;
  }
  return attributes;
}

/** `AnyValue` of OTLP; what is neither text nor number nor boolean is shown as JSON, as deep as people would read. */
function anyValue(value: unknown, depth = 0): Value | undefined {
  if (depth > DEPTH_MAX) return '…';
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = fieldsOf(value);
  if (typeof stringValue === 'string') return textOf(stringValue);
  if (typeof boolValue === 'boolean') return boolValue;
  if (intValue !== undefined) return numberOf(intValue);
  if (doubleValue !== undefined) return numberOf(doubleValue);
  if (arrayValue !== undefined) {
    return textOf(JSON.stringify(listOf(fieldsOf(arrayValue).values).map(each => anyValue(each, depth + 1))));
  }
  return kvlistValue === undefined
    ? undefined
    : textOf(JSON.stringify(attributesOf(fieldsOf(kvlistValue).values, depth + 1)));
}
