import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { PlantedBug } from './sim/sim-region.ts';
import type { SimReport } from './sim/sim-run.ts';

/** Fixed seeds find the same every time; CI adds fresh ones by setting the first (see .ci/run). */
const FIRST_SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Number(process.env.STORMGLASS_SEEDS ?? 1000);
const WORKER = new URL('./sim/sim-worker.ts', import.meta.url);

async function simulateAll(first: number, count: number, bug: PlantedBug): Promise<SimReport[]> {
  const threads = Math.min(4, availableParallelism());
  const shares = Array.from({ length: threads }, (_, t) =>
    Array.from({ length: count }, (_, i) => first + i).filter((_, i) => i % threads === t),
  );
  const reports = await Promise.all(shares.map(seeds => inThread({ seeds, bug })));
  return reports.flat();
}

function inThread(share: { seeds: number[]; bug: PlantedBug }): Promise<SimReport[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: share, execArgv: [], stdout: false });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

const replay = (report: SimReport): string =>
  `npm run replay -- ${report.seed}\n${report.violations.slice(0, 3).join('\n')}`;

describe('a region on virtual time', () => {
  it(`keeps its promises over ${SEEDS} seeds of crashes, partitions, slow links and skewed clocks`, async () => {
    const reports = await simulateAll(FIRST_SEED, SEEDS, 'none');
    expect(reports).toHaveLength(SEEDS);
    expect(reports.filter(r => r.violations.length > 0).map(replay)).toEqual([]);
    // A simulation in which nothing happens proves nothing.
    const calls = reports.reduce((sum, r) => sum + r.calls, 0);
    expect(calls / SEEDS).toBeGreaterThan(80);
    expect(reports.every(r => r.faults.length > 2)).toBe(true);
  });

  it.each([
    ['lying-disk', 'acknowledged writes that a power cut takes back'],
    ['reads-without-barrier', 'strong reads that do not ask the log'],
    ['retries-with-new-ids', 'retries that are not recognised as such'],
  ] as const)('finds a planted bug: %s (%s)', async (bug, _what) => {
    const reports = await simulateAll(1, 16, bug);
    expect(reports.some(r => r.violations.length > 0)).toBe(true);
  });

  it('gives one history for one seed', async () => {
    const [once, again] = await Promise.all([simulateAll(5, 1, 'none'), simulateAll(5, 1, 'none')]);
    expect(again).toEqual(once);
  });
});
