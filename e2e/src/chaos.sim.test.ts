/** The scenarios of the chaos suites on virtual time; `chaos.alone.test.ts` runs some of them on processes. */
import { describe, expect, it } from 'vitest';
import { runsOn } from './chaos/scenario.ts';
import { SCENARIOS, scenarioNamed } from './chaos/scenarios.ts';
import { simulateScenario } from './sim/sim-scenario.ts';

const FIRST_SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = 3;
const seeds = Array.from({ length: SEEDS }, (_, n) => FIRST_SEED + n);

describe.each(SCENARIOS.filter(scenario => runsOn(scenario, 'simulated')))('$name, simulated', scenario => {
  it.each(seeds)('keeps every promise (seed %i)', async seed => {
    const report = await simulateScenario(scenario, seed);
    expect(report.violations, `npm run replay -- ${scenario.name} ${seed}`).toEqual([]);
    expect(report.faults).toHaveLength(scenario.windows.length);
    expect(report.calls).toBeGreaterThan(50);
  });
});

it('finds a planted bug: disks that say "durable" before it is', async () => {
  const reports = await Promise.all(
    [1, 2, 3, 4].map(seed => simulateScenario(scenarioNamed('everything-off'), seed, 'lying-disk')),
  );
  expect(reports.some(({ violations }) => violations.length > 0)).toBe(true);
});
