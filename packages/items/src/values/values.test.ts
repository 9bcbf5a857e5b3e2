import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { type AttributeValue, attributeOf, type Item, withAttribute, withoutAttribute } from './attribute-value.ts';
import { checkedItem, checkedValue } from './checked-value.ts';
import { itemSize, valueSize } from './item-size.ts';

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
const PRECISION = 'Attempting to store more than 38 significant digits in a Number';
const NUMERIC = 'The parameter cannot be converted to a numeric value';
const EMPTY = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
const SEVERAL =
  'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes';
const INVALID = 'One or more parameter values were invalid: ';
const NESTING =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';

/** A leaf in so many lists. */
function nested(lists: number): unknown {
  let value: unknown = { S: 'leaf' };
  for (let i = 0; i < lists; i++) value = i % 2 === 0 ? { L: [value] } : { M: { n: value } };
  return value;
}

const CASES: readonly (readonly [value: unknown, message: string])[] = [
  [{}, EMPTY],
  [{ a: '' }, EMPTY],
  [{ S: null }, EMPTY],
  [{ M: { a: {} } }, EMPTY],
  [{ L: [{}] }, EMPTY],
  [{ L: [{ a: {} }] }, EMPTY],
  [{ S: 'a', N: '1' }, SEVERAL],
  [{ L: [], M: {} }, SEVERAL],
  [{ S: 'a', N: 'b' }, `${NUMERIC}: b`],
  [{ S: 'a', N: '' }, NUMERIC],
  [{ N: '' }, NUMERIC],
  [{ N: 'b' }, `${NUMERIC}: b`],
  [{ N: ' 1' }, `${NUMERIC}:  1`],
  [{ N: '1 ' }, `${NUMERIC}: 1 `],
  [{ N: '.' }, `${NUMERIC}: .`],
  [{ N: '-' }, `${NUMERIC}: -`],
  [{ N: 'e5' }, `${NUMERIC}: e5`],
  [{ N: '1e' }, `${NUMERIC}: 1e`],
  [{ N: '1e1.5' }, `${NUMERIC}: 1e1.5`],
  [{ N: '0x10' }, `${NUMERIC}: 0x10`],
  [{ N: 'NaN' }, `${NUMERIC}: NaN`],
  [{ N: 'Infinity' }, `${NUMERIC}: Infinity`],
  [{ N: '1,000' }, `${NUMERIC}: 1,000`],
  [{ N: '1_000' }, `${NUMERIC}: 1_000`],
  [{ N: '--1' }, `${NUMERIC}: --1`],
  [{ NS: ['1', ''] }, NUMERIC],
  [{ NS: ['1', 'b', 'a'] }, `${NUMERIC}: b`],
  [{ N: '123456789012345678901234567890123456789' }, PRECISION],
  [{ N: '-1.23456789012345678901234567890123456789' }, PRECISION],
  [{ N: `1${'0'.repeat(38)}1` }, PRECISION],
  [{ N: '1e126' }, OVERFLOW],
  [{ N: '-1e126' }, OVERFLOW],
  [{ N: `1${'0'.repeat(126)}` }, OVERFLOW],
  [{ N: '1e999999999999' }, OVERFLOW],
  [{ N: '1e-131' }, UNDERFLOW],
  [{ N: '-1e-131' }, UNDERFLOW],
  [{ N: '0.1e-130' }, UNDERFLOW],
  [{ SS: [] }, `${INVALID}An string set  may not be empty`],
  [{ NS: [] }, `${INVALID}An number set  may not be empty`],
  [{ BS: [] }, `${INVALID}Binary sets should not be empty`],
  [{ M: { inner: { SS: [] } } }, `${INVALID}An string set  may not be empty`],
  [{ L: [{ NS: [] }] }, `${INVALID}An number set  may not be empty`],
  [{ SS: ['a', ''] }, `${INVALID}An string set may not have a empty string as a member`],
  [{ BS: ['aaaa', ''] }, `${INVALID}Binary sets may not contain null or empty values`],
  [{ SS: ['a', 'a'] }, `${INVALID}Input collection [a, a] contains duplicates.`],
  [{ NS: ['1', '1'] }, 'Input collection contains duplicates'],
  [{ NS: ['1', '1.0'] }, 'Input collection contains duplicates'],
  [{ NS: ['100', '1E2'] }, 'Input collection contains duplicates'],
  [{ BS: ['Yg==', 'Yg=='] }, `${INVALID}Input collection [Yg==, Yg==]of type BS contains duplicates.`],
  [nested(32), NESTING],
  [{ L: [nested(31)] }, NESTING],
  [{ S: 1 }, 'class java.lang.Short can not be converted to an String'],
  [{ S: 40_000 }, 'class java.lang.Integer can not be converted to an String'],
  [{ S: 4_000_000_000 }, 'class java.lang.Long can not be converted to an String'],
  [{ S: 0.5 }, 'class java.lang.Double can not be converted to an String'],
  [{ N: 1 }, 'class java.lang.Short can not be converted to an String'],
  [{ N: true }, 'class java.lang.Boolean can not be converted to an String'],
  [{ BOOL: 'true' }, 'class java.lang.String can not be converted to an Boolean'],
  [{ SS: 'a' }, 'Expected list or null'],
  [{ SS: {} }, 'Start of structure or map found where not expected.'],
  [{ L: 1 }, 'Expected list or null'],
  [{ M: [] }, 'Start of list found where not expected'],
  [{ M: 'a' }, 'Expected null'],
  ['a', 'Expected null'],
  [[], 'Start of list found where not expected'],
  [
    { B: 'abc' },
    "'abc' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3",
  ],
  [{ B: 'ab!d' }, "'ab!d' can not be converted to a Blob: Invalid Base64 character: '!'"],
  [{ B: 'a=bc' }, "'a=bc' can not be converted to a Blob: Invalid Base64 character: '='"],
  [{ B: 'YR==' }, "'YR==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"],
];

