/** Processes of a zone that share buckets through a store, on virtual time, while the store is well and while it is not. */
import { type Logger, seededRandom } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SharedHotState } from './shared-hot-state.ts';
import { ObjectStore } from './testing/object-store.ts';

const LIMIT = { ratePerSecond: 100, burst: 50 };
/** What may pass unseen by the others before it is settled. */
const SETTLED_MS = 25;

function zone(processes: number, seed = 1) {
  const clock = new SimClock();
  const store = new ObjectStore(clock);
  const told: string[] = [];
  const tell = (message: string) => void told.push(message);
  const logger = { info: tell, warn: tell } as unknown as Logger;
  const random = seededRandom(seed);
  const hot = Array.from({ length: processes }, () => new SharedHotState({ store, clock, random, logger }));
  return { clock, store, told, hot };
}

/** Every process takes whatever it gets, once a ms; returns what passed. */
async function greedy({ clock, hot }: ReturnType<typeof zone>, ms: number): Promise<number> {
  let passed = 0;
  const end = clock.monotonic() + ms;
  while (clock.monotonic() < end) {
    for (const each of hot) if (each.take('b', LIMIT).allowed) passed++;
    await clock.run(clock.monotonic() + 1);
  }
  return passed;
}

it('holds a rate across processes', async () => {
  const shared = zone(3);
  await shared.clock.run(5);
  expect(shared.hot.map(each => each.isShared)).toEqual([true, true, true]);
  const first = await greedy(shared, 1000);
  expect(first).toBeLessThanOrEqual(3 * LIMIT.burst + LIMIT.ratePerSecond);
  // What was too much at first is paid back; from then on it is the rate, of all of them together.
  const later = await greedy(shared, 10_000);
  expect(later).toBeLessThanOrEqual(10 * LIMIT.ratePerSecond + (3 * LIMIT.ratePerSecond * SETTLED_MS) / 1000);
  expect(later).toBeGreaterThan(9 * LIMIT.ratePerSecond);
});

it('never lets one process pass more than burst + rate * t, whatever happens to the store', async () => {
  const moods = fc.array(fc.constantFrom('well', 'frozen', 'gone', 'flush'), { minLength: 3, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(moods, fc.integer(), async (story, seed) => {
      const shared = zone(1, seed);
      let passed = 0;
      for (const mood of story) {
        if (mood === 'flush') shared.store.flush();
        else shared.store.mood = mood;
        passed += await greedy(shared, 200);
        expect(passed).toBeLessThanOrEqual(
          LIMIT.burst + (shared.clock.monotonic() / 1000) * LIMIT.ratePerSecond + 1e-6,
        );
      }
      expect(passed).toBeGreaterThan((shared.clock.monotonic() / 1000) * LIMIT.ratePerSecond - 1);
    }),
    { numRuns: 25 },
  );
});

it.each(['frozen', 'gone'] as const)('goes on alone while the store is %s, and together afterwards', async mood => {
  const shared = zone(2);
  await greedy(shared, 1000);
  shared.store.mood = mood;
  await greedy(shared, 1500);
  expect(shared.hot.map(each => each.isShared)).toEqual([false, false]);
  const alone = await greedy(shared, 2000);
  // Each has the rate to itself.
  expect(alone).toBeLessThanOrEqual(2 * 2 * LIMIT.ratePerSecond + 2);
  expect(alone).toBeGreaterThan(2 * 2 * LIMIT.ratePerSecond - 2);
  shared.store.mood = 'well';
  await shared.clock.run(shared.clock.monotonic() + 5000);
  expect(shared.hot.map(each => each.isShared)).toEqual([true, true]);
  await greedy(shared, 1000);
  expect(await greedy(shared, 2000)).toBeLessThanOrEqual(2 * LIMIT.ratePerSecond + LIMIT.burst);
  expect(shared.told.filter(line => line.includes('alone'))).toHaveLength(2);
});

it('asks seldom while nobody answers, and not at all while nothing happens', async () => {
  const { clock, store, hot } = zone(1);
  await clock.run(100);
  const { settlements } = store;
  await clock.run(60_000);
  expect(store.settlements).toBe(settlements);
  store.mood = 'gone';
  hot[0]!.take('b', LIMIT);
  await clock.run(120_000);
  store.mood = 'well';
  await clock.run(125_000);
  expect(store.settlements).toBe(settlements + 1);
});

it('counts together, and alone while it must', async () => {
  const { clock, store, hot } = zone(2);
  await clock.run(5);
  hot[0]!.count({ accounts: 'a' }, 3);
  hot[1]!.count({ accounts: 'a' }, 4);
  hot[1]!.count({ accounts: 'b' });
  await clock.run(2000);
  const asked = hot[0]!.top('accounts', 5, 60_000);
  await clock.run(3000);
  expect(await asked).toEqual([
    { contributor: 'a', amount: 7 },
    { contributor: 'b', amount: 1 },
  ]);
  store.mood = 'frozen';
  const alone = hot[0]!.top('accounts', 5, 60_000);
  await clock.run(6000);
  expect(await alone).toEqual([{ contributor: 'a', amount: 3 }]);
});

it('settles more buckets than fit into one settlement', async () => {
  const { clock, store, hot } = zone(2);
  const slow = { ratePerSecond: 0.001, burst: 2 };
  await clock.run(5);
  for (let i = 0; i < 1200; i++) for (let n = 0; n < slow.burst; n++) hot[0]!.take(`b${i}`, slow);
  await clock.run(200);
  expect(store.settlements).toBeGreaterThanOrEqual(5);
  hot[1]!.take('b1199', slow);
  await clock.run(230);
  expect(hot[1]!.take('b1199', slow)).toMatchObject({ allowed: false, remaining: 0 });
});

it('is silent once it is closed', async () => {
  const { clock, store, hot } = zone(1);
  await clock.run(5);
  hot[0]!.take('b', LIMIT);
  await hot[0]!.close();
  const { settlements } = store;
  await clock.run(10_000);
  expect(store.settlements).toBe(settlements);
});
