/** A region of `startRegion()`, as scenarios break it. */
import type { TestRegion } from '@stormglass/test-region';
import type { Part, Target } from '../faults/fault.ts';

type Kill = Target['kill'];

const BACK_MS = 60_000;

/** `kill` is for regions whose parts can be killed by themselves. */
export function regionTarget(region: TestRegion, stage: 'embedded' | 'docker', kill: Kill = nothingToKill): Target {
  return {
    stage,
    zones: region.zones.map(({ id }) => id),
    add: async request => {
      const fault = await region.fault(request);
      return () => fault.clear();
    },
    back: () => region.waitReady(BACK_MS),
    kill,
  };
}

const nothingToKill = async (part: Part): Promise<never> => {
  throw new RangeError(`${part} is no process of its own in an embedded region`);
};
