/**
 * DynamoDB's numbers: decimals of up to 38 significant digits and magnitudes from 1E-130 to 9.99...E+125, kept exactly
 * (Developer Guide, "Naming rules and data types", Number). Text in, text out; nothing is rounded.
 */
import { InvalidInput } from '../invalid-input.ts';

/** Zero has no digits. Otherwise the value is 0.d1d2d3... times ten to the `exponent` plus one; d1 and the last are not 0. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  /** Of scientific notation: 5 is 5E0. */
  readonly exponent: number;
}

const DIGITS_MAX = 38;
export const EXPONENT_MAX = 125;
export const EXPONENT_MIN = -130;

const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Whole numbers as they are printed, exact as doubles: most of the numbers there are. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * The number as DynamoDB prints it: no exponent, no needless zeros or signs.
 *
 * @throws InvalidInput when it is no number, or none that DynamoDB can keep
 */
export const canonicalNumber = (text: string): string => (PLAIN.test(text) ? text : printed(checked(parsed(text))));

/** Of a canonical number. */
export const decimalOf = (text: string): Decimal => parsed(text);

/** Negative, zero or positive, as the canonical number `a` is less than, equal to or greater than `b`. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (PLAIN.test(a) && PLAIN.test(b)) return Number(a) - Number(b);
  return compareDecimals(parsed(a), parsed(b));
}

/** @throws InvalidInput when the sum of the canonical numbers is none that DynamoDB can keep */
export function addNumbers(a: string, b: string): string {
  if (PLAIN.test(a) && PLAIN.test(b)) return String(Number(a) + Number(b));
  return printed(checked(sum(parsed(a), parsed(b))));
}

/** @throws InvalidInput when the difference is none that DynamoDB can keep */
export function subtractNumbers(a: string, b: string): string {
  if (PLAIN.test(a) && PLAIN.test(b)) return String(Number(a) - Number(b));
  const { negative, ...rest } = parsed(b);
  return printed(checked(sum(parsed(a), { negative: !negative, ...rest })));
}

function parsed(text: string): Decimal {
  const match = NUMERAL.exec(text);
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) {
    const story = 'The parameter cannot be converted to a numeric value';
    throw new InvalidInput(text === '' ? story : `${story}: ${text}`);
  }
  const whole = match[2]!;
  return decimal(match[1] === '-', whole + (match[3] ?? ''), whole.length - 1 + Number(match[4] ?? 0));
}

/** Of digits whose first stands for ten to the `exponent`. */
function decimal(negative: boolean, digits: string, exponent: number): Decimal {
  let from = 0;
  while (digits[from] === '0') from++;
  let to = digits.length;
  while (to > from && digits[to - 1] === '0') to--;
  if (from === to) return { negative: false, digits: '', exponent: 0 };
  return { negative, digits: digits.slice(from, to), exponent: exponent - from };
}

function checked(number: Decimal): Decimal {
  if (number.digits === '') return number;
  if (number.exponent > EXPONENT_MAX)
    throw new InvalidInput('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (number.exponent < EXPONENT_MIN)
    throw new InvalidInput(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  if (number.digits.length > DIGITS_MAX)
    throw new InvalidInput('Attempting to store more than 38 significant digits in a Number');
  return number;
}

function printed({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return sign + digits + '0'.repeat(exponent - digits.length + 1);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = sign(a) - sign(b);
  if (signs !== 0) return signs;
  const magnitudes = a.exponent - b.exponent || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0);
  return a.negative ? -magnitudes : magnitudes;
}

const sign = (number: Decimal): number => (number.digits === '' ? 0 : number.negative ? -1 : 1);

function sum(a: Decimal, b: Decimal): Decimal {
  const unit = Math.min(lastPlace(a), lastPlace(b));
  const total = scaled(a, unit) + scaled(b, unit);
  const digits = String(total < 0n ? -total : total);
  return decimal(total < 0n, digits, unit + digits.length - 1);
}

/** Which power of ten the last digit counts. */
const lastPlace = ({ digits, exponent }: Decimal): number => (digits === '' ? 0 : exponent - digits.length + 1);

function scaled(number: Decimal, unit: number): bigint {
  if (number.digits === '') return 0n;
  const magnitude = BigInt(number.digits + '0'.repeat(lastPlace(number) - unit));
  return number.negative ? -magnitude : magnitude;
}
