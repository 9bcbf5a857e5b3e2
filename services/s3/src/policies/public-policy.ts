/**
 * Whether a bucket policy is public: whether it allows something to people nobody can name ("The meaning of 'public'",
 * Blocking public access, Amazon S3 User Guide).
 */
import type { ConditionClause, PolicyDocument, PolicyStatement } from '@stormglass/identity';

/** Keys that tie a statement to known callers, when what they are compared with has no wildcard. */
const FIXING_KEYS = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);

const FIXING_OPERATORS = new Set([
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
  'foranyvalue:stringequals',
  'foranyvalue:stringlike',
]);

/** Wider ranges of addresses are public: 0.0.0.0/1 and its like. */
const PREFIX_MIN = { v4: 8, v6: 32 };

export const isPublicPolicy = ({ statements }: PolicyDocument): boolean => statements.some(isPublicStatement);

const isPublicStatement = ({ effect, principal, conditions }: PolicyStatement): boolean =>
  effect === 'Allow' &&
  (principal?.everyone === true || principal?.aws.includes('*') === true) &&
  !conditions.some(isFixing);

function isFixing({ operator, key, values }: ConditionClause): boolean {
  const [name, how] = [key.toLowerCase(), operator.toLowerCase()];
  if (name === 'aws:sourceip') return how === 'ipaddress' && values.every(isNarrow);
  return FIXING_KEYS.has(name) && FIXING_OPERATORS.has(how) && values.every(value => isFixed(name, value));
}

const OPEN = /[*?]|\$\{/;
/** An ARN with an account in it may have wildcards behind that. */
const ARN_OF_ACCOUNT = /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d{12}:/;

const isFixed = (name: string, value: string): boolean =>
  value !== '' && (!OPEN.test(value) || (name.endsWith('arn') && ARN_OF_ACCOUNT.test(value)));

function isNarrow(range: string): boolean {
  const [address = '', prefix] = range.split('/');
  if (prefix === undefined) return true;
  return Number(prefix) >= (address.includes(':') ? PREFIX_MIN.v6 : PREFIX_MIN.v4);
}
