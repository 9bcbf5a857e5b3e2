import { describe, expect, it } from 'vitest';
import { PLANTED_BUGS, type PlantedBug } from '../../testing/item-sim/planted-bugs.ts';
import { type ItemSimReport, simulateItems } from '../../testing/item-sim/sim-run.ts';

/** Fixed seeds find the same every time; CI adds fresh ones by setting the first (see .ci/run). */
const FIRST_SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Number(process.env.STORMGLASS_ITEM_SEEDS ?? 20);
/** So many are looked at before a planted bug counts as not found. */
const SEEDS_WITH_BUG = 100;
/** Where to begin, to be soon through. */
const FOUND_AT: Partial<Record<PlantedBug, number>> = { 'finishes-undecided': 13, 'reads-ignore-locks': 23 };

async function firstViolation(bug: PlantedBug): Promise<ItemSimReport | undefined> {
  const first = FOUND_AT[bug] ?? 1;
  for (let seed = first; seed < first + SEEDS_WITH_BUG; seed++) {
    const report = await simulateItems(seed, bug);
    if (report.violations.length > 0) return report;
  }
  return undefined;
}

describe('cells of items on virtual time', () => {
  it(`stay linearizable over ${SEEDS} seeds of crashes, freezes, partitions and wrong clocks`, async () => {
    let calls = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const report = await simulateItems(seed);
      expect(report.violations, `node services/dynamodb/src/testing/item-sim/replay.ts ${seed}`).toEqual([]);
      // A simulation in which nothing happens proves nothing.
      expect(report.faults.length).toBeGreaterThan(2);
      calls += report.calls;
    }
    expect(calls / SEEDS).toBeGreaterThan(50);
  });

  it.each(Object.entries(PLANTED_BUGS))('find a planted bug: %s (%s)', async bug => {
    expect(await firstViolation(bug as PlantedBug)).toBeDefined();
  });

  it('give one history for one seed', async () => {
    expect(await simulateItems(5)).toEqual(await simulateItems(5));
  });
});
