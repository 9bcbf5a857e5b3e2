/** Numbers, dates and truth values as conditions write them. What cannot be read is never equal, greater or less. */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** An integer or decimal; NaN when `text` is none. */
export const readNumber = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN);

const EPOCH_SECONDS = /^\d+(\.\d+)?$/;

/**
 * The profile of ISO 8601 that W3C describes ("Date and Time Formats"): year, year and month, day, or a day and a time
 * with its zone. A time without zone is in UTC: no zone of a region may read it in a clock of its own.
 */
const W3C = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** A moment in ms since the epoch, from a date or from seconds since the epoch; NaN when `text` is neither. */
export function readDate(text: string): number {
  // Four digits are a year: as seconds they would be an hour of 1970.
  if (EPOCH_SECONDS.test(text) && text.length !== 4) return Number(text) * 1000;
  const match = W3C.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month = '01', day = '01', time = '00:00', zone = 'Z'] = match;
  const moment = Date.parse(`${year}-${month}-${day}T${time}${zone.replace(/^(.\d{2})(\d{2})$/, '$1:$2')}`);
  // A day that does not exist, such as 30 February, would otherwise become one of the next month.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= lastDay ? moment : Number.NaN;
}

/** `true` or `false` in any case; undefined for anything else. */
export function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** The one spelling of bytes in base64: padding and line breaks do not count. */
export const readBinary = (text: string): string => Buffer.from(text, 'base64').toString('base64');
