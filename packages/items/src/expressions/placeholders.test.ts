import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { compileCondition } from './condition.ts';
import { checkedPlaceholders, PlaceholderUse } from './placeholders.ts';
import { compileProjection } from './projection.ts';
import { RESERVED_WORD_COUNT } from './reserved-words.ts';
import { compileUpdate } from './update.ts';

const VALUE = 'ExpressionAttributeValues contains invalid value: ';
const INVALID = `${VALUE}One or more parameter values were invalid: `;
const EMPTY = `${VALUE}Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :b`;
let deep: unknown = { S: 'leaf' };
for (let i = 0; i < 32; i++) deep = { M: { n: deep } };

describe('placeholders', () => {
  it.each([
    [{}, undefined, 'ExpressionAttributeNames must not be empty'],
    [{ a: 'a' }, undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
    [{ '#': 'a' }, undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'],
    [{ '#a-b': 'a' }, undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"'],
    [{ ':a': 'a' }, undefined, 'ExpressionAttributeNames contains invalid key: Syntax error; key: ":a"'],
    [undefined, {}, 'ExpressionAttributeValues must not be empty'],
    [
      undefined,
      { ':b': { a: '' }, b: { S: 'a' } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
    ],
    [undefined, { ':': { S: 'a' } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"'],
    [undefined, { '#b': { S: 'a' } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "#b"'],
    [{}, {}, 'ExpressionAttributeNames must not be empty'],
    [undefined, { ':b': {} }, EMPTY],
    [undefined, { ':b': { a: '' } }, EMPTY],
    [undefined, { ':b': { M: { a: {} } } }, EMPTY],
    [undefined, { ':b': { L: [{ a: {} }] } }, EMPTY],
    [undefined, { ':b': { SS: [] } }, `${INVALID}An string set  may not be empty for key :b`],
    [undefined, { ':b': { NS: [] } }, `${INVALID}An number set  may not be empty for key :b`],
    [undefined, { ':b': { BS: [] } }, `${INVALID}Binary sets should not be empty for key :b`],
    [
      undefined,
      { ':b': { SS: ['a', ''] } },
      `${INVALID}An string set may not have a empty string as a member for key :b`,
    ],
    [
      undefined,
      { ':b': { BS: ['aaaa', ''] } },
      `${INVALID}Binary sets may not contain null or empty values for key :b`,
    ],
    [undefined, { ':b': { SS: ['a', 'a'] } }, `${INVALID}Input collection [a, a] contains duplicates. for key :b`],
    [
      undefined,
      { ':b': { BS: ['Yg==', 'Yg=='] } },
      `${INVALID}Input collection [Yg==, Yg==]of type BS contains duplicates. for key :b`,
    ],
    [undefined, { ':b': { S: 'a', N: '' } }, `${VALUE}The parameter cannot be converted to a numeric value for key :b`],
    [
      undefined,
      { ':b': { S: 'a', N: 'b' } },
      `${VALUE}The parameter cannot be converted to a numeric value: b for key :b`,
    ],
    [undefined, { ':b': { NS: ['1', '1'] } }, `${VALUE}Input collection contains duplicates for key :b`],
    [
      undefined,
      { ':b': { S: 'a', N: '1' } },
      `${VALUE}Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes for key :b`,
    ],
    [
      undefined,
      { ':b': deep },
      `${VALUE}Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit for key :b`,
    ],
    [undefined, { ':b': { S: 'x'.repeat(2 * 1024 * 1024) } }, 'ExpressionAttributeValues exceeds max size'],
  ])('%# are refused', (names, values, message) => {
    expect(() => checkedPlaceholders(names, values)).toThrow(new InvalidInput(message));
  });

  it('are neither empty nor endless names', () => {
    for (const name of ['', 1, null, 'x'.repeat(65_536)])
      expect(() => checkedPlaceholders({ '#a': name }, undefined)).toThrow(InvalidInput);
    expect(() => checkedPlaceholders({ [`#${'a'.repeat(255)}`]: 'a' }, undefined)).toThrow(InvalidInput);
    expect(() => checkedPlaceholders('a', undefined)).toThrow(InvalidInput);
  });

  it('come out canonical', () => {
    expect(checkedPlaceholders({ '#a': 'x.y' }, { ':b': { N: '1.0' } })).toEqual({
      names: { '#a': 'x.y' },
      values: { ':b': { N: '1' } },
    });
    expect(checkedPlaceholders(undefined, null)).toEqual({});
  });

  it('are all used by one expression or another', () => {
    const names = { '#a': 'a', '#b': 'b' };
    const values = { ':a': { N: '1' }, ':b': { N: '2' }, ':c': { N: '3' } };
    const use = new PlaceholderUse();
    compileUpdate({ text: 'SET #a = :a', names, values }, use);
    expect(() => use.checkAllUsed({ names, values })).toThrow(
      new InvalidInput('Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}'),
    );
    compileProjection({ text: '#b', names }, use);
    expect(() => use.checkAllUsed({ names, values })).toThrow(
      new InvalidInput('Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c}'),
    );
    compileCondition({ text: '#a IN (:b, :c)', names, values }, 'ConditionExpression', use);
    expect(() => use.checkAllUsed({ names, values })).not.toThrow();
  });
});

describe('a projection', () => {
  const names = { '#a': 'a', '#3': '[3]' };
  it.each([
    ['', 'The expression can not be empty;'],
    [' ', 'The expression can not be empty;'],
    ['a b', 'Syntax error; token: "b", near: "a b"'],
    ['a,', 'Syntax error; token: "<EOF>", near: ","'],
    ['!!', 'Syntax error; token: "!", near: "!!"'],
    ['a[b]', 'Syntax error; token: "b", near: "[b]"'],
    ['a[]', 'Syntax error; token: "]", near: "[]"'],
    [':a', 'Syntax error; token: ":a", near: ":a"'],
    ['size(a)', 'Syntax error; token: "(", near: "size(a"'],
    ['a, status', 'Attribute name is a reserved keyword; reserved keyword: status'],
    ['Comment', 'Attribute name is a reserved keyword; reserved keyword: Comment'],
    ['#x', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
    [
      'a, #a',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
    ],
    [
      'a, a.b',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    ],
    [
      'a.#3, c, a[3]',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [3]], path two: [a, [3]]',
    ],
    ['a'.repeat(5000), 'Expression size has exceeded the maximum allowed size; expression size: 5000'],
  ])('%# is refused', (text, story) => {
    expect(() => compileProjection({ text, names }, new PlaceholderUse())).toThrow(
      new InvalidInput(`Invalid ProjectionExpression: ${story}`),
    );
  });

  it('takes parts of maps and lists', () => {
    const item = {
      a: { M: { b: { S: '1' }, c: { S: '2' } } },
      l: { L: [{ S: '0' }, { M: { x: { S: '1' }, y: { S: '2' } } }, { S: '2' }] },
      s: { S: 'x' },
    };
    const project = (text: string) => compileProjection({ text }).project(item);
    expect(project('a.c, l[2], l[1].y, l[9], s.t, zzz')).toEqual({
      a: { M: { c: { S: '2' } } },
      l: { L: [{ M: { y: { S: '2' } } }, { S: '2' }] },
    });
    expect(project('zzz, a.zzz, l[7].x')).toEqual({});
  });
});

it('there are 573 reserved words', () => {
  expect(RESERVED_WORD_COUNT).toBe(573);
});
