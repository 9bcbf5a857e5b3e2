import { describe, expect, it } from 'vitest';
import { InvalidInput, ItemDoesNotSuit } from '../invalid-input.ts';
import { except, NAMES, VALUES } from '../testing/sample-values.ts';
import type { Item } from '../values/attribute-value.ts';
import { PlaceholderUse } from './placeholders.ts';
import { compileUpdate } from './update.ts';

type Case = readonly [text: string, story: string];

const syntax = (text: string, token: string, near: string): Case => [
  text,
  `Syntax error; token: "${token}", near: "${near}"`,
];
const overlap = (text: string, one: string, two: string): Case => [
  text,
  `Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
];
const conflict = (text: string, one: string, two: string): Case => [
  text,
  `Two document paths conflict with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
];
const reserved = (text: string, word: string): Case => [
  text,
  `Attribute name is a reserved keyword; reserved keyword: ${word}`,
];
const twice = (text: string, clause: string): Case => [
  text,
  `The "${clause}" section can only be used once in an update expression;`,
];
const type = (text: string, name: string, found: string): Case => [
  text,
  `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${found}`,
];
const clauseType = (text: string, clause: string, word: string): Case => [
  text,
  `Incorrect operand type for operator or function; operator: ${clause}, operand type: ${word}, typeSet: ALLOWED_FOR_${clause}_OPERAND`,
];
const count = (text: string, name: string, operands: number): Case => [
  text,
  `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands}`,
];

