/** Timestamps in the forms of the AWS protocols. */
import { MalformedInput } from '../aws-error.ts';
import type { TimestampFormat } from '../schema/service-schema.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const EPOCH = /^-?\d{1,15}(?:\.\d{1,9})?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?:\.\d{1,3})? GMT$/;

// Lists have a thousand times, most of them of few days, and making text of a date is half of what a row costs.
let isoDay = Number.NaN;
let isoPrefix = '';
let httpDay = Number.NaN;
let httpPrefix = '';
const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));

/** `09:05:00` */
function timeOfDay(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${TWO[Math.floor(seconds / 3600)]}:${TWO[Math.floor(seconds / 60) % 60]}:${TWO[seconds % 60]}`;
}

/**
 * `2026-01-31T23:59:59.000Z`, with milliseconds always.
 * @throws RangeError for what is no time
 */
export function wholeIsoTime(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== isoDay) {
    isoPrefix = new Date(ms).toISOString().slice(0, -13);
    isoDay = day;
  }
  const inDay = Math.trunc(ms - day * DAY_MS);
  return `${isoPrefix}${timeOfDay(inDay)}.${String(inDay % 1000).padStart(3, '0')}Z`;
}

/** `Sat, 31 Jan 2026 23:59:59 GMT` */
function httpTime(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / DAY_MS);
  if (day !== httpDay) {
    if (Number.isNaN(day)) return date.toUTCString();
    httpPrefix = date.toUTCString().slice(0, -12);
    httpDay = day;
  }
  return `${httpPrefix}${timeOfDay(ms - day * DAY_MS)} GMT`;
}

/** A point in time as text; fractions of seconds appear only where there are any. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'http-date') return httpTime(date);
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  const iso = date.toISOString();
  return iso.endsWith('.000Z') ? `${iso.slice(0, -5)}Z` : iso;
}

/** Reads any of the three forms, whichever the model names: AWS is as lenient. */
export function parseTimestamp(value: string | number): Date {
  const date =
    typeof value === 'number'
      ? new Date(value * 1000)
      : EPOCH.test(value)
        ? new Date(Number(value) * 1000)
        : parseCalendar(value);
  if (Number.isNaN(date.getTime())) throw new MalformedInput(`Invalid timestamp ${shorten(String(value))}`);
  return date;
}

function parseCalendar(text: string): Date {
  if (HTTP_DATE.test(text) || DATE.test(text)) return new Date(text);
  if (!DATE_TIME.test(text)) return new Date(Number.NaN);
  // Without a zone AWS means UTC, where JavaScript would mean the zone of this machine.
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

/** `20260131T235959Z`, the form of signatures. */
export function compactTimestamp(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

const COMPACT = /^\d{8}T\d{6}Z$/;

/** Milliseconds of a `20260131T235959Z`, or undefined when the text is anything else. */
export function parseCompactTimestamp(text: string): number | undefined {
  if (!COMPACT.test(text)) return undefined;
  const part = (from: number, to: number) => Number(text.slice(from, to));
  const ms = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15));
  return compactTimestamp(ms) === text ? ms : undefined;
}

const shorten = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}...` : text);
