/**
 * Conditions as they were before there were expressions: `Expected`, `QueryFilter`, `ScanFilter` and `KeyConditions`
 * (Developer Guide, "Legacy conditional parameters"). They are written as expressions, so that there is one evaluator.
 */
import type { Expression } from '../expressions/placeholders.ts';
import { InvalidInput } from '../invalid-input.ts';
import { type AttributeValue, type TypeName, typeOf } from '../values/attribute-value.ts';
import { checkedValue } from '../values/checked-value.ts';
import { compareValues } from '../values/compare-values.ts';
import { ExpressionWriter } from './expression-writer.ts';

/** What a request has for an attribute; `Value` and `Exists` are those of `Expected` alone. */
export interface LegacyCondition {
  readonly ComparisonOperator?: string;
  readonly AttributeValueList?: readonly unknown[];
  readonly Value?: unknown;
  readonly Exists?: boolean;
}
export type LegacyConditions = Readonly<Record<string, LegacyCondition>>;

type ConditionalOperator = 'AND' | 'OR';

const INVALID = 'One or more parameter values were invalid: ';

/** How many values each operator takes; IN takes one or more. */
const VALUE_COUNTS: ReadonlyMap<string, number> = new Map([
  ['EQ', 1],
  ['NE', 1],
  ['LE', 1],
  ['LT', 1],
  ['GE', 1],
  ['GT', 1],
  ['CONTAINS', 1],
  ['NOT_CONTAINS', 1],
  ['BEGINS_WITH', 1],
  ['BETWEEN', 2],
  ['NULL', 0],
  ['NOT_NULL', 0],
]);

const ORDERED: readonly TypeName[] = ['S', 'N', 'B'];
const CONTAINED: readonly TypeName[] = [...ORDERED, 'BOOL', 'NULL'];

/** The types that an operator takes, where it does not take all. */
const VALUE_TYPES: ReadonlyMap<string, readonly TypeName[]> = new Map([
  ...['LE', 'LT', 'GE', 'GT', 'IN', 'BETWEEN'].map(operator => [operator, ORDERED] as const),
  ...['CONTAINS', 'NOT_CONTAINS'].map(operator => [operator, CONTAINED] as const),
  ['BEGINS_WITH', ['S', 'B']] as const,
]);

const COMPARATORS: ReadonlyMap<string, string> = new Map([
  ['EQ', '='],
  ['NE', '<>'],
  ['LE', '<='],
  ['LT', '<'],
  ['GE', '>='],
  ['GT', '>'],
]);

/** Operators by which keys can be found. */
const INDEXABLE: ReadonlySet<string> = new Set(['EQ', 'LE', 'LT', 'GE', 'GT', 'BETWEEN', 'BEGINS_WITH']);

/**
 * `Expected` of a write; undefined when it expects nothing.
 *
 * @throws InvalidInput
 */
export function expectedToCondition(
  expected: LegacyConditions,
  operator?: ConditionalOperator,
): Expression | undefined {
  const writer = new ExpressionWriter();
  const terms = Object.entries(expected).map(([attribute, condition]) => {
    checkExpected(attribute, condition);
    if (condition.ComparisonOperator !== undefined)
      return comparison(writer, attribute, condition.ComparisonOperator, listOf(condition));
    if (condition.Exists === false) return `attribute_not_exists(${writer.name(attribute)})`;
    return comparison(writer, attribute, 'EQ', [condition.Value]);
  });
  return joined(writer, terms, operator);
}

/**
 * `QueryFilter` or `ScanFilter`; undefined when it filters nothing.
 *
 * @throws InvalidInput
 */
export function filterToCondition(filter: LegacyConditions, operator?: ConditionalOperator): Expression | undefined {
  const writer = new ExpressionWriter();
  const terms = Object.entries(filter).map(([attribute, condition]) =>
    comparison(writer, attribute, condition.ComparisonOperator ?? '', listOf(condition)),
  );
  return joined(writer, terms, operator);
}

/**
 * `KeyConditions` of a query.
 *
 * @throws InvalidInput
 */
