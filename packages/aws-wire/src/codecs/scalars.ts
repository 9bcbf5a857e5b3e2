/** Simple values as text: in forms, headers, paths and XML. Reading is strict, because clients' mistakes should show. */
import { MalformedInput } from '../aws-error.ts';
import type { SimpleShape, TimestampFormat } from '../schema/service-schema.ts';
import { formatTimestamp, parseTimestamp } from '../text/timestamps.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
// Longer texts are not numbers that anyone means, and converting them costs more than linear time.
const NUMBER_LENGTH_MAX = 400;

/** At most 64 characters of a value, for error messages. */
export const excerpt = (value: string): string => (value.length > 64 ? `${value.slice(0, 64)}...` : value);

export function parseNumber(text: string): number {
  if (text.length <= NUMBER_LENGTH_MAX && NUMBER.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
  throw new MalformedInput(`Invalid number ${excerpt(text)}`);
}

export function parseBigInteger(text: string): bigint {
  if (text.length > NUMBER_LENGTH_MAX || !INTEGER.test(text))
    throw new MalformedInput(`Invalid integer ${excerpt(text)}`);
  return BigInt(text);
}

export function parseBoolean(text: string): boolean {
  switch (text) {
    case 'true':
    case 'True':
      return true;
    case 'false':
    case 'False':
      return false;
    default:
      throw new MalformedInput(`Invalid boolean ${excerpt(text)}`);
  }
}

export function parseBlob(text: string): Buffer {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (compact.length % 4 === 1 || !BASE64.test(compact)) throw new MalformedInput('Invalid base64 text');
  return Buffer.from(compact, 'base64');
}

export const formatBlob = (value: Uint8Array | string): string => {
  if (typeof value === 'string') return Buffer.from(value).toString('base64');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
};

/** The function that reads a simple shape from text. */
export function textReader(shape: SimpleShape): (text: string) => unknown {
  switch (shape.type) {
    case 'number':
      return parseNumber;
    case 'boolean':
      return parseBoolean;
    case 'timestamp':
      return parseTimestamp;
    case 'blob':
      return parseBlob;
    case 'bigInteger':
      return parseBigInteger;
    case 'bigDecimal':
    case 'string':
    case 'document':
      return text => text;
  }
}

/** The function that writes a simple shape as text; `defaultFormat` is the protocol's own form of timestamps. */
export function textWriter(shape: SimpleShape, defaultFormat: TimestampFormat): (value: unknown) => string {
  if (shape.type === 'blob') return value => formatBlob(value as Uint8Array | string);
  if (shape.type !== 'timestamp') return String;
  const format = shape.timestampFormat ?? defaultFormat;
  return value => formatTimestamp(value instanceof Date ? value : new Date(value as number), format);
}
