/** The texts of AWS's validation errors, and the checks behind them. */
import type { Constraint } from '../schema/service-schema.ts';

const patterns = new Map<string, RegExp | undefined>();

/**
 * A pattern of the models (Java syntax) as a JavaScript expression for the whole value. The Unicode flag gives `\p{L}`
 * its meaning but refuses needless escapes such as `\_`, so both modes are tried. What neither understands is not
 * checked.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  if (patterns.has(pattern)) return patterns.get(pattern);
  let compiled: RegExp | undefined;
  for (const flags of ['u', '']) {
    try {
      compiled = new RegExp(`^(?:${pattern})$`, flags);
      break;
    } catch {}
  }
  patterns.set(pattern, compiled);
  return compiled;
}

// A value that breaks its maximum by far is an error anyway, and some patterns of the models (repetitions within
// repetitions) take more than linear time, so only values near their maximum are matched.
const PATTERN_LENGTH_MAX = 8192;

function matchesPattern({ pattern, max = Number.POSITIVE_INFINITY }: Constraint, text: string): boolean {
  if (pattern === undefined || text.length > Math.max(PATTERN_LENGTH_MAX, max)) return true;
  return compilePattern(pattern)?.test(text) ?? true;
}

interface Limits {
  readonly text: (constraint: Constraint) => string | undefined;
  readonly broken: (constraint: Constraint, value: unknown) => boolean;
}

const sizeOf = (value: unknown): number | undefined => {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
};

const tooLarge: Limits = {
  text: ({ max }) => (max === undefined ? undefined : `Member must have length less than or equal to ${max}`),
  broken: ({ max }, value) => max !== undefined && (sizeOf(value) ?? 0) > max,
};
const tooSmall: Limits = {
  text: ({ min }) => (min === undefined ? undefined : `Member must have length greater than or equal to ${min}`),
  broken: ({ min }, value) => min !== undefined && (sizeOf(value) ?? min) < min,
};
const above: Limits = {
  text: ({ max }) => (max === undefined ? undefined : `Member must have value less than or equal to ${max}`),
  broken: ({ max }, value) => max !== undefined && Number(value) > max,
};
const below: Limits = {
  text: ({ min }) => (min === undefined ? undefined : `Member must have value greater than or equal to ${min}`),
  broken: ({ min }, value) => min !== undefined && Number(value) < min,
};
const wrongPattern: Limits = {
  text: ({ pattern }) => pattern && `Member must satisfy regular expression pattern: ${pattern}`,
  broken: (constraint, value) => typeof value === 'string' && !matchesPattern(constraint, value),
};
const notInEnum: Limits = {
  text: ({ enum: values }) => values && `Member must satisfy enum value set: [${values.join(', ')}]`,
  broken: ({ enum: values }, value) => values !== undefined && !values.includes(String(value)),
};
const notWhole: Limits = {
  text: ({ integer }) => integer && 'Member must be a whole number',
  broken: ({ integer }, value) => integer === true && typeof value === 'number' && !Number.isInteger(value),
};

const checksFor = (type: string): Limits[] =>
  type === 'number' || type === 'bigInteger' ? [notWhole, above, below] : [wrongPattern, tooLarge, tooSmall, notInEnum];

/** The constraints that a value breaks, in the order in which AWS lists them. */
export const brokenConstraints = (type: string, constraint: Constraint, value: unknown): string[] =>
  checksFor(type)
    .filter(check => check.broken(constraint, value))
    .map(check => check.text(constraint) ?? '');

/** Whether a value breaks anything; no text is made. */
export const isBroken = (type: string, constraint: Constraint, value: unknown): boolean =>
  checksFor(type).some(check => check.broken(constraint, value));

// For items of lists and maps AWS lists everything they must satisfy, sizes before patterns.
/** All constraints on an item, as in `Member must satisfy constraint: [...]`. */
export const allConstraints = (type: string, constraint: Constraint): string =>
  (type === 'number' ? [above, below] : [tooLarge, tooSmall, wrongPattern, notInEnum])
    .map(check => check.text(constraint))
    .filter(text => text !== undefined)
    .join(', ');

const SHOWN_MAX = 1000;

/** A value as Java prints it: `[a, b]`, `{k=v}`. */
export function printValue(value: unknown, depth = 0): string {
  if (value === undefined || value === null) return 'null';
  if (depth > 4) return '...';
  let text: string;
  if (Array.isArray(value)) text = `[${value.map(item => printValue(item, depth + 1)).join(', ')}]`;
  else if (value instanceof Date) text = value.toISOString();
  else if (value instanceof Uint8Array) text = `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  else if (typeof value === 'object') {
    const entries = Object.entries(value).slice(0, 50);
    text = `{${entries.map(([key, item]) => `${key}=${printValue(item, depth + 1)}`).join(', ')}}`;
  } else text = String(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
}
