import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemDoesNotSuit } from '../invalid-input.ts';
import { condition, item, pathOfAction, update } from '../testing/arbitrary-expressions.ts';
import { TreeWriter } from '../testing/expression-trees.ts';
import { fingerprint, fingerprintOfItem, plain, plainItem } from '../testing/plain-values.ts';
import { find, holds, Impossible, updated } from '../testing/simple-evaluator.ts';
import type { Item } from '../values/attribute-value.ts';
import { checkedItem } from '../values/checked-value.ts';
import { compileCondition } from './condition.ts';
import { valueAt } from './paths.ts';
import { PlaceholderUse } from './placeholders.ts';
import { compileProjection } from './projection.ts';
import { compileUpdate } from './update.ts';

/** `STORMGLASS_EXPRESSIONS=50000` for as many of each kind. */
const numRuns = Number(process.env.STORMGLASS_EXPRESSIONS ?? 1500);

describe('random expressions over random items mean what a simple evaluator says', () => {
  it('conditions', () => {
    let met = 0;
    fc.assert(
      fc.property(condition, item, (tree, it) => {
        const writer = new TreeWriter();
        const text = writer.condition(tree);
        const use = new PlaceholderUse();
        const compiled = compileCondition(
          { text, names: writer.names, values: writer.values },
          'FilterExpression',
          use,
        );
        use.checkAllUsed(writer);
        const expected = holds(tree, it);
        met += expected ? 1 : 0;
        expect(compiled.test(it), text).toBe(expected);
      }),
      { numRuns },
    );
    // Neither all nor none: the items have something to do with the conditions.
    expect(met / numRuns).toBeGreaterThan(0.1);
    expect(met / numRuns).toBeLessThan(0.9);
  });

  it('updates', () => {
    let done = 0;
    fc.assert(
      fc.property(update, item, (actions, it) => {
        const writer = new TreeWriter();
        const text = writer.update(actions);
        const use = new PlaceholderUse();
        const compiled = compileUpdate({ text, names: writer.names, values: writer.values }, use);
        use.checkAllUsed(writer);
        const before = JSON.stringify(it);
        const result = attempt(() => compiled.apply(it, {}), ItemDoesNotSuit);
        const expected = attempt(() => updated(actions, it), Impossible);
        expect(JSON.stringify(it), 'the item stays as it was').toBe(before);
        expect(result === undefined, text).toBe(expected === undefined);
        if (result === undefined || expected === undefined) return;
        done++;
        expect(fingerprintOfItem(plainItem(result)), text).toBe(fingerprintOfItem(expected));
        expect(checkedItem(result), 'the result is canonical').toEqual(result);
      }),
      { numRuns },
    );
    expect(done / numRuns).toBeGreaterThan(0.1);
    expect(done / numRuns).toBeLessThan(0.9);
  });

  it('projections', () => {
    fc.assert(
      fc.property(update, item, (actions, it) => {
        const paths = actions.map(pathOfAction);
        const writer = new TreeWriter();
        const text = paths.map(path => writer.path(path)).join(', ');
        const projected = compileProjection({ text, names: writer.names }, new PlaceholderUse()).project(it);
        for (const path of paths) {
          // Where there are indexes, members of a list move together, and so have other ones.
          if (path.some(part => typeof part === 'number')) continue;
          const whole = valueAt(it, path);
          expect(valueAt(projected, path), text).toEqual(whole);
        }
        expect(
          leaves(projected).filter(leaf => !leaves(it).includes(leaf)),
          text,
        ).toEqual([]);
        const found = paths.filter(path => find(path, plainItem(it)) !== undefined);
        expect(new Set(Object.keys(projected)), text).toEqual(new Set(found.map(([first]) => first)));
      }),
      { numRuns },
    );
  });
});

/** All that is in an item and is no map and no list, as text. */
const leaves = (it: Item): string[] =>
  Object.values(it).flatMap(each => {
    if ('M' in each) return leaves(each.M);
    return 'L' in each ? leaves(Object.fromEntries(each.L.entries())) : [fingerprint(plain(each))];
  });

function attempt<T>(act: () => T, refusal: new (message: string) => Error): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof refusal)) throw error;
    return undefined;
  }
}
