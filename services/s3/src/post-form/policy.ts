/**
 * The policy of a browser form: what its fields may say, and how large the file may be ("Creating a POST policy", Amazon
 * S3 API Reference). A field that no condition speaks of is refused.
 */

import { s3Error, s3Problem } from '../errors.ts';
import { parseJson } from './policy-document.ts';

export interface PostPolicy {
  /** ms since the epoch. */
  readonly expiresAt: number;
  readonly conditions: readonly Condition[];
}

export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly name: string; readonly value: string }
  | { readonly kind: 'size'; readonly range: SizeRange }
  /** One that means nothing never holds. */
  | { readonly kind: 'never'; readonly shown: string };

/** What a policy is asked about: fields by lower-case names, the key with the file's name in it. */
export interface PostedForm {
  readonly bucket: string;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads a policy as a form carries it, in base64.
 * @throws AwsError InvalidPolicyDocument
 */
export function readPolicy(encoded: string): PostPolicy {
  const document = parseJson(encoded);
  const { expiration, conditions } = document;
  if (expiration === undefined) throw invalid('Missing expiration.');
  const expiresAt = typeof expiration === 'string' && ISO_TIME.test(expiration) ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expiresAt)) throw invalid(`Invalid 'expiration' value: '${String(expiration).slice(0, SHOWN_MAX)}'`);
  if (conditions === undefined || conditions === null) throw invalid('Missing conditions.');
  if (!Array.isArray(conditions)) throw invalid('Invalid conditions.');
  if (conditions.length > CONDITIONS_MAX) throw invalid('Too many conditions.');
  return { expiresAt, conditions: conditions.map(readCondition) };
}

/**
 * That the form is within its policy, but for the size of the file.
 * @throws AwsError AccessDenied
 */
export function meetPolicy({ expiresAt, conditions }: PostPolicy, form: PostedForm, now: number): void {
  if (now >= expiresAt) throw denied('Policy expired.');
  for (const condition of conditions) {
    if (condition.kind === 'size' || holds(condition, form)) continue;
    throw denied(`Policy Condition failed: ${shown(condition)}`);
  }
  const named = new Set(conditions.flatMap(each => ('field' in each ? [each.field] : [])));
  const extra = [...form.fields.keys()].filter(field => !named.has(field) && !needsNoCondition(field));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.toSorted().join(', ')}`);
}

/** How large the file may be, by all conditions together. */
export function allowedSize({ conditions }: PostPolicy): SizeRange {
  const ranges = conditions.flatMap(each => (each.kind === 'size' ? [each.range] : []));
  return {
    min: Math.max(0, ...ranges.map(({ min }) => min)),
    max: Math.min(Number.MAX_SAFE_INTEGER, ...ranges.map(({ max }) => max)),
  };
}

/** @throws AwsError EntityTooSmall, EntityTooLarge */
export function meetSize({ min, max }: SizeRange, size: number): void {
  if (size < min) throw s3Error('EntityTooSmall', { ProposedSize: size, MinSizeAllowed: min });
  if (size > max) throw s3Error('EntityTooLarge', { ProposedSize: size, MaxSizeAllowed: max });
}

function readCondition(given: unknown): Condition {
  if (Array.isArray(given)) return readOperator(given);
  if (typeof given !== 'object' || given === null) return { kind: 'never', shown: JSON.stringify(given) };
  const [property, ...more] = Object.entries(given as Record<string, unknown>);
  if (property === undefined || more.length > 0)
    throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  return readOperator(['eq', `$${property[0]}`, property[1]]);
}

function readOperator(given: readonly unknown[]): Condition {
  const [operator, first, second] = given;
  const kind = typeof operator === 'string' ? operator.toLowerCase() : '';
  if (given.length === 3 && kind === 'content-length-range' && isSize(first) && isSize(second))
    return { kind: 'size', range: { min: Number(first), max: Number(second) } };
  const isText = given.length === 3 && typeof first === 'string' && typeof second === 'string';
  if (isText && first.startsWith('$') && (kind === 'eq' || kind === 'starts-with'))
    return { kind, field: first.slice(1).toLowerCase(), name: first.slice(1), value: second };
  return { kind: 'never', shown: `[${given.map(each => JSON.stringify(each)).join(', ')}]` };
}

function holds(condition: Exclude<Condition, { kind: 'size' }>, { bucket, fields }: PostedForm): boolean {
  if (condition.kind === 'never') return false;
  const { kind, field, value } = condition;
  const actual = field === 'bucket' ? bucket : fields.get(field);
  if (kind === 'eq') return actual === value;
  // Several types may be given at once, and each must be allowed.
  const parts = field === 'content-type' ? (actual ?? '').split(',') : [actual ?? ''];
  return parts.every(part => part.trim().startsWith(value));
}

const shown = (condition: Exclude<Condition, { kind: 'size' }>): string =>
  condition.kind === 'never'
    ? condition.shown
    : `["${condition.kind}", ${JSON.stringify(`$${condition.name}`)}, ${JSON.stringify(condition.value)}]`;

const needsNoCondition = (field: string): boolean => FREE_FIELDS.has(field) || field.startsWith('x-ignore-');

/** Numbers, or text that is one: tools write both. */
const isSize = (given: unknown): given is number | string =>
  (typeof given === 'number' || (typeof given === 'string' && /^\d{1,15}$/.test(given))) &&
  Number.isSafeInteger(Number(given)) &&
  Number(given) >= 0;

const invalid = (why: string) => s3Problem('InvalidPolicyDocument', `Invalid Policy: ${why}`);
const denied = (why: string) => s3Problem('AccessDenied', `Invalid according to Policy: ${why}`);

const FREE_FIELDS = new Set(['x-amz-signature', 'signature', 'awsaccesskeyid', 'policy', 'file']);
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const CONDITIONS_MAX = 200;
const SHOWN_MAX = 64;
