/**
 * The condition operators: what each one compares. How a comparison is combined over several values, and what a missing
 * key means, is the same for all of them and lives in `conditions.ts`.
 */
import { cidrTest } from './ip-ranges.ts';
import { compileArnPattern, compilePattern, type TextTest, type Tokens } from './patterns.ts';
import { readBinary, readBoolean, readDate, readNumber } from './quantities.ts';

export type ConditionOperator = {
  /** `StringNotEquals` and its like: the comparison of their positive twin, turned round. */
  readonly negated: boolean;
  /** Whether `${...}` in its values is a variable: with strings, ARNs and truth values only. */
  readonly variables: boolean;
} & (ReadsText | ReadsPattern);

interface ReadsText {
  readonly reads: 'text';
  readonly compile: (wanted: string) => TextTest;
}

interface ReadsPattern {
  readonly reads: 'pattern';
  readonly compile: (wanted: Tokens) => TextTest;
}

export interface ParsedOperator {
  readonly set: 'one' | 'all' | 'any';
  readonly ifExists: boolean;
  /** `Null` asks only whether the key is there. */
  readonly operator: ConditionOperator | 'null';
}

const never: TextTest = () => false;

export const equals =
  (wanted: string): TextTest =>
  text =>
    text === wanted;

function equalsIgnoringCase(wanted: string): TextTest {
  const lower = wanted.toLowerCase();
  return text => text.toLowerCase() === lower;
}

/** Compares two quantities read from text; whatever cannot be read compares as false. */
function quantity(read: (text: string) => number, holds: (actual: number, wanted: number) => boolean) {
  const readActual = rememberingLast(read);
  return (wanted: string): TextTest => {
    const limit = read(wanted);
    if (Number.isNaN(limit)) return never;
    return text => {
      const actual = readActual(text);
      return !Number.isNaN(actual) && holds(actual, limit);
    };
  };
}

/** Conditions of one evaluation ask about the same values, above all about the time of the request. */
function rememberingLast(read: (text: string) => number): (text: string) => number {
  let lastText = '';
  let last = Number.NaN;
  return text => {
    if (text !== lastText) {
      last = read(text);
      lastText = text;
    }
    return last;
  };
}

function sameBoolean(wanted: string): TextTest {
  const value = readBoolean(wanted);
  return value === undefined ? never : text => readBoolean(text) === value;
}

function sameBytes(wanted: string): TextTest {
  const bytes = readBinary(wanted);
  return text => readBinary(text) === bytes;
}

const ORDERINGS: readonly (readonly [suffix: string, holds: (actual: number, wanted: number) => boolean])[] = [
  ['LessThan', (actual, wanted) => actual < wanted],
  ['LessThanEquals', (actual, wanted) => actual <= wanted],
  ['GreaterThan', (actual, wanted) => actual > wanted],
  ['GreaterThanEquals', (actual, wanted) => actual >= wanted],
];

function operatorTable(): ReadonlyMap<string, ConditionOperator> {
  const table = new Map<string, ConditionOperator>();
  const add = (name: string, negation: string | undefined, operator: ReadsText | ReadsPattern, variables: boolean) => {
    table.set(name.toLowerCase(), { negated: false, variables, ...operator });
    if (negation !== undefined) table.set(negation.toLowerCase(), { negated: true, variables, ...operator });
  };
  const text = (compile: ReadsText['compile']): ReadsText => ({ reads: 'text', compile });
  const pattern = (compile: ReadsPattern['compile']): ReadsPattern => ({ reads: 'pattern', compile });

  add('StringEquals', 'StringNotEquals', text(equals), true);
  add('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', text(equalsIgnoringCase), true);
  add('StringLike', 'StringNotLike', pattern(compilePattern), true);
  // AWS documents that both forms accept wildcards and behave identically.
  add('ArnEquals', 'ArnNotEquals', pattern(compileArnPattern), true);
  add('ArnLike', 'ArnNotLike', pattern(compileArnPattern), true);
  add('Bool', undefined, text(sameBoolean), true);
  add('BinaryEquals', undefined, text(sameBytes), false);
  add('IpAddress', 'NotIpAddress', text(cidrTest), false);

  const same = (actual: number, wanted: number) => actual === wanted;
  add('NumericEquals', 'NumericNotEquals', text(quantity(readNumber, same)), false);
  add('DateEquals', 'DateNotEquals', text(quantity(readDate, same)), false);
  for (const [suffix, holds] of ORDERINGS) {
    add(`Numeric${suffix}`, undefined, text(quantity(readNumber, holds)), false);
    add(`Date${suffix}`, undefined, text(quantity(readDate, holds)), false);
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

/** Whether IAM takes `value` for this operator: it reads dates when a policy is written, the others when it is asked. */
export const isConditionValue = (operator: string, value: string): boolean =>
  !/^(for(all|any)values?:)?date/i.test(operator) || !Number.isNaN(readDate(value));