export function keyConditionsToKeyCondition(conditions: LegacyConditions): Expression {
  const writer = new ExpressionWriter();
  const entries = Object.entries(conditions);
  const terms = entries.map(([attribute, condition]) =>
    comparison(writer, attribute, condition.ComparisonOperator ?? '', listOf(condition)),
  );
  if (entries.length < 1 || entries.length > 2) throw new InvalidInput('Conditions can be of length 1 or 2 only');
  if (entries.some(([, { ComparisonOperator }]) => !INDEXABLE.has(ComparisonOperator!)))
    throw new InvalidInput('Attempted conditional constraint is not an indexable operation');
  return writer.expression(terms.join(' AND '));
}

const listOf = ({ AttributeValueList, Value }: LegacyCondition): readonly unknown[] =>
  AttributeValueList ?? (Value === undefined ? [] : [Value]);

function checkExpected(attribute: string, condition: LegacyCondition): void {
  const { ComparisonOperator: operator, AttributeValueList: list, Value: value, Exists: exists } = condition;
  const invalid = (story: string) => new InvalidInput(`${INVALID}${story} for Attribute: ${attribute}`);
  if (list !== undefined && value !== undefined) throw invalid('Value and AttributeValueList cannot be used together');
  if (operator !== undefined) {
    if (exists !== undefined) throw invalid('Exists and ComparisonOperator cannot be used together');
    if (VALUE_COUNTS.get(operator) !== 0 && list === undefined && value === undefined)
      throw invalid(`Value or AttributeValueList must be used with ComparisonOperator: ${operator}`);
    return;
  }
  if (list !== undefined) throw invalid('AttributeValueList can only be used with a ComparisonOperator');
  if (exists !== false && value === undefined)
    throw invalid(`Value must be provided when Exists is ${exists === undefined ? 'null' : 'true'}`);
  if (exists === false && value !== undefined) throw invalid('Value cannot be used when Exists is false');
}

function comparison(writer: ExpressionWriter, attribute: string, operator: string, list: readonly unknown[]): string {
  const values = list.map(checkedValue);
  checkValues(operator, values);
  const name = writer.name(attribute);
  const operands = values.map(value => writer.value(value));
  const comparator = COMPARATORS.get(operator);
  if (comparator !== undefined) return `${name} ${comparator} ${operands[0]}`;
  switch (operator) {
    case 'NULL':
      return `attribute_not_exists(${name})`;
    case 'NOT_NULL':
      return `attribute_exists(${name})`;
    case 'CONTAINS':
      return `contains(${name}, ${operands[0]})`;
    case 'NOT_CONTAINS':
      return `NOT contains(${name}, ${operands[0]})`;
    case 'BEGINS_WITH':
      return `begins_with(${name}, ${operands[0]})`;
    case 'BETWEEN':
      return `${name} BETWEEN ${operands[0]} AND ${operands[1]}`;
    default:
      return `${name} IN (${operands.join(', ')})`;
  }
}

function checkValues(operator: string, values: readonly AttributeValue[]): void {
  const count = VALUE_COUNTS.get(operator);
  if (count === undefined && operator !== 'IN')
    throw new InvalidInput(`${INVALID}Unknown ComparisonOperator: ${operator}`);
  if (count === undefined ? values.length === 0 : values.length !== count)
    throw new InvalidInput(`${INVALID}Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  const types = values.map(typeOf);
  if (new Set(types).size > 1)
    throw new InvalidInput(`${INVALID}AttributeValues inside AttributeValueList must be of same type`);
  const wrong = types.find(type => VALUE_TYPES.get(operator)?.includes(type) === false);
  if (wrong !== undefined)
    throw new InvalidInput(`${INVALID}ComparisonOperator ${operator} is not valid for ${wrong} AttributeValue type`);
  if (operator === 'BETWEEN' && compareValues(values[0]!, values[1]!)! > 0)
    throw new InvalidInput(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
}

function joined(
  writer: ExpressionWriter,
  terms: readonly string[],
  operator: ConditionalOperator | undefined,
): Expression | undefined {
  if (operator !== undefined && terms.length < 2)
    throw new InvalidInput(
      `${INVALID}ConditionalOperator can only be used when Filter or Expected has two or more elements`,
    );
  return terms.length === 0 ? undefined : writer.expression(terms.join(` ${operator ?? 'AND'} `));
}
