/** A region for a file, or a `describe`, of node:test. */
import { after, afterEach, before } from 'node:test';
import { type RegionSettings, startRegion } from './start-region.ts';
import type { TestRegion } from './test-region.ts';

/**
 * Registers hooks: one region for the tests of this file or `describe`, whole again after each of them. The region is
 * there when tests run, not before.
 *
 *     const hooks = useRegion();
 *     it('survives a zone', async () => { await hooks.region.zone('use1-az1').fail(); ... });
 */
export function useRegion(settings: RegionSettings = {}): { readonly region: TestRegion } {
  let region: TestRegion | undefined;
  before(async () => {
    region = await startRegion(settings);
  });
  afterEach(async () => {
    await region?.clearFaults();
    await region?.waitReady();
  });
  after(async () => {
    await region?.stop();
  });
  return {
    get region() {
      if (region === undefined) throw new Error('the region starts before the first test: use it inside of tests');
      return region;
    },
  };
}
