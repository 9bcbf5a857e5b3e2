import { describe, expect, it } from 'vitest';
import { compileCondition } from '../expressions/condition.ts';
import { compileKeyCondition } from '../expressions/key-condition.ts';
import { compileProjection } from '../expressions/projection.ts';
import { compileUpdate } from '../expressions/update.ts';
import { InvalidInput, ItemDoesNotSuit } from '../invalid-input.ts';
import { except, SAMPLES } from '../testing/sample-values.ts';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import {
  expectedToCondition,
  filterToCondition,
  keyConditionsToKeyCondition,
  type LegacyConditions,
} from './legacy-condition.ts';
import { attributesToGetToProjection, attributeUpdatesToUpdate, type LegacyUpdate } from './legacy-update.ts';

const INVALID = 'One or more parameter values were invalid: ';
const S = { S: 'a' };

const EXPECTED: readonly (readonly [LegacyConditions, string])[] = [
  [{ a: {} }, 'Value must be provided when Exists is null for Attribute: a'],
  [{ a: { Exists: true } }, 'Value must be provided when Exists is true for Attribute: a'],
  [{ a: { Exists: false, Value: S } }, 'Value cannot be used when Exists is false for Attribute: a'],
  [
    { a: { ComparisonOperator: 'LT' } },
    'Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a',
  ],
  [
    { a: { Exists: true, ComparisonOperator: 'LT' } },
    'Exists and ComparisonOperator cannot be used together for Attribute: a',
  ],
  [
    { a: { AttributeValueList: [S], Value: S, ComparisonOperator: 'LT' } },
    'Value and AttributeValueList cannot be used together for Attribute: a',
  ],
  [
    { a: { AttributeValueList: [S] } },
    'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
  ],
  [
    { a: { Exists: true, AttributeValueList: [S] } },
    'AttributeValueList can only be used with a ComparisonOperator for Attribute: a',
  ],
  [{ a: { Value: S, ComparisonOperator: 'NULL' } }, 'Invalid number of argument(s) for the NULL ComparisonOperator'],
  [
    { a: { Value: S, ComparisonOperator: 'BETWEEN' } },
    'Invalid number of argument(s) for the BETWEEN ComparisonOperator',
  ],
];

const count = (ComparisonOperator: string, AttributeValueList: unknown[]) =>
  [
    { a: { ComparisonOperator, AttributeValueList } },
    `Invalid number of argument(s) for the ${ComparisonOperator} ComparisonOperator`,
  ] as const;
const type = (ComparisonOperator: string, found: keyof typeof SAMPLES, values = 1) =>
  [
    { a: { ComparisonOperator, AttributeValueList: Array(values).fill(SAMPLES[found]) } },
    `ComparisonOperator ${ComparisonOperator} is not valid for ${found} AttributeValue type`,
  ] as const;

const FILTERS: readonly (readonly [LegacyConditions, string])[] = [
  ...['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH'].flatMap(operator => [
    count(operator, []),
    count(operator, [S, S]),
  ]),
  count('NULL', [S]),
  count('NOT_NULL', [S]),
  count('IN', []),
  count('BETWEEN', [S]),
  count('BETWEEN', [S, S, S]),
  ...['LT', 'LE', 'GT', 'GE', 'IN'].flatMap(operator => except('S', 'N', 'B').map(each => type(operator, each))),
  ...except('S', 'N', 'B').map(each => type('BETWEEN', each, 2)),
  ...except('S', 'B').map(each => type('BEGINS_WITH', each)),
  ...except('S', 'N', 'B', 'BOOL', 'NULL').flatMap(each => [type('CONTAINS', each), type('NOT_CONTAINS', each)]),
  [
    { a: { ComparisonOperator: 'IN', AttributeValueList: [S, { N: '1' }] } },
    'AttributeValues inside AttributeValueList must be of same type',
  ],
];

