import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { keyBytes } from '../keys/key-bytes.ts';
import type { KeyRange, KeySchema } from '../keys/key-schema.ts';
import { compileKeyCondition } from './key-condition.ts';
import { PlaceholderUse } from './placeholders.ts';

const SCHEMA: KeySchema = { hash: { name: 'a', type: 'S' }, range: { name: 'b', type: 'S' } };
const values = {
  ':a': { S: 'x' },
  ':b': { S: 'y' },
  ':c': { S: 'z' },
  ':n': { N: '1' },
  ':e': { S: '' },
  ':type': { S: 'S' },
  ':long': { S: 'l'.repeat(2049) },
  ':top': { S: '\u{10ffff}' },
};
const compile = (text: string, schema = SCHEMA): KeyRange =>
  compileKeyCondition({ text, values, names: { '#a': 'a', '#b': 'b' } }, schema, new PlaceholderUse());

const at = (value: string, inclusive = true) => ({ bytes: bytes(value), inclusive });
const bytes = (text: string): Uint8Array => Buffer.from(text);
const hash = { S: 'x' };

/** Bytes are bytes, whatever holds them. */
const plainRange = ({ hash: value, from, to }: KeyRange) => ({
  value,
  from: from && { ...from, bytes: [...from.bytes] },
  to: to && { ...to, bytes: [...to.bytes] },
});

describe('a key condition', () => {
  it.each<readonly [string, KeyRange]>([
    ['a = :a', { hash }],
    ['#a = :a', { hash }],
    [':a = a', { hash }],
    ['(a = :a)', { hash }],
    ['a = :a AND b = :b', { hash, from: at('y'), to: at('y') }],
    ['b = :b and a = :a', { hash, from: at('y'), to: at('y') }],
    ['((#a = :a)) AND ((#b = :b))', { hash, from: at('y'), to: at('y') }],
    ['a = :a AND b < :b', { hash, to: at('y', false) }],
    ['a = :a AND b <= :b', { hash, to: at('y') }],
    ['a = :a AND b > :b', { hash, from: at('y', false) }],
    ['a = :a AND :b <= b', { hash, from: at('y') }],
    ['a = :a AND :b > b', { hash, to: at('y', false) }],
    ['a = :a AND b BETWEEN :b AND :c', { hash, from: at('y'), to: at('z') }],
    ['a = :a AND begins_with(b, :b)', { hash, from: at('y'), to: at('z', false) }],
  ])('%s selects a range', (text, range) => {
    expect(plainRange(compile(text))).toEqual(plainRange(range));
  });

  it('has numbers for bounds, and prefixes of any bytes', () => {
    const numbers = { ...SCHEMA, range: { name: 'b', type: 'N' } } as const;
    const bound = { bytes: keyBytes({ N: '1' }), inclusive: true };
    expect(plainRange(compile('a = :a and b >= :n', numbers))).toEqual(plainRange({ hash, from: bound }));
    const binary = { hash: { name: 'a', type: 'B' }, range: { name: 'b', type: 'B' } } as const;
    const prefixed = (B: string) =>
      compileKeyCondition(
        { text: 'a = :h and begins_with(b, :p)', values: { ':h': { B: 'AA==' }, ':p': { B } } },
        binary,
      );
    expect(plainRange(prefixed('AP8=')).to).toEqual({ bytes: [1], inclusive: false });
    expect(plainRange(prefixed('AP8=')).from).toEqual({ bytes: [0, 255], inclusive: true });
    expect(prefixed('//8=').to).toBeUndefined();
  });

  const invalid = 'Invalid KeyConditionExpression: ';
  const condition = 'Invalid condition in KeyConditionExpression: ';
  it.each([
    ['', `${invalid}The expression can not be empty;`],
    ['things are not gonna be ok', `${invalid}Syntax error; token: "are", near: "things are not"`],
    ['a > 4', `${invalid}Syntax error; token: "4", near: "> 4"`],
    ['foo(a)', `${invalid}Invalid function name; function: foo`],
    ['size(a)', `${invalid}The function is not allowed to be used this way in an expression; function: size`],
    ['hash = :a', `${invalid}Attribute name is a reserved keyword; reserved keyword: hash`],
    ['#c = :a', `${invalid}An expression attribute name used in the document path is not defined; attribute name: #c`],
    ['a = :d', `${invalid}An expression attribute value used in expression is not defined; attribute value: :d`],
    [
      'attribute_type(a, :n)',
      `${invalid}Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N`,
    ],
    [
      'a between :b and :a',
      `${invalid}The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:y}, upper bound operand: AttributeValue: {S:x}`,
    ],
    [
      'a between :n and :a',
      `${invalid}The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:x}`,
    ],
    ['attribute_type(a, :type)', 'Invalid operator used in KeyConditionExpression: attribute_type'],
    ['a > b and size(b) > c or a > c', 'Invalid operator used in KeyConditionExpression: OR'],
    ['a in (b, size(c), d)', 'Invalid operator used in KeyConditionExpression: IN'],
    ['attribute_exists(a)', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
    ['attribute_not_exists(a)', 'Invalid operator used in KeyConditionExpression: attribute_not_exists'],
    ['contains(a.d, b)', 'Invalid operator used in KeyConditionExpression: contains'],
    ['not a > b', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['a <> b', 'Invalid operator used in KeyConditionExpression: <>'],
    [
      ':a between size(b) and size(a) and b > :b',
      `${condition}BETWEEN operator must have the key attribute as its first operand`,
    ],
    [
      'begins_with(:a, b) and a > :b',
      `${condition}begins_with operator must have the key attribute as its first operand`,
    ],
    ['size(b) > a AND a.b > b AND b > c', 'KeyConditionExpressions cannot contain nested operations'],
    ['a > size(b.d)', 'KeyConditionExpressions cannot contain nested operations'],
    ['a between size(b) and size(a)', 'KeyConditionExpressions cannot contain nested operations'],
    ['b > a.b', `${condition}Multiple attribute names used in one condition`],
    ['b between c[1] and d', `${condition}Multiple attribute names used in one condition`],
    ['begins_with(a, b)', `${condition}Multiple attribute names used in one condition`],
    ['b.d > a AND c.d > e.f', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    ['a.d > c', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    ['b[0] > a', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    [':b > :a AND a < :b', `${condition}No key attribute specified`],
    ['b > :a AND b < :a and c = :a and d = :a', 'KeyConditionExpressions must only contain one condition per key'],
    ['(a > :a and b > :a) and (b > :a and c > :a)', 'KeyConditionExpressions must only contain one condition per key'],
    ['a = :a and b = :a and :a = c', 'Conditions can be of length 1 or 2 only'],
    ['b = :b', 'Query condition missed key schema element: a'],
    ['z between :a and :b', 'Query condition missed key schema element: a'],
    ['a = :a and c = :a', 'Query condition missed key schema element: b'],
    ['a > :a', 'Query key condition not supported'],
    ['begins_with(a, :a)', 'Query key condition not supported'],
    ['a between :a and :b', 'Query key condition not supported'],
    ['a = :n', 'One or more parameter values were invalid: Condition parameter type does not match schema type'],
    [
      'a = :a and b = :n',
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'a = :e',
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: a',
    ],
    [
      'a = :long',
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    [
      'a = :a and b = :long',
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => compile(text)).toThrow(new InvalidInput(message));
  });

  it('of a table without range keys has one term', () => {
    expect(() => compile('a = :a and b = :b', { hash: SCHEMA.hash })).toThrow('Query key condition not supported');
  });
});
