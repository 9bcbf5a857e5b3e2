import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { NAMES, VALUES } from '../testing/sample-values.ts';
import { compileCondition } from './condition.ts';
import { compileKeyCondition } from './key-condition.ts';
import { PlaceholderUse } from './placeholders.ts';
import { compileProjection } from './projection.ts';
import { compileUpdate } from './update.ts';

const SCHEMA = { hash: { name: 'a', type: 'S' }, range: { name: 'b', type: 'N' } } as const;
const PIECES = [
  ...['a', 'b', '#a', ':S', ':N', ':L', '(', ')', '[', ']', '.', ',', '=', '<>', '<', '>=', '+', '-', '0', '99', ' '],
  ...['AND', 'OR', 'NOT', 'BETWEEN', 'IN', 'SET', 'REMOVE', 'ADD', 'DELETE', 'size', 'attribute_exists', 'contains'],
  ...['if_not_exists', 'list_append', 'begins_with', '_', '#', ':', '"', '\u0000', '\ud800', '\u{1f600}', '%'],
];

/** Pieces of expressions in no order, and any characters. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map(pieces => pieces.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

const compilers = [
  (expression: string) =>
    compileCondition({ text: expression, names: NAMES, values: VALUES }, 'ConditionExpression', new PlaceholderUse()),
  (expression: string) => compileUpdate({ text: expression, names: NAMES, values: VALUES }, new PlaceholderUse()),
  (expression: string) => compileProjection({ text: expression, names: NAMES }, new PlaceholderUse()),
  (expression: string) =>
    compileKeyCondition({ text: expression, names: NAMES, values: VALUES }, SCHEMA, new PlaceholderUse()),
];

function refusal(compile: (text: string) => unknown, expression: string): InvalidInput | undefined {
  try {
    compile(expression);
    return undefined;
  } catch (error) {
    expect(error, expression).toBeInstanceOf(InvalidInput);
    return error as InvalidInput;
  }
}

describe('texts that are no expressions', () => {
  it('are refused by name, whatever they are', () => {
    let refused = 0;
    fc.assert(
      fc.property(text, expression => {
        for (const compile of compilers) refused += refusal(compile, expression) === undefined ? 0 : 1;
      }),
      { numRuns: Number(process.env.STORMGLASS_EXPRESSIONS ?? 700) },
    );
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([
    '(',
    'NOT ',
    'size(',
    'a.',
    'a[0',
    'a = :S AND ',
    '#a',
    'SET a = (',
    'SET a = list_append(',
    'a,',
    '(a IN (',
  ])('are refused when they are as long and deep as a text can be: %s', piece => {
    const expression = piece.repeat(4096 / piece.length);
    for (const compile of compilers) expect(refusal(compile, expression)).toBeDefined();
  });
});