describe('legacy conditions that are refused', () => {
  it.each(EXPECTED)('%#: %j', (expected, message) => {
    expect(() => expectedToCondition(expected)).toThrow(new InvalidInput(INVALID + message));
  });

  it.each(FILTERS)('%#: %j', (filter, message) => {
    expect(() => filterToCondition(filter)).toThrow(new InvalidInput(INVALID + message));
    expect(() => keyConditionsToKeyCondition(filter)).toThrow(new InvalidInput(INVALID + message));
    expect(() => expectedToCondition(filter)).toThrow(new InvalidInput(INVALID + message));
  });

  it('are in disorder', () => {
    const bounds = { a: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'b' }, { S: 'a' }] } };
    expect(() => filterToCondition(bounds)).toThrow(
      new InvalidInput(
        'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
      ),
    );
    expect(() => filterToCondition({ a: { ComparisonOperator: 'NULL' } }, 'OR')).toThrow(
      `${INVALID}ConditionalOperator can only be used when Filter or Expected has two or more elements`,
    );
    expect(() => filterToCondition({ a: { ComparisonOperator: 'EQ', AttributeValueList: [{}] } })).toThrow(
      InvalidInput,
    );
  });
});

describe('legacy conditions', () => {
  const item: Item = { s: { S: 'abc' }, n: { N: '5' }, t: { SS: ['a', 'b'] }, y: { BOOL: true } };
  const meets = (ComparisonOperator: string, name: string, ...AttributeValueList: unknown[]) => {
    const expression = filterToCondition({ [name]: { ComparisonOperator, AttributeValueList } })!;
    return compileCondition(expression, 'FilterExpression').test(item);
  };

  it.each<readonly [boolean, string, string, readonly AttributeValue[]]>([
    [true, 'EQ', 's', [{ S: 'abc' }]],
    [false, 'EQ', 'x', [{ S: 'abc' }]],
    [true, 'EQ', 'y', [{ BOOL: true }]],
    [true, 'NE', 'n', [{ N: '6' }]],
    [true, 'LE', 'n', [{ N: '5' }]],
    [false, 'LT', 'n', [{ N: '5' }]],
    [true, 'GE', 'n', [{ N: '5' }]],
    [false, 'GT', 'n', [{ N: '5' }]],
    [true, 'NULL', 'x', []],
    [false, 'NULL', 's', []],
    [true, 'NOT_NULL', 's', []],
    [true, 'CONTAINS', 't', [{ S: 'a' }]],
    [true, 'NOT_CONTAINS', 't', [{ S: 'c' }]],
    [true, 'BEGINS_WITH', 's', [{ S: 'ab' }]],
    [true, 'IN', 'n', [{ N: '1' }, { N: '5' }]],
    [true, 'BETWEEN', 'n', [{ N: '1' }, { N: '5' }]],
  ])('%s: %s %s %j', (expected, operator, name, list) => {
    expect(meets(operator, name, ...list)).toBe(expected);
  });

  it('are joined', () => {
    const conditions = { s: { Value: { S: 'abc' } }, size: { Exists: false }, n: { Value: { N: '6' } } };
    const test = (operator?: 'AND' | 'OR') =>
      compileCondition(expectedToCondition(conditions, operator)!, 'ConditionExpression').test(item);
    expect(test()).toBe(false);
    expect(test('AND')).toBe(false);
    expect(test('OR')).toBe(true);
    expect(expectedToCondition({})).toBeUndefined();
  });

  it('find keys', () => {
    const schema = { hash: { name: 'status', type: 'S' }, range: { name: 'b', type: 'S' } } as const;
    const condition = keyConditionsToKeyCondition({
      b: { ComparisonOperator: 'GT', AttributeValueList: [S] },
      status: { ComparisonOperator: 'EQ', AttributeValueList: [S] },
    });
    expect(compileKeyCondition(condition, schema)).toEqual({
      hash: S,
      from: { bytes: Buffer.from('a'), inclusive: false },
    });
  });

  it.each(['NULL', 'NOT_NULL', 'CONTAINS', 'NOT_CONTAINS', 'IN', 'NE'])('find no keys by %s', ComparisonOperator => {
    const AttributeValueList = ComparisonOperator.includes('NULL') ? [] : [S];
    expect(() => keyConditionsToKeyCondition({ a: { ComparisonOperator, AttributeValueList } })).toThrow(
      new InvalidInput('Attempted conditional constraint is not an indexable operation'),
    );
  });

  it('are one or two for a query', () => {
    const one = { ComparisonOperator: 'NULL' };
    for (const conditions of [{}, { a: one, b: one, c: one }])
      expect(() => keyConditionsToKeyCondition(conditions)).toThrow('Conditions can be of length 1 or 2 only');
  });
});

