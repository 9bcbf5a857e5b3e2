import { describe, expect, it } from 'vitest';
import type { KeySchema } from '../keys/key-schema.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { readsOf } from './keys.ts';
import { parseStatement } from './parse-statement.ts';
import { selectionOf } from './selection.ts';
import { checkParameters, filterOf, writeOf } from './translate.ts';

const SCHEMA: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } };
const MALFORMED = "Statement wasn't well formed, can't be processed: ";

/** Everything that can be said of a statement before there is an item. */
function translated(text: string, parameters: readonly AttributeValue[] = []): unknown {
  const statement = parseStatement(text);
  checkParameters(statement, parameters);
  if (statement.kind !== 'select') return writeOf(statement, SCHEMA, parameters);
  selectionOf(statement);
  if (statement.where !== undefined) filterOf(statement.where, parameters);
  return readsOf(statement.where, statement.order, SCHEMA, parameters);
}

const where = (condition: string) => `SELECT * FROM t WHERE pk = 'a' AND ${condition}`;
const set = (changes: string) => `UPDATE t SET ${changes} WHERE pk = 'a' AND sk = 1`;
/** `1:<column>:<length>` of a word in a statement. */
const place = (text: string, word: string, length = word.length) => ` at 1:${text.indexOf(word) + 1}:${length}`;

describe('statements that are not well formed', () => {
  it.each<[string, string]>([
    ['SLECT * FROM t', 'Expected data manipulation'],
    ['', 'Expected data manipulation'],
    ['x IS INT4', 'Expected data manipulation'],
    ["UPDATE Payment-x SET active = 1 WHERE pk = 'a'", 'Expected data manipulation'],
    [where('1 = 1 foo'), 'Unexpected token after expression'],
    ["SELECT * FROM t WHERE pk = 'a' e5", 'Unexpected token after expression'],
    ["INSERT INTO t VALUE {'pk': 'a'} foo", 'Unexpected token after expression'],
    ["INSERT INTO t x VALUE {'pk': 'a'}", 'Unexpected token after expression'],
    [`${set('a = 9')} foo`, 'Unexpected token after expression'],
    ["DELETE FROM t WHERE pk = 'a' foo", 'Unexpected token after expression'],
    ["DELETE FROM t WHERE pk = 'a' ORDER BY pk", 'Unexpected token after expression'],
    ["SELECT * FROM t ORDER BY pk WHERE pk = 'a'", 'Unexpected token after expression'],
    ["SELECT * FROM t WHERE pk = 'a')", 'Unexpected token after expression'],
    ["FROM t SET c = 1 WHERE pk = 'a'", 'Unexpected token after expression'],
    ['SELECT * FROM t WHERE pk = 1e2147483648', ''],
    ['SELECT * FROM t WHERE pk = 1.5e-2147483647', ''],
    ['SELECT * FROM t WHERE pk = 1 # note', ''],
    ['SELECT * FROM t WHERE pk = 1 /* note', ''],
    ['SELECT * FROM "t', ''],
    ["SELECT * FROM t WHERE pk = 'a", ''],
    ['SELECT * FROM t WHERE', 'Unexpected term'],
    ['SELECT * FROM t WHERE;', 'Unexpected term'],
    ['UPDATE t SET a = 1 WHERE', 'Unexpected term'],
    ['DELETE FROM t WHERE', 'Unexpected term'],
    ['SELECT * FROM t WHERE NOT', 'Unexpected term'],
    ['SELECT * FROM t WHERE (', 'Unexpected term'],
    ['SELECT * FROM', 'Unexpected term'],
    [where(''), 'Missing right-hand side expression of infix operator'],
    ["SELECT * FROM t WHERE pk = 'a' OR", 'Missing right-hand side expression of infix operator'],
    ['SELECT * FROM t WHERE ORDER BY pk', 'Unexpected keyword'],
    ["INSERT INTO t (pk) VALUES ('a')", 'Unexpected keyword'],
    ['SELECT user FROM t', 'Unexpected keyword'],
    [where('x IS FOO'), 'Expected type name'],
    ['SELECT * FROM t WHERE IS NULL', 'Unexpected operator'],
    ['SELECT * FROM t WHERE pk = LIKE', 'Unexpected operator'],
    ['DELETE FROM', 'Expected identifier for simple path'],
    ["DELETE FROM WHERE pk = 'a'", 'Expected identifier for simple path'],
    [where('attribute_exists(m.inner)'), 'Invalid path dot component'],
    [where(`x = ${'['.repeat(300)}${']'.repeat(300)}`), 'Expression is nested too deeply'],
    [where(`${'NOT '.repeat(300)} x = 1`), 'Expression is nested too deeply'],
  ])('%s', (text, detail) => {
    expect(() => translated(text)).toThrow(`${MALFORMED}${detail}`);
  });
});

