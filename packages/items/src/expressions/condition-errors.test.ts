import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { except, NAMES, VALUES } from '../testing/sample-values.ts';
import { compileCondition } from './condition.ts';
import { PlaceholderUse } from './placeholders.ts';

type Case = readonly [text: string, story: string];

const REDUNDANT = 'The expression has redundant parentheses;';
const syntax = (text: string, token: string, near: string): Case => [
  text,
  `Syntax error; token: "${token}", near: "${near}"`,
];
const misused = (text: string, name: string): Case => [
  text,
  `The function is not allowed to be used this way in an expression; function: ${name}`,
];
const count = (text: string, name: string, operands: number): Case => [
  text,
  `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands}`,
];
const type = (text: string, name: string, found: string): Case => [
  text,
  `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${found}`,
];
const same = (text: string, operator: string, path: string): Case => [
  text,
  `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`,
];
const noPath = (text: string, name: string): Case => [
  text,
  `Operator or function requires a document path; operator or function: ${name}`,
];
const reserved = (text: string, word: string): Case => [
  text,
  `Attribute name is a reserved keyword; reserved keyword: ${word}`,
];

const CASES: readonly Case[] = [
  ['', 'The expression can not be empty;'],
  [' \t\n', 'The expression can not be empty;'],
  ['x'.repeat(4097), 'Expression size has exceeded the maximum allowed size; expression size: 4097'],
  [`a = :S${' OR a = :S'.repeat(150)}`, 'The expression contains too many operators; operator count: 301'],
  [`${'NOT '.repeat(300)}a = :S`, 'The expression contains too many operators; operator count: 301'],
  syntax('a', '<EOF>', 'a'),
  syntax('a =', '<EOF>', '='),
  syntax('a b', 'b', 'a b'),
  syntax('a = :S b', 'b', ':S b'),
  syntax('a = 1', '1', '= 1'),
  syntax('a > 4 AND b = :S', '4', '> 4 AND'),
  syntax('a == :S', '=', '== :S'),
  syntax('a != :S', '!', 'a !='),
  syntax('a = "x"', '"', '= "x'),
  syntax("a = 'x'", "'", "= 'x"),
  syntax('a = :S AND', '<EOF>', 'AND'),
  syntax('AND a = :S', 'AND', 'AND a'),
  syntax('a AND b', 'AND', 'a AND b'),
  syntax('a OR b', 'OR', 'a OR b'),
  syntax('NOT a', '<EOF>', 'a'),
  syntax('NOT', '<EOF>', 'NOT'),
  syntax('(a = :S', '<EOF>', ':S'),
  syntax('a = :S)', ')', ':S)'),
  syntax('()', ')', '()'),
  syntax('(a = :S) = :S', '=', ') = :S'),
  syntax('a BETWEEN :S', '<EOF>', ':S'),
  syntax('a BETWEEN :S OR :S', 'OR', ':S OR :S'),
  syntax('a IN :S', ':S', 'IN :S'),
  syntax('a IN ()', ')', '()'),
  syntax('a IN (:S,)', ')', ',)'),
  syntax('attribute_exists()', ')', '()'),
  syntax('attribute_exists(a', '<EOF>', 'a'),
  syntax('attribute_exists a', 'a', 'attribute_exists a'),
  syntax('attribute_exists(a,)', ')', ',)'),
  syntax('_a = :S', '_', '_a'),
  syntax('foo-bar = :S', '-', 'foo-bar'),
  syntax('a.1 = :S', '1', '.1 ='),
  syntax('a[b] = :S', 'b', '[b]'),
  syntax('a[] = :S', ']', '[] ='),
  syntax('a[-1] = :S', '-', '[-1'),
  syntax('a[1 = :S', '=', '1 = :S'),
  syntax('a. = :S', '=', '. = :S'),
  syntax('.a = :S', '.', '.a'),
  syntax('# = :S', '#', '# ='),
  syntax('a = :', ':', '= :'),
  syntax('a = :S;', ';', ':S;'),
  syntax('(size(a))[0] > :N', '[', ')[0'),
  syntax('size(a).b > :N', '.', ').b'),
  syntax('a <=> :S', '>', '<=> :S'),
  syntax('a = :S = :S', '=', ':S = :S'),
  syntax('a + :N > :N', '+', 'a + :N'),
  syntax('1a = :S', '1', '1a'),
  syntax('à = :S', 'à', 'à ='),
  syntax('and = :S', 'and', 'and ='),
  syntax('a = between', 'between', '= between'),
  syntax('not(not)', ')', 'not)'),
  syntax('in(a, b)', 'in', 'in('),
  ['a[2147483648] = :S', 'List index is not within the allowable range; index: [2147483648]'],
  [`a${'.b'.repeat(32)} = :S`, 'The document path has too many nesting levels; nesting levels: 33'],
  ['((a = :S))', REDUNDANT],
  ['((a = :S AND b = :S))', REDUNDANT],
  ['((a)) = :S', REDUNDANT],
  ['a = ((:S))', REDUNDANT],
  ['NOT ((a = :S))', REDUNDANT],
  ['a = :S AND ((b = :S OR c = :S))', REDUNDANT],
  ['((attribute_exists(a)))', REDUNDANT],
  ['attribute_exists(((a)))', REDUNDANT],
  [`${'('.repeat(400)}a = :S${')'.repeat(400)}`, REDUNDANT],
  ['attribute_exist(a)', 'Invalid function name; function: attribute_exist'],
  ['if_not_exists(a, :S)', 'Invalid function name; function: if_not_exists'],
  ['list_append(a, :L) = :L', 'Invalid function name; function: list_append'],
  ['ATTRIBUTE_EXISTS(a)', 'Invalid function name; function: ATTRIBUTE_EXISTS'],
  ['Size(a) = :N', 'Invalid function name; function: Size'],
  ['contains(foo(a), :S)', 'Invalid function name; function: foo'],
  misused('size(a)', 'size'),
  misused('NOT size(a)', 'size'),
  misused('a = :S OR size(a)', 'size'),
  misused('attribute_exists(a) = :BOOL', 'attribute_exists'),
  misused(':BOOL = contains(a, :S)', 'contains'),
  misused('a BETWEEN begins_with(a, :S) AND :S', 'begins_with'),
  misused('a IN (:S, attribute_type(b, :type))', 'attribute_type'),
  misused('contains(a, attribute_exists(b))', 'attribute_exists'),
  misused('size(attribute_not_exists(a)) > :N', 'attribute_not_exists'),
  reserved('status = :S', 'status'),
  reserved('abOrt = :S', 'abOrt'),
  reserved('a.data = :S', 'data'),
  reserved('a[1].items = :S', 'items'),
  reserved('attribute_exists(name)', 'name'),
  reserved('size(value) > :N', 'value'),
  reserved(':S = zone', 'zone'),
  reserved('a BETWEEN :S AND year', 'year'),
  reserved('a IN (:S, user)', 'user'),
  reserved('size = :N', 'size'),
  ['#x = :S', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ['a.#x = :S', 'An expression attribute name used in the document path is not defined; attribute name: #x'],
  ['size(#A) = :N', 'An expression attribute name used in the document path is not defined; attribute name: #A'],
  ['a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  ['a IN (:S, :x)', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  ['contains(a, :x)', 'An expression attribute value used in expression is not defined; attribute value: :x'],
  count('attribute_exists(a, b)', 'attribute_exists', 2),
  count('attribute_not_exists(a, b, c)', 'attribute_not_exists', 3),
  count('attribute_type(a)', 'attribute_type', 1),
  count('begins_with(a)', 'begins_with', 1),
  count('begins_with(a, :S, :S)', 'begins_with', 3),
  count('contains(a)', 'contains', 1),
  count('size(a, b) > :N', 'size', 2),
  same('a = a', '=', '[a]'),
  same('a <> #a', '<>', '[a]'),
  same('a.b[0] < a.b[0]', '<', '[a, b, [0]]'),
  same('#dot >= #dot', '>=', '[x.y]'),
  same('a IN (:S, b, a)', 'IN', '[a]'),
  same('a BETWEEN :S AND a', 'BETWEEN', '[a]'),
  same('contains(#a, #a)', 'contains', '[a]'),
  same('begins_with(a[1], a[1])', 'begins_with', '[a, [1]]'),
  same('attribute_type(a, a)', 'attribute_type', '[a]'),
  noPath('attribute_exists(:S)', 'attribute_exists'),
  noPath('attribute_not_exists(:S)', 'attribute_not_exists'),
  noPath('attribute_exists(size(a))', 'attribute_exists'),
  ...except('S', 'B').map(each => type(`begins_with(a, :${each})`, 'begins_with', each)),
  ...except('S', 'B').map(each => type(`begins_with(:${each}, a)`, 'begins_with', each)),
  type('begins_with(size(a), :S)', 'begins_with', 'N'),
  ...except('S', 'N', 'B').map(each => type(`a < :${each}`, '<', each)),
  ...except('S', 'N', 'B').map(each => type(`:${each} >= a`, '>=', each)),
  type('a <= :BOOL', '<=', 'BOOL'),
  type('a > :NULL', '>', 'NULL'),
  type('a BETWEEN :BOOL AND :BOOL', 'BETWEEN', 'BOOL'),
  type('a BETWEEN :S AND :L', 'BETWEEN', 'L'),
  ...(['N', 'BOOL', 'NULL'] as const).map(each => type(`size(:${each}) > :N`, 'size', each)),
  type('size(size(a)) > :N', 'size', 'N'),
  ...except('S').map(each => type(`attribute_type(a, :${each})`, 'attribute_type', each)),
  type('attribute_type(a, b)', 'attribute_type', '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}'),
  [
    'attribute_type(a, :notType)',
    'Invalid attribute type name found; type: STRING, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
  ],
  [
    'a BETWEEN :N AND :S',
    'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
  ],
  [
    'a BETWEEN :s2 AND :S',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
  ],
  [
    'a BETWEEN :n2 AND :N',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
  ],
  [
    `a IN (${Array(101).fill(':S').join()})`,
    'The IN operator is provided with too many operands; number of operands: 101',
  ],
  // What is wrong first: the grammar, parentheses, functions, reserved words, then one predicate after another.
  syntax('((status = :x)) AND foo(a) b', 'b', ') b'),
  ['((status = :x)) AND foo(a)', REDUNDANT],
  ['status = :x AND foo(a)', 'Invalid function name; function: foo'],
  misused('status = :x AND size(a)', 'size'),
  reserved('a = :x AND status = :S', 'status'),
  count('contains(a) AND a = :x', 'contains', 1),
];

describe.each(['ConditionExpression', 'FilterExpression'] as const)('an invalid %s', kind => {
  it.each(CASES)('%#: %s', (text, story) => {
    const expression = { text, names: NAMES, values: VALUES };
    let message = 'nothing was refused';
    try {
      compileCondition(expression, kind, new PlaceholderUse());
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      ({ message } = error as InvalidInput);
    }
    expect(message).toBe(`Invalid ${kind}: ${story}`);
  });
});

describe('conditions as large as they may be', () => {
  it.each([
    `a = :S${' OR a = :S'.repeat(149)}`,
    `${'NOT '.repeat(299)}a = :S`,
    `a IN (${Array(100).fill(':S').join()})`,
    `a = :S${' '.repeat(4090)}`,
    `a${'[0]'.repeat(31)} = :S`,
  ])('%# are taken', text => {
    expect(() => compileCondition({ text, values: VALUES }, 'ConditionExpression', new PlaceholderUse())).not.toThrow();
  });
});