describe('legacy updates', () => {
  const item: Item = { n: { N: '10' }, t: { SS: ['a', 'b'] }, l: { L: [S] }, status: S, x: S };
  const apply = (updates: Readonly<Record<string, LegacyUpdate>>) =>
    compileUpdate(attributeUpdatesToUpdate(updates)!).apply(item, {});

  it('change attributes', () => {
    const updates = {
      status: { Value: { S: 'new' } },
      n: { Action: 'ADD', Value: { N: '5' } },
      t: { Action: 'DELETE', Value: { SS: ['b'] } },
      l: { Action: 'ADD', Value: { L: [{ S: 'b' }] } },
      x: { Action: 'DELETE' },
      list: { Action: 'ADD', Value: { L: [S] } },
    };
    expect(apply(updates)).toEqual({
      status: { S: 'new' },
      n: { N: '15' },
      t: { SS: ['a'] },
      l: { L: [S, { S: 'b' }] },
      list: { L: [S] },
    });
    expect(attributeUpdatesToUpdate({})).toBeUndefined();
  });

  it.each<readonly [LegacyUpdate, string]>([
    [{}, 'Only DELETE action is allowed when no attribute value is specified'],
    [{ Action: 'PUT' }, 'Only DELETE action is allowed when no attribute value is specified'],
    [{ Action: 'ADD' }, 'Only DELETE action is allowed when no attribute value is specified'],
    ...except('SS', 'NS', 'BS').map(
      each =>
        [
          { Action: 'DELETE', Value: SAMPLES[each] },
          `DELETE action with value is not supported for the type ${each}`,
        ] as const,
    ),
    ...except('N', 'SS', 'NS', 'BS', 'L').map(
      each => [{ Action: 'ADD', Value: SAMPLES[each] }, `ADD action is not supported for the type ${each}`] as const,
    ),
  ])('%# are refused', (update, message) => {
    expect(() => attributeUpdatesToUpdate({ a: update })).toThrow(new InvalidInput(INVALID + message));
  });

  it.each<readonly [string, LegacyUpdate]>([
    ['t', { Action: 'ADD', Value: { NS: ['1'] } }],
    ['t', { Action: 'DELETE', Value: { NS: ['1'] } }],
    ['n', { Action: 'DELETE', Value: { NS: ['1'] } }],
    ['x', { Action: 'ADD', Value: { N: '1' } }],
    ['x', { Action: 'ADD', Value: { L: [S] } }],
  ])('do not suit %s: %j', (name, update) => {
    expect(() => apply({ [name]: update })).toThrow(new ItemDoesNotSuit('Type mismatch for attribute to update'));
  });
});

describe('attributes to get', () => {
  it('are top-level attributes of any name', () => {
    const item: Item = { 'a.b': S, status: S, x: S };
    expect(compileProjection(attributesToGetToProjection(['a.b', 'status', 'zzz'])).project(item)).toEqual({
      'a.b': S,
      status: S,
    });
  });

  it('are named once', () => {
    expect(() => attributesToGetToProjection(['a', 'b', 'a'])).toThrow(
      new InvalidInput(`${INVALID}Duplicate value in attribute name: a`),
    );
  });
});