describe('a value that is refused', () => {
  it.each(CASES)('%#', (value, message) => {
    expect(() => checkedValue(value)).toThrow(new InvalidInput(message));
    expect(() => checkedItem({ attribute: value })).toThrow(new InvalidInput(message));
  });

  it('has no name', () => {
    expect(() => checkedItem({ '': { S: 'a' } })).toThrow(InvalidInput);
    expect(() => checkedItem(null)).toThrow(InvalidInput);
    expect(() => checkedItem([])).toThrow(InvalidInput);
  });
});

describe('a value that is taken', () => {
  it.each([
    [{ N: '00042' }, { N: '42' }],
    [{ N: '-0' }, { N: '0' }],
    [{ N: '0e999' }, { N: '0' }],
    [{ N: '+1.50' }, { N: '1.5' }],
    [{ N: '.5' }, { N: '0.5' }],
    [{ N: '5.' }, { N: '5' }],
    [{ N: '1.5E2' }, { N: '150' }],
    [{ N: '3.1400' }, { N: '3.14' }],
    [{ N: '0009.99999999999999999999999999999999999990000e125' }, { N: '9'.repeat(38) + '0'.repeat(88) }],
    [{ N: '-0001.000e-130' }, { N: `-0.${'0'.repeat(129)}1` }],
    [{ N: '-00001.23456789012345678901234567890123456780000' }, { N: '-1.2345678901234567890123456789012345678' }],
    [{ NS: ['1.0', '2'] }, { NS: ['1', '2'] }],
    [{ NULL: false }, { NULL: true }],
    [{ S: '' }, { S: '' }],
    [{ B: '' }, { B: '' }],
    [{ S: 'a', N: null }, { S: 'a' }],
    [{ S: 'a\ud800' }, { S: 'a\ufffd' }],
    [{ L: [{ S: '' }, { M: {} }] }, { L: [{ S: '' }, { M: {} }] }],
  ])('%j becomes %j', (value, canonical) => {
    expect(checkedValue(value)).toEqual(canonical);
  });

  it('has 32 levels at most', () => {
    expect(checkedValue(nested(31))).toEqual(nested(31));
  });

  it('may have any name', () => {
    const item = JSON.parse(
      '{"__proto__": {"N": "1.0"}, "constructor": {"M": {"__proto__": {"S": "deep"}}}, "1": {"S": ""}}',
    );
    const checked = checkedItem(item);
    expect(JSON.stringify(checked)).toBe(
      '{"1":{"S":""},"__proto__":{"N":"1"},"constructor":{"M":{"__proto__":{"S":"deep"}}}}',
    );
    expect(attributeOf(checked, '__proto__')).toEqual({ N: '1' });
    expect(attributeOf(checked, 'toString')).toBeUndefined();
    expect(JSON.stringify(withoutAttribute(checked, '__proto__'))).not.toContain('"N"');
    expect(attributeOf(withAttribute({}, '__proto__', { S: 'x' }), '__proto__')).toEqual({ S: 'x' });
  });
});

describe('the size of a value', () => {
  // Each was found at the limit of 400 KB of the real service (nubo-db/dynamodb-conformance, 2026-08-18).
  it.each([
    ['0', 1],
    ['1', 2],
    ['12', 2],
    ['123', 3],
    ['1234', 3],
    ['12345678901234567890123456789012345678', 20],
    ['0042', 2],
    ['100', 2],
    ['1010', 3],
    ['0.0000001', 2],
    ['1E125', 2],
    ['1E-100', 2],
    ['1.5', 3],
    ['15', 2],
    ['1.2', 3],
    ['1.200', 3],
    ['1.234', 4],
    ['3.14159', 5],
    ['123456', 4],
    ['100.5', 4],
    ['0.15', 2],
    ['-42', 3],
    ['-0', 1],
  ])('%s is %i bytes', (number, bytes) => {
    expect(valueSize(checkedValue({ N: number }))).toBe(bytes);
  });

  it.each<readonly [AttributeValue, number]>([
    [{ S: '' }, 0],
    [{ S: 'é' }, 2],
    [{ S: '\u{10000}' }, 4],
    [{ B: '' }, 0],
    [{ B: 'YQ==' }, 1],
    [{ B: 'YWI=' }, 2],
    [{ B: 'YWJj' }, 3],
    [{ BOOL: false }, 1],
    [{ NULL: true }, 1],
    [{ L: [] }, 3],
    [{ M: {} }, 3],
    [{ L: [{ S: 'ab' }, { NULL: true }] }, 3 + 3 + 2],
    [{ M: { é: { S: 'ab' } } }, 3 + 1 + 2 + 2],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '123'] }, 5],
    [{ BS: ['YQ==', 'YWJj'] }, 4],
  ])('%j is %i bytes', (value, bytes) => {
    expect(valueSize(value)).toBe(bytes);
  });

  it('of an item has names', () => {
    const item: Item = { id: { S: 'abc' }, née: { N: '1' } };
    expect(itemSize(item)).toBe(2 + 3 + 4 + 2);
  });
});
