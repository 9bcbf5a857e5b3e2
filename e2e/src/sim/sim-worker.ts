/** Runs a share of the seeds on a thread of its own; `region.sim.test.ts` starts one a core. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PlantedBug } from './sim-region.ts';
import { type SimReport, simulate } from './sim-run.ts';

export interface SimShare {
  readonly seeds: readonly number[];
  readonly bug: PlantedBug;
}

const { seeds, bug } = workerData as SimShare;
const reports: SimReport[] = [];
for (const seed of seeds) reports.push(await simulate(seed, bug));
parentPort!.postMessage(reports);