describe('statements that DynamoDB does not know', () => {
  it.each<[string, string]>([
    ["SELECT * FROM t x WHERE pk = 'a'", 'Aliasing is not supported'],
    ["SELECT * FROM t AS x WHERE pk = 'a'", 'Aliasing is not supported'],
    ['SELECT a AS b FROM t', 'Aliasing is not supported'],
    ["UPDATE t x SET a = 3 WHERE pk = 'a'", 'Aliasing is not supported'],
    ["DELETE FROM t x WHERE pk = 'a'", 'Aliasing is not supported'],
    ['SELECT VALUE a FROM t', "Select projection doesn't support value or pivot keywords"],
    ['SELECT *, a FROM t', "Other attributes should not be present in the projection when '*' is used."],
    ['SELECT a, * FROM t', "Other attributes should not be present in the projection when '*' is used."],
    ['SELECT a, m.a FROM t', 'Duplicate identifiers in select clause: a'],
    ['SELECT size(a) FROM t', 'Unexpected path component at 1:8:4'],
    ['SELECT * FROM t, u', 'Only select from a single table or index is supported.'],
    ['SELECT id FROM dbimp_page LIMIT 5', 'Unsupported clause: LIMIT at 1:33:1'],
    ['SELECT * FROM "t"."i"."x"', 'A path may contain at most 2 components in the FROM clause'],
    ['SELECT * FROM "t".""', 'Path component cannot be an empty string'],
    ['SELECT * FROM ""', 'Path component cannot be an empty string'],
    ["INSERT INTO t VALUES ('a')", 'Inserting multiple items in a single statement is not supported'],
    ["INSERT INTO t << {'pk': 'a'} >>", 'Inserting multiple items in a single statement is not supported'],
    ["INSERT INTO t VALUE {'pk': 'a', 'sk': 1} RETURNING ALL OLD *", 'RETURNING is not supported in INSERT'],
    [`${set('a = 1')} RETURNING ALL OLD a`, "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"],
    [`${set('a = 1')} RETURNING ALL OLD *, ALL NEW *`, 'Invalid syntax with multiple returning elements'],
    ["DELETE FROM t WHERE pk = 'a' AND sk = 1 RETURNING ALL NEW *", 'Invalid returning clause: RETURNING ALL NEW *.'],
    ['INSERT INTO "t"."i" VALUE {}', 'This operation is not supported on an index'],
    ["INSERT INTO t VALUE 'a'", 'Unsupported format in item expression.'],
  ])('%s', (text, message) => {
    expect(() => translated(text)).toThrow(message);
  });
});

