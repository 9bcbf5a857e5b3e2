/** What the doctor says of copies while entries are on their way to them. */
import type { ObjectsReport } from '@stormglass/contracts';
import type { SequencerStatus } from '@stormglass/replicated-state';
import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { examine, settledLogs } from './doctor.ts';

const statusOf = (commit: number, ...reach: readonly number[]): Record<string, SequencerStatus> => ({
  iam: {
    ...{ logId: 'l', epoch: 1, last: commit, commit, health: { state: 'ok' } },
    zones: Object.fromEntries(reach.map((last, i) => [`z${i}`, last])),
  },
});
it('gives a copy time for what was committed when it came, and for no more', async () => {
  const clock = new SimClock();
  let now = statusOf(5, 5, 5, 4);
  clock.after(100, () => {
    now = statusOf(9, 9, 8, 5);
  });
  const settled = settledLogs(() => now, clock);
  let isSettled = false;
  void settled.then(() => {
    isSettled = true;
  });
  await clock.run(2000, () => isSettled);
  expect(await settled).toMatchObject({ iam: { commit: 5, zones: { z0: 9, z1: 8, z2: 5 } } });
  expect(clock.monotonic()).toBeLessThan(1000);
});

it('says that a copy lags which does not come up in time', async () => {
  const clock = new SimClock();
  const settled = settledLogs(() => statusOf(5, 5, 5, 4), clock);
  await clock.run(2000);
  expect(await settled).toMatchObject({ iam: { commit: 5, zones: { z0: 5, z1: 5, z2: 4 } } });
});

it('has nothing to wait for where the log lies outside', async () => {
  expect(await settledLogs(() => undefined, new SimClock())).toBe(undefined);
});

it('says which zones have all bytes of objects, and what the others lack', () => {
  const report = (zone: string, missing: number, damaged: number): ObjectsReport => ({
    ...{ zone, wanted: 12, missing, damaged, unwanted: 0, repaired: 0, collected: 0, storedBytes: 1 },
    scrub: { isRunning: false, checked: 0, endedAt: null },
  });
  const say = (...objects: ObjectsReport[]) => examine({ zones: [], faults: [] }, [], undefined, objects).findings;
  expect(say(report('a', 0, 0), report('b', 3, 0), report('c', 1, 2))).toEqual([
    { level: 'ok', text: 'objects: 12 blobs, all whole in a' },
    { level: 'warning', text: 'objects: of 12 blobs 3 missing in b' },
    { level: 'warning', text: 'objects: of 12 blobs 1 missing, 2 damaged in c' },
  ]);
  expect(say({ ...report('a', 0, 0), wanted: 0 })).toEqual([]);
});
