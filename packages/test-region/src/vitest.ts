/** A region for a file of vitest tests. */
import { test } from 'vitest';
import { type RegionSettings, startRegion } from './start-region.ts';

/**
 * Vitest's `test` with a fixture `region`: one region for the tests of a file, whole again before each of them.
 *
 *     const test = regionTest();
 *     test('survives a zone', async ({ region }) => { await region.zone('use1-az1').fail(); ... });
 */
export const regionTest = (settings: RegionSettings = {}) =>
  test
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads in the pattern which other fixtures are wanted.
    .extend('region', { scope: 'file' }, async ({}, { onCleanup }) => {
      const region = await startRegion(settings);
      onCleanup(() => region.stop());
      return region;
    })
    .extend('_mended', { auto: true }, async ({ region }, { onCleanup }) => {
      onCleanup(async () => {
        await region.clearFaults();
        await region.waitReady();
      });
      return true;
    });
