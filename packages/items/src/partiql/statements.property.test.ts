import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import type { KeySchema } from '../keys/key-schema.ts';
import { condition, item } from '../testing/arbitrary-expressions.ts';
import { holds } from '../testing/simple-evaluator.ts';
import { StatementTreeWriter } from '../testing/statement-trees.ts';
import { readsOf } from './keys.ts';
import { parseStatement } from './parse-statement.ts';
import { selectionOf } from './selection.ts';
import { checkParameters, filterOf, writeOf } from './translate.ts';

const SCHEMA: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } };
const numRuns = Number(process.env.STORMGLASS_EXPRESSIONS ?? 1500);

describe('random statements', () => {
  it('mean what a simple evaluator says', () => {
    let met = 0;
    fc.assert(
      fc.property(condition, item, (tree, it) => {
        const writer = new StatementTreeWriter();
        const text = `SELECT * FROM t WHERE ${writer.condition(tree)}`;
        const statement = parseStatement(text);
        checkParameters(statement, writer.parameters);
        if (statement.kind !== 'select') throw new TypeError('a SELECT is one');
        const expected = holds(tree, it);
        met += expected ? 1 : 0;
        expect(filterOf(statement.where!, writer.parameters).test(it), text).toBe(expected);
      }),
      { numRuns },
    );
    expect(met / numRuns).toBeGreaterThan(0.1);
    expect(met / numRuns).toBeLessThan(0.9);
  });

  it('are refused, whatever they are, and nothing worse', () => {
    const word = fc.constantFrom(
      ...'SELECT * FROM t WHERE a = 1 AND OR NOT IN IS MISSING BETWEEN ( ) [ ] { } << >> , . : ; ? \' " - -- /* */'.split(
        ' ',
      ),
      ...'UPDATE SET REMOVE DELETE INSERT INTO VALUE EXISTS RETURNING ALL OLD ORDER BY size( "b" \'c\' 1e9 .5 + || #'.split(
        ' ',
      ),
    );
    let understood = 0;
    const form = fc.constantFrom(
      ...['SELECT * FROM t WHERE ~', 'DELETE FROM t WHERE ~', 'EXISTS(SELECT * FROM t WHERE ~)', 'UPDATE t SET ~'],
      ...['UPDATE t SET a = n + 1 WHERE ~', "INSERT INTO t VALUE {'pk': 'x', 'sk': 1, 'a': ~}"],
    );
    const condition = fc.constantFrom(
      ...['a = 1', "pk = 'x'", 'sk = 2', 'b IN [1, ?]', 'size(c) < 3', 'd.e[1] IS MISSING', 'sk BETWEEN 1 AND ?'],
      ...["pk = 'x' AND sk = 1", 'begins_with(pk, 1)', 'contains(a, <<1, 1>>)', '(a = 1e126)', 'set_add(a, b)'],
    );
    const connector = fc.constantFrom('AND', 'OR', 'AND NOT');
    const rest = fc.array(fc.tuple(connector, condition, fc.oneof({ weight: 5, arbitrary: fc.constant('') }, word)), {
      maxLength: 4,
    });
    const whole = fc.tuple(form, condition, rest).map(([text, ...parts]) => text.replace('~', parts.flat(2).join(' ')));
    const noise = fc.array(word, { maxLength: 8 }).map(words => words.join(' '));
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: whole }, noise), text => {
        try {
          const statement = parseStatement(text);
          understood++;
          const { parameters } = statement;
          const values = Array.from({ length: parameters }, () => ({ S: 'x' }));
          if (statement.kind !== 'select') return void writeOf(statement, SCHEMA, values);
          selectionOf(statement);
          readsOf(statement.where, statement.order, SCHEMA, values);
          if (statement.where !== undefined) filterOf(statement.where, values);
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
        }
      }),
      { numRuns },
    );
    expect(understood / numRuns).toBeGreaterThan(0.2);
  });
});

it('shows what is selected by its last name', () => {
  const statement = parseStatement('SELECT a, m.b, m.l[1], gone.too FROM t');
  if (statement.kind !== 'select') throw new TypeError('a SELECT is one');
  const it = { a: { S: 'x' }, m: { M: { b: { N: '1' }, l: { L: [{ N: '1' }, { N: '2' }] } } }, z: { S: 'no' } };
  expect(selectionOf(statement)!.project(it)).toEqual({ a: { S: 'x' }, b: { N: '1' }, 'l[1]': { N: '2' } });
});
