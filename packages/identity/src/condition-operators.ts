/**
 * The condition operators: what each one compares. How a comparison is combined over several values, and what a missing
 * key means, is the same for all of them and lives in `conditions.ts`.
 */
import { cidrTest } from './ip-ranges.ts';
import { compileArnPattern, compilePattern, type TextTest, type Tokens } from './patterns.ts';

export type ConditionOperator = {
  /** `StringNotEquals` and its like: the comparison of their positive twin, turned round. */
  readonly negated: boolean;
} & (
  | { readonly reads: 'pattern'; readonly compile: (wanted: Tokens) => TextTest }
  | { readonly reads: 'text'; readonly compile: (wanted: string) => TextTest }
);

export interface ParsedOperator {
  readonly set: 'one' | 'all' | 'any';
  readonly ifExists: boolean;
  /** `Null` asks only whether the key is there. */
  readonly operator: ConditionOperator | 'null';
}

const never: TextTest = () => false;

const equals =
  (wanted: string): TextTest =>
  text =>
    text === wanted;

function equalsIgnoringCase(wanted: string): TextTest {
  const lower = wanted.toLowerCase();
  return text => text.toLowerCase() === lower;
}

/** Compares two quantities read from text; whatever cannot be read compares as false. */
const quantity =
  (read: (text: string) => number, holds: (actual: number, wanted: number) => boolean) =>
  (wanted: string): TextTest => {
    const limit = read(wanted);
    if (Number.isNaN(limit)) return never;
    return text => {
      const actual = read(text);
      return !Number.isNaN(actual) && holds(actual, limit);
    };
  };

const readNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));

/** ISO 8601, or seconds since the epoch. */
const readDate = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const ORDERINGS: readonly (readonly [suffix: string, holds: (actual: number, wanted: number) => boolean])[] = [
  ['LessThan', (actual, wanted) => actual < wanted],
  ['LessThanEquals', (actual, wanted) => actual <= wanted],
  ['GreaterThan', (actual, wanted) => actual > wanted],
  ['GreaterThanEquals', (actual, wanted) => actual >= wanted],
];

function operatorTable(): ReadonlyMap<string, ConditionOperator> {
  const table = new Map<string, ConditionOperator>();
  const text = (name: string, negation: string | undefined, compile: (wanted: string) => TextTest) => {
    table.set(name.toLowerCase(), { negated: false, reads: 'text', compile });
    if (negation !== undefined) table.set(negation.toLowerCase(), { negated: true, reads: 'text', compile });
  };
  const pattern = (name: string, negation: string, compile: (wanted: Tokens) => TextTest) => {
    table.set(name.toLowerCase(), { negated: false, reads: 'pattern', compile });
    table.set(negation.toLowerCase(), { negated: true, reads: 'pattern', compile });
  };

  text('StringEquals', 'StringNotEquals', equals);
  text('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase);
  pattern('StringLike', 'StringNotLike', compilePattern);
  // AWS documents that both forms accept wildcards and behave identically.
  pattern('ArnEquals', 'ArnNotEquals', compileArnPattern);
  pattern('ArnLike', 'ArnNotLike', compileArnPattern);
  text('Bool', undefined, equalsIgnoringCase);
  text('BinaryEquals', undefined, equals);
  text('IpAddress', 'NotIpAddress', cidrTest);

  const same = (actual: number, wanted: number) => actual === wanted;
  text('NumericEquals', 'NumericNotEquals', quantity(readNumber, same));
  text('DateEquals', 'DateNotEquals', quantity(readDate, same));
  for (const [suffix, holds] of ORDERINGS) {
    text(`Numeric${suffix}`, undefined, quantity(readNumber, holds));
    text(`Date${suffix}`, undefined, quantity(readDate, holds));
  }
  return table;
}

const OPERATORS = operatorTable();

const SETS = [
  ['forallvalues:', 'all'],
  ['foranyvalue:', 'any'],
] as const;

/** Takes `ForAnyValue:StringLikeIfExists` apart; undefined when IAM has no such operator. Case does not matter. */
export function parseOperator(name: string): ParsedOperator | undefined {
  let rest = name.toLowerCase();
  let set: ParsedOperator['set'] = 'one';
  for (const [prefix, kind] of SETS) {
    if (!rest.startsWith(prefix)) continue;
    set = kind;
    rest = rest.slice(prefix.length);
  }
  const ifExists = rest.endsWith('ifexists');
  if (ifExists) rest = rest.slice(0, -'ifexists'.length);
  if (rest === 'null') return ifExists ? undefined : { set, ifExists, operator: 'null' };
  const operator = OPERATORS.get(rest);
  return operator && { set, ifExists, operator };
}

export const isConditionOperator = (name: string): boolean => parseOperator(name) !== undefined;