describe('values', () => {
  const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  it.each<[string, string]>([
    ['SELECT * FROM t WHERE x = 1e126', `${OVERFLOW} under root`],
    ["INSERT INTO t VALUE {'pk': 'a', 'sk': 1e126}", `${OVERFLOW} under root`],
    ["INSERT INTO t VALUE {'pk': 'a', 'm': {'x': 1e126}}", `${OVERFLOW} under root.x`],
    ["INSERT INTO t VALUE {'pk': 'a', 'l': [1, 1e126]}", `${OVERFLOW} under root[1]`],
    [set('a = <<>>'), 'Empty bags are not supported'],
    [
      set("a = <<'x', 'x'>>"),
      'One or more parameter values were invalid: Input collection [x, x] contains duplicates.',
    ],
    [set("a = <<'x', 1>>"), 'Unexpected data type N in String Set under key root'],
    [set('a = <<true>>'), 'Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags'],
    ["INSERT INTO t VALUE {'pk': 'a', 'pk': 'b'}", 'Duplicate keys in tuple. Key: pk under root'],
    ['INSERT INTO t VALUE {1: 2}', 'Tuple keys must be of type String. Actual type: number under root'],
    [`INSERT INTO t VALUE {'pk': 'a', 'x': ${'['.repeat(40)}${']'.repeat(40)}}`, 'Nesting Levels have exceeded'],
    [where('x = missing'), 'MISSING must be compared using IS operator'],
    [where('x = ?'), "Number of parameters in request and statement don't match."],
  ])('%s', (text, message) => {
    expect(() => translated(text)).toThrow(message);
  });

  it('stand in functions where none may', () => {
    const text = "INSERT INTO t VALUE {'pk': 'a', 'ss': set_add(<<'a'>>, <<'b'>>)}";
    expect(() => translated(text)).toThrow(`Unsupported data type: set_add under key root${place(text, 'set_add')}`);
    expect(() => translated('SELECT * FROM t', [{ S: 'too many' }])).toThrow('Number of parameters');
  });
});

