/** Random items and expressions that are valid, small and likely to have to do with each other. */
import fc from 'fast-check';
import type { AttributeValue, Item } from '../values/attribute-value.ts';
import type { TreeAction, TreeCondition, TreeOperand, TreePath, TreeSource } from './expression-trees.ts';
import { orderedLiterals } from './ordered-literals.ts';

/** A few plain names, so that paths lead somewhere, and some that are none. */
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 1, arbitrary: fc.constantFrom('a1', 'size', 'x.y', '__proto__', 'é ', 'toString') },
);

const text = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'Z', 'é', '\u{10000}', '\uffee', 'a\u0000');
const bytes = fc.constantFrom('', 'AA==', 'AAE=', '/w==', 'YWI=', 'YWJj', '8AA=', 'DwAB');

/** Canonical numbers, most of them near each other, some at the ends. */
export const number = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -12, max: 12 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('0.5', '-0.5', '1.25', '-12.0001', '99999999999999999999', '100000000000000000000'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      `1${'0'.repeat(125)}`,
      `-${'9'.repeat(38)}${'0'.repeat(88)}`,
      `0.${'0'.repeat(129)}1`,
      `-0.${'0'.repeat(129)}12`,
      '12345678901234567890123456789012345678',
      '0.12345678901234567890123456789012345678',
    ),
  },
);

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  text.map(S => ({ S })),
  number.map(N => ({ N })),
  bytes.map(B => ({ B })),
  fc.boolean().map(BOOL => ({ BOOL })),
  fc.constant({ NULL: true } as const),
);

/** Small, so that sets have members in common. */
const members = (...each: readonly string[]) => fc.subarray([...each], { minLength: 1 });
export const set: fc.Arbitrary<AttributeValue> = fc.oneof(
  { weight: 2, arbitrary: members('a', 'é', '\u{10000}').map(SS => ({ SS })) },
  { weight: 1, arbitrary: members('1', '-0.5', '10').map(NS => ({ NS })) },
  { weight: 1, arbitrary: members('AA==', '/w==').map(BS => ({ BS })) },
);

export const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: scalar },
    { weight: 3, arbitrary: set },
    { weight: 4, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map(L => ({ L })) },
    { weight: 3, arbitrary: mapOf(tie('value')).map(M => ({ M })) },
  ),
})).value;

function mapOf(each: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Item> {
  return fc.array(fc.tuple(name, each), { maxLength: 4 }).map(entries => Object.fromEntries(entries));
}

export const item: fc.Arbitrary<Item> = fc
  .array(fc.tuple(name, value), { maxLength: 9 })
  .map(entries => Object.fromEntries(entries));

const path: fc.Arbitrary<TreePath> = fc
  .tuple(
    name,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.oneof(name, fc.nat(4)), { maxLength: 2 }) },
      { weight: 1, arbitrary: fc.nat(4).map(index => [index]) },
    ),
  )
  .map(([first, rest]) => [first, ...rest]);

const operand: fc.Arbitrary<TreeOperand> = fc.oneof(
  { weight: 4, arbitrary: path.map(each => ({ path: each })) },
  { weight: 4, arbitrary: value.map(literal => ({ literal })) },
  { weight: 1, arbitrary: path.map(sizeOf => ({ sizeOf })) },
);
const ordered: fc.Arbitrary<TreeOperand> = operand.filter(
  each => !('literal' in each) || ['S', 'N', 'B'].includes(Object.keys(each.literal)[0]!),
);
const textual: fc.Arbitrary<TreeOperand> = fc.oneof(
  path.map(each => ({ path: each })),
  text.map(S => ({ literal: { S } })),
  bytes.map(B => ({ literal: { B } })),
);

const samePaths = (a: TreeOperand, b: TreeOperand) =>
  'path' in a && 'path' in b && JSON.stringify(a.path) === JSON.stringify(b.path);

const predicate: fc.Arbitrary<TreeCondition> = fc.oneof(
  fc
    .record({ compare: fc.constantFrom('=' as const, '<>' as const), a: operand, b: operand })
    .filter(({ a, b }) => !samePaths(a, b)),
  fc
    .record({
      compare: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const),
      a: ordered,
      b: ordered,
    })
    .filter(({ a, b }) => !samePaths(a, b)),
  fc
    .record({ between: ordered, low: ordered, high: ordered })
    .filter(({ between, low, high }) => !samePaths(between, low) && !samePaths(between, high))
    .map(tree => ({ ...tree, ...orderedLiterals(tree.low, tree.high) })),
  fc
    .record({ operand, oneOf: fc.array(operand, { minLength: 1, maxLength: 4 }) })
    .filter(tree => !tree.oneOf.some(each => samePaths(tree.operand, each))),
  fc.record({ exists: path, wanted: fc.boolean() }),
  fc.record({
    hasType: fc.constantFrom('S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'),
    at: path,
  }),
  fc.record({ beginsWith: textual, at: path }).filter(({ beginsWith, at }) => !samePaths(beginsWith, { path: at })),
  fc.record({ contains: operand, at: path }).filter(({ contains, at }) => !samePaths(contains, { path: at })),
);

export const condition: fc.Arbitrary<TreeCondition> = fc.letrec<{ condition: TreeCondition }>(tie => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: predicate },
    { weight: 1, arbitrary: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map(all => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map(any => ({ any })) },
    { weight: 1, arbitrary: tie('condition').map(not => ({ not })) },
  ),
})).condition;

const literalSource = <T extends AttributeValue>(each: fc.Arbitrary<T>) => each.map(literal => ({ literal }));
const pathSource = path.map(each => ({ path: each }));
const source = (literals: fc.Arbitrary<TreeSource>): fc.Arbitrary<TreeSource> =>
  fc.oneof(pathSource, literals, fc.record({ ifNotExists: path, otherwise: fc.oneof(pathSource, literals) }));
const lists = source(literalSource(fc.array(value, { maxLength: 3 }).map(L => ({ L }))));
const numbers = source(literalSource(number.map(N => ({ N }))));

const action: fc.Arbitrary<TreeAction> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ set: path, to: source(literalSource(value)) }) },
  { weight: 1, arbitrary: fc.record({ set: path, to: fc.tuple(lists, lists).map(append => ({ append })) }) },
  {
    weight: 2,
    arbitrary: fc.record({ set: path, sum: fc.tuple(numbers, fc.constantFrom('+' as const, '-' as const), numbers) }),
  },
  { weight: 2, arbitrary: fc.record({ remove: path }) },
  {
    weight: 2,
    arbitrary: fc.record({
      add: fc.oneof(
        number.map(N => ({ N })),
        set,
      ),
      at: path,
    }),
  },
  { weight: 1, arbitrary: fc.record({ take: set, at: path }) },
);

export const pathOfAction = (each: TreeAction): TreePath =>
  'set' in each ? each.set : 'remove' in each ? each.remove : each.at;

/** Actions whose paths leave each other alone: those that would not are left out. */
export const update: fc.Arbitrary<readonly TreeAction[]> = fc
  .array(action, { minLength: 1, maxLength: 5 })
  .map(actions =>
    actions.filter((each, i) => actions.slice(0, i).every(other => apart(pathOfAction(each), pathOfAction(other)))),
  );

function apart(a: TreePath, b: TreePath): boolean {
  const differs = a.findIndex((part, i) => part !== b[i]);
  return differs >= 0 && differs < b.length && typeof a[differs] === typeof b[differs];
}
