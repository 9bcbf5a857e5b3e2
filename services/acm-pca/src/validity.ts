/** Dates of a certificate as callers of ACM-PCA give them (AWS Private CA API Reference, "Validity"). */
import type { Validity } from '@aws-sdk/client-acm-pca';
import { invalidArgs } from './errors.ts';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3_600_000;
const END_DATE = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;
/** X.509 writes years with four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/**
 * The date in ms since the epoch, counted from `now` where it is relative.
 * @throws AwsError InvalidArgsException
 */
export function dateOf(validity: Validity, now: number, member: string): number {
  const date = plainDate(validity, now);
  if (date === undefined || !Number.isFinite(date) || date > LATEST_MS) {
    throw invalidArgs(`${member} is not a date: ${validity.Type} ${validity.Value}.`);
  }
  return date;
}

function plainDate({ Type, Value = Number.NaN }: Validity, now: number): number | undefined {
  switch (Type) {
    case 'DAYS':
      return now + Value * DAY_MS;
    case 'MONTHS':
      return monthsLater(now, Value);
    case 'YEARS':
      return monthsLater(now, Value * 12);
    case 'ABSOLUTE':
      return Value * SECOND_MS;
    case 'END_DATE':
      return endDate(Value);
    default:
      return undefined;
  }
}

/** The same day of a later month, or the last one where that month is shorter. */
function monthsLater(now: number, months: number): number {
  const from = new Date(now);
  const to = new Date(now);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  return to.setUTCDate(Math.min(from.getUTCDate(), lastDay));
}

/** `YYMMDDHHMMSS` or `YYYYMMDDHHMMSS`; a leading zero of the first is lost, because it comes as a number. */
function endDate(value: number): number | undefined {
  const text = String(value);
  const [, year = '', month = '', ...rest] = END_DATE.exec(text.padStart(12, '0')) ?? [];
  if (month === '') return undefined;
  const [day = 0, hour = 0, minute = 0, second = 0] = rest.map(Number);
  // RFC 5280, 4.1.2.5.1: two digits from 50 on are of the twentieth century.
  const century = year.length === 4 ? 0 : Number(year) >= 50 ? 1900 : 2000;
  const date = new Date(Date.UTC(century + Number(year), Number(month) - 1, day, hour, minute, second));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
  return isReal && second < 60 ? date.getTime() : undefined;
}