describe('conditions', () => {
  it.each<[string, string]>([
    ['x < true', 'Incorrect operand type for operator or function; operator or function: <, operand type: BOOL'],
    ["attribute_exists('x')", 'Operator or function requires a document path; operator or function: attribute_exists'],
    ['attribute_exists()', 'operator or function: attribute_exists, number of operands: 0'],
    ['attribute_exists(x, y)', 'operator or function: attribute_exists, number of operands: 2'],
    ['x', 'WHERE clause must contain an expression that resolves to a boolean'],
    ['x + 1 = 2', 'Unsupported operator in Condition Expression. Operator: +'],
    ['x IN []', 'IN operator must have a left hand argument of type Variable Reference'],
    [`x IN [${'1,'.repeat(100)}1]`, 'The IN operator is provided with too many operands; number of operands: 101'],
    ['x IS DATE', 'Unsupported data type for IS operator: DATE.'],
    ['1 IS NULL', 'The left hand side argument to IS must be a Variable Reference, Literal, or Path'],
    ['x BETWEEN 2 AND 1', 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound'],
    [Array(302).fill('x = 1').join(' OR '), 'The expression contains too many operators; operator count:'],
  ])('%s', (condition, message) => {
    let thrown = '';
    try {
      translated(where(condition));
    } catch (error) {
      thrown = (error as Error).message;
    }
    expect(thrown).toContain(message);
    expect(thrown).not.toContain('Expression:');
  });

  it('name functions that are none, with their place', () => {
    for (const call of ['EXISTS(ss)', "set_add(ss, <<'x'>>) = ss"]) {
      const text = where(call);
      const name = call.slice(0, call.indexOf('('));
      expect(() => translated(text)).toThrow(`Unrecognized function: ${name.toLowerCase()}${place(text, name)}`);
    }
  });
});

describe('changes', () => {
  it.each<[string, string, string]>([
    ["t = set_add(ss, <<'x'>>)", 'The first argument to SET_ADD must equal the assignment value', 'set_add'],
    ["ss = set_add(<<'a'>>, <<'b'>>)", 'The first argument to SET_ADD must equal the assignment value', 'set_add'],
    ['ss = set_add(ss)', 'SET_ADD must have exactly two arguments', 'set_add'],
    ["ss = set_delete(ss, <<'x'>>, 1)", 'SET_DELETE must have exactly two arguments', 'set_delete'],
    ['a = version()', 'Unrecognized function: version', 'version'],
  ])('%s', (changes, message, word) => {
    const text = set(changes);
    expect(() => translated(text)).toThrow(`${message}${place(text, word)}`);
  });

  it.each<[string, string]>([
    ['a = 1 + 2 + 3', 'Unsupported operator in Update Expression. Operator: +'],
    ['a = b * 2', 'Unsupported operator in Update Expression. Operator: *'],
    ['a = list_append()', 'operator or function: list_append, number of operands: 0'],
    ['a = 1, a = 2', 'Two document paths overlap with each other; must remove or rewrite one of these paths'],
    ["pk = 'b'", 'Cannot update attribute pk. This attribute is part of the key'],
  ])('%s', (changes, message) => {
    expect(() => translated(set(changes))).toThrow(message);
  });

  it('says where a set is missing', () => {
    const text = set("ss = set_add(ss, 'x')");
    const column = text.indexOf('(ss') + 2;
    expect(() => translated(text)).toThrow(`must be a value with type SET at 1:${column}:2`);
  });
});

describe('keys', () => {
  const INCOMPLETE = 'Where clause does not contain a mandatory equality on all key attributes';
  const MISMATCH = "Key attribute's data type should match its data type in table's schema: Key ";
  it.each<[string, string]>([
    ["DELETE FROM t WHERE name = 'x'", INCOMPLETE],
    ['DELETE FROM t', INCOMPLETE],
    ["UPDATE t SET a = 1 WHERE pk = 'a'", INCOMPLETE],
    ["UPDATE t SET a = 1 WHERE pk = 'a' OR sk = 1", INCOMPLETE],
    ['FROM t SET c = 1', INCOMPLETE],
    ["DELETE FROM t WHERE pk = 'a' AND pk = 'b' AND sk = 1", 'Multiple conditions on same key pk.'],
    ['DELETE FROM t WHERE pk = 1 AND sk = 1', `${MISMATCH}pk`],
    ['SELECT * FROM t WHERE pk = 1', `${MISMATCH}pk`],
    [where("sk > 'a'"), `${MISMATCH}sk`],
    ['SELECT * FROM t WHERE pk = true', 'Key value must be of type S, N, or B. Key name: pk, Key type: BOOL'],
    ["INSERT INTO t VALUE {'pk': 'a'}", 'Key attribute should be present in the item: Key sk'],
    ["INSERT INTO t VALUE {'pk': 'a', 'sk': 'b'}", `${MISMATCH}sk`],
    ['SELECT * FROM t ORDER BY sk', 'Must have WHERE clause in the statement when using ORDER BY clause.'],
    ['SELECT * FROM t WHERE x = 1 ORDER BY sk', 'Must have at least one non-optional hash key condition'],
    [`${where('x = 1')} ORDER BY x`, 'Variable reference x in ORDER BY clause must be part of the primary key'],
    ["SELECT * FROM t WHERE pk IN ['a', 'b'] ORDER BY sk", 'Must have hash key in ORDER BY clause'],
    [
      `SELECT * FROM t WHERE pk IN [${Array.from({ length: 51 }, (_, i) => `'${i}'`).join()}]`,
      'Too many decomposed read operations for a given query.',
    ],
    ["EXISTS(SELECT * FROM t WHERE pk = 'a' AND sk = 1)", 'EXISTS() must contain a single item read'],
    ["EXISTS(SELECT * FROM t WHERE pk = 'a' AND x = 1)", 'EXISTS() must contain a single item read'],
    ['EXISTS(SELECT * FROM t.i WHERE x = 1)', 'Operations on indices are not supported in transactions'],
  ])('%s', (text, message) => {
    expect(() => translated(text)).toThrow(message);
  });
});