const CASES: readonly Case[] = [
  ['', 'The expression can not be empty;'],
  ['  ', 'The expression can not be empty;'],
  [`SET a = ${'b'.repeat(4100)}`, 'Expression size has exceeded the maximum allowed size; expression size: 4108'],
  [
    `SET ${Array.from({ length: 301 }, (_, i) => `c${i}=b+:N`).join()}`,
    'The expression contains too many operators; operator count: 301',
  ],
  syntax('INVALID SYNTAX HERE', 'INVALID', 'INVALID SYNTAX'),
  syntax('whatever', 'whatever', 'whatever'),
  syntax('SET', '<EOF>', 'SET'),
  syntax('set a', '<EOF>', 'a'),
  syntax('add a', '<EOF>', 'a'),
  syntax('delete a', '<EOF>', 'a'),
  syntax('SET a =', '<EOF>', '='),
  syntax('SET a = b +', '<EOF>', '+'),
  syntax('set a=set', 'set', '=set'),
  syntax('remove a = b', '=', 'a = b'),
  syntax('add a = b', '=', 'a = b'),
  syntax('delete a b', 'b', 'a b'),
  syntax('add a b', 'b', 'a b'),
  syntax('remove a b', 'b', 'a b'),
  syntax('set a b', 'b', 'a b'),
  syntax('set :S = b', ':S', 'set :S ='),
  syntax('add :S b', ':S', 'add :S b'),
  syntax('remove :S', ':S', 'remove :S'),
  syntax('set a = b / c', '/', 'b / c'),
  syntax('set a = b * c', '*', 'b * c'),
  syntax('SET a = numx / :N', '/', 'numx / :N'),
  syntax('set a[1] = "eight"', '"', '= "eight'),
  syntax('set a[1] = 1', '1', '= 1'),
  syntax('SET a = if_not_exists(a, 100)', '100', ', 100)'),
  syntax('SET if_not_exists(a, b) = a', '(', 'if_not_exists(a'),
  syntax('set (a = (b + c))', '(', 'set (a'),
  syntax('set a = (b.c).d + e', '.', ').d'),
  syntax('set a = (b.c)[0] + e', '[', ')[0'),
  syntax('set a = b + c + d', '+', 'c + d'),
  syntax('set a = (b + c) + d', '+', ') + d'),
  syntax('set a = (b + c', '<EOF>', 'c'),
  syntax('set a = :S,', '<EOF>', ','),
  syntax('set a = :S, , b = :S', ',', ', , b'),
  syntax('set a = :S and b = :S', 'and', ':S and b'),
  syntax('set a.b. = :S', '=', '. = :S'),
  syntax('set a[x] = :S', 'x', '[x]'),
  syntax('set _a = :S', '_', 'set _a'),
  syntax('set a = :S; remove b', ';', ':S; remove'),
  syntax('remove a, remove b', 'remove', ', remove b'),
  syntax('set delete = :S', 'delete', 'set delete ='),
  syntax('add a :S :S', ':S', ':S :S'),
  syntax('set a = list_append()', ')', '()'),
  syntax('set a == :S', '=', '== :S'),
  syntax('set a = -b', '-', '= -b'),
  syntax('set a += :N', '+', 'a +='),
  syntax('set foo-bar = :N', '-', 'foo-bar'),
  reserved('set status = :S', 'status'),
  reserved(' set #x = :x set abOrt = b ', 'abOrt'),
  reserved(' remove Absolute ', 'Absolute'),
  reserved('add counter :N', 'counter'),
  reserved('delete tags.items :SS', 'items'),
  reserved('set a = b + size', 'size'),
  reserved('set a = if_not_exists(value, :N)', 'value'),
  reserved('set a.b[2].name = :S', 'name'),
  ['set #a = if_not_exist(:x) set c = d', 'Invalid function name; function: if_not_exist'],
  ['set a = size(b)', 'Invalid function name; function: size'],
  ['set a = attribute_exists(b)', 'Invalid function name; function: attribute_exists'],
  ['set a = LIST_APPEND(b, :L)', 'Invalid function name; function: LIST_APPEND'],
  ['set a = list_append(b, foo(c))', 'Invalid function name; function: foo'],
  twice('set a = #x set c = :x', 'SET'),
  twice('remove #x set a = b remove e', 'REMOVE'),
  twice('add #x :x set a = b add e :x', 'ADD'),
  twice('delete #x :x set a = b delete #b :x', 'DELETE'),
  ['SET #x = :S', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  [
    'SET #x = if_not_exists(:x)',
    'An expression attribute name used in the document path is not defined; attribute name: #x',
  ],
  ['SET a = :x, #x = :S', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ['REMOVE a.#x', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ['ADD #x :N', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ['SET a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  [
    'SET #a = if_not_exists(:x)',
    'An expression attribute value used in expression is not defined; attribute value: :x',
  ],
  ['ADD a :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  ['DELETE a :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  ['SET a = b + :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  overlap('set a = :S, a = :N', '[a]', '[a]'),
  overlap('set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)', '[c, [1], a]', '[c]'),
  overlap('set c.b.#c = a, c = a, #3 = a', '[c, b, c]', '[c]'),
  overlap('set a = b remove a, #c, #3', '[a]', '[a]'),
  overlap('set #c[3].#3 = a, #c[3] = a', '[c, [3], [3]]', '[c, [3]]'),
  overlap('remove c, #c.a, #3', '[c]', '[c, a]'),
  overlap('remove a, #c, a, #3', '[a]', '[a]'),
  overlap('add a :N delete a :SS', '[a]', '[a]'),
  conflict('set #c[3].#3 = a, #c.#3[3] = if_not_exists(a)', '[c, [3], [3]]', '[c, [3], [3]]'),
  conflict('remove a.#c set a[1] = #3', '[a, c]', '[a, [1]]'),
  conflict('set a.b = :S, a[1] = :S', '[a, b]', '[a, [1]]'),
  ...(
    [
      ['S', 'STRING'],
      ['B', 'BINARY'],
      ['NULL', 'NULL'],
      ['BOOL', 'BOOLEAN'],
      ['M', 'MAP'],
      ['L', 'LIST'],
    ] as const
  ).flatMap(([each, word]) => [
    clauseType(`add a.b :${each}`, 'ADD', word),
    clauseType(`delete a.b :${each}`, 'DELETE', word),
  ]),
  clauseType('delete a.b :N', 'DELETE', 'NUMBER'),
  clauseType('set b = list_append(:S, a), c = if_not_exists(a) add a.b :S', 'ADD', 'STRING'),
  count('set a = if_not_exists(c)', 'if_not_exists', 1),
  count('set a = if_not_exists(c, :S, :S)', 'if_not_exists', 3),
  count('set a = list_append(c)', 'list_append', 1),
  count('set a = list_append(c, list_append(:L))', 'list_append', 1),
  [
    'set a = if_not_exists(:S, c)',
    'Operator or function requires a document path; operator or function: if_not_exists',
  ],
  [
    'set a = if_not_exists(if_not_exists(a, b), c)',
    'Operator or function requires a document path; operator or function: if_not_exists',
  ],
  ...except('L').map(each => type(`set a = list_append(:${each}, a)`, 'list_append', each)),
  ...except('L').map(each => type(`set a = list_append(a, :${each})`, 'list_append', each)),
  ...except('N').map(each => type(`set a = a + :${each}`, '+', each)),
  ...except('N').map(each => type(`set a = :${each} - a`, '-', each)),
  type('set a = :S + :B', '+', 'S'),
  type('set a = list_append(a, b) + :N', '+', 'L'),
];

describe('an invalid UpdateExpression', () => {
  it.each(CASES)('%#: %s', (text, story) => {
    let message = 'nothing was refused';
    try {
      compileUpdate({ text, names: NAMES, values: VALUES }, new PlaceholderUse());
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      ({ message } = error as InvalidInput);
    }
    expect(message).toBe(`Invalid UpdateExpression: ${story}`);
  });
});

const ITEM: Item = {
  s: { S: 'text' },
  n: { N: '1' },
  big: { N: `9${'0'.repeat(125)}` },
  small: { N: `0.${'0'.repeat(129)}1` },
  ss: { SS: ['1'] },
  ns: { NS: ['1'] },
  m: { M: { k: { S: 'v' } } },
  l: { L: [{ S: 'a' }, { S: 'b' }] },
};
const MISSING = 'The provided expression refers to an attribute that does not exist in the item';
const PATH = 'The document path provided in the update expression is invalid for update';
const TYPE = 'An operand in the update expression has an incorrect data type';
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';

const UNSUITED: readonly Case[] = [
  ['set a = b', MISSING],
  ['set a = m.zzz', MISSING],
  ['set a = l[7]', MISSING],
  ['set a = s.k', MISSING],
  ['set a = b + :N', MISSING],
  ['set a = list_append(l, b)', MISSING],
  ['set a = if_not_exists(b, c)', MISSING],
  ['set s.k = :S', PATH],
  ['set s[1] = :S', PATH],
  ['set y.k = :S', PATH],
  ['set y[1] = :S', PATH],
  ['set m[1] = :S', PATH],
  ['set l.k = :S', PATH],
  ['set m.zzz.k = :S', PATH],
  ['set l[5].k = :S', PATH],
  ['remove s.k', PATH],
  ['remove y.k', PATH],
  ['remove y[1]', PATH],
  ['remove m[1]', PATH],
  ['remove l.k', PATH],
  ['delete s.k :SS', PATH],
  ['delete y.k :SS', PATH],
  ['add y.k :N', PATH],
  ['add m[1] :N', PATH],
  ['delete ns :SS', TYPE],
  ['delete m :NS', TYPE],
  ['delete n :NS', TYPE],
  ['delete m.k :SS', TYPE],
  ['add m :NS', TYPE],
  ['add ns :N', TYPE],
  ['add n :NS', TYPE],
  ['add ss :NS', TYPE],
  ['add s :N', TYPE],
  ['set a = s + :N', TYPE],
  ['set a = m - :N', TYPE],
  ['set a = :N - l', TYPE],
  ['set a = list_append(s, if_not_exists(b, :L))', TYPE],
  ['set a = list_append(:L, ns)', TYPE],
  ['set a = big + big', OVERFLOW],
  ['add big :nines', OVERFLOW],
  [
    'set a = small - :tinier',
    'Number underflow. Attempting to store a number with magnitude smaller than supported range',
  ],
  ['set a = big + :N', 'Attempting to store more than 38 significant digits in a Number'],
  ['set m.k = :deep', 'Nesting Levels have exceeded supported limits'],
];

describe('an update that its item does not suit', () => {
  let deep: Item[string] = { L: [] };
  for (let level = 1; level < 32; level++) deep = { L: [deep] };
  const values = {
    ...VALUES,
    ':nines': { N: `9${'0'.repeat(125)}` },
    ':tinier': { N: `0.${'0'.repeat(129)}15` },
    ':deep': deep,
  };

  it.each(UNSUITED)('%#: %s', (text, message) => {
    const update = compileUpdate({ text, values });
    expect(() => update.apply(ITEM, {})).toThrow(new ItemDoesNotSuit(message));
  });

  it('speaks of no expression where there was none', () => {
    const update = compileUpdate({ text: 'ADD s :N', values, legacy: true });
    expect(() => update.apply(ITEM, {})).toThrow(new ItemDoesNotSuit('Type mismatch for attribute to update'));
  });
});
