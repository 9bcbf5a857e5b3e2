/** Token buckets against a naive model, and tables of contributors at their bounds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KEPT_MAX, SLOT_MS, WINDOW_MS_MAX } from './contributor-table.ts';
import { MemoryHotState } from './memory-hot-state.ts';
import { RecentMap } from './recent-map.ts';
import { checkedLimit, type Limit } from './token-bucket.ts';

const timeline = fc.array(fc.record({ afterMs: fc.nat(500), cost: fc.integer({ min: 1, max: 4 }) }), {
  maxLength: 200,
});
const limits = fc.record({ ratePerSecond: fc.integer({ min: 1, max: 200 }), burst: fc.integer({ min: 1, max: 50 }) });

it('never lets pass more than burst + rate * t, in any stretch of time, and no less than is due', () => {
  fc.assert(
    fc.property(timeline, limits, (steps, limit) => {
      let now = 0;
      const hot = new MemoryHotState({ monotonic: () => now });
      const passed: { at: number; cost: number }[] = [];
      for (const { afterMs, cost } of steps) {
        now += afterMs;
        // The most that could pass without breaking the rule for any stretch that ends now.
        const room = Math.min(limit.burst, ...passed.map((_, i) => roomSince(passed.slice(i), limit, now)));
        const { allowed } = hot.take('b', limit, cost);
        if (Math.abs(room - cost) > 1e-6) expect(allowed, `at ${now}`).toBe(cost < room);
        if (allowed) passed.push({ at: now, cost });
      }
    }),
  );
});

function roomSince(passed: readonly { at: number; cost: number }[], { ratePerSecond, burst }: Limit, now: number) {
  const used = passed.reduce((sum, { cost }) => sum + cost, 0);
  return burst + ((now - passed[0]!.at) / 1000) * ratePerSecond - used;
}

it('says when to come back, and is right about it', () => {
  fc.assert(
    fc.property(timeline, limits, (steps, limit) => {
      let now = 0;
      const hot = new MemoryHotState({ monotonic: () => now });
      for (const { afterMs, cost } of steps) {
        now += afterMs;
        const { allowed, retryAfterMs } = hot.take('b', limit, cost);
        if (cost > limit.burst) expect([allowed, retryAfterMs]).toEqual([false, Number.POSITIVE_INFINITY]);
        else if (!allowed) {
          expect(retryAfterMs).toBeGreaterThan(0);
          now += retryAfterMs;
          expect(hot.take('b', limit, cost)).toMatchObject({ allowed: true, retryAfterMs: 0 });
        }
      }
    }),
  );
});

it('keeps buckets apart, and what is left in them', () => {
  const hot = new MemoryHotState({ monotonic: () => 0 });
  const limit = { ratePerSecond: 1, burst: 2 };
  expect(hot.take('a', limit)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0 });
  expect(hot.take('a', limit)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0 });
  expect(hot.take('a', limit)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 1000 });
  expect(hot.take('b', limit).allowed).toBe(true);
});

it('a clock that goes backwards gives nothing', () => {
  let now = 1000;
  const hot = new MemoryHotState({ monotonic: () => now });
  const limit = { ratePerSecond: 1, burst: 1 };
  expect(hot.take('a', limit).allowed).toBe(true);
  now = 0;
  expect(hot.take('a', limit).allowed).toBe(false);
});

it.each([
  { ratePerSecond: 0, burst: 1 },
  { ratePerSecond: Number.NaN, burst: 1 },
  { ratePerSecond: Number.POSITIVE_INFINITY, burst: 1 },
  { ratePerSecond: 1, burst: 0.5 },
])('refuses the limit %o', limit => {
  expect(() => checkedLimit(limit)).toThrow(RangeError);
});

it('finds who does most among more contributors than it keeps', async () => {
  let now = 0;
  const hot = new MemoryHotState({ monotonic: () => now });
  for (let i = 0; i < 20 * KEPT_MAX; i++) {
    now += 10;
    hot.count({ t: `small-${i}` });
    if (i % 5 === 0) hot.count({ t: 'great' }, 10);
    if (i % 10 === 0) hot.count({ t: 'good' }, 10);
  }
  const top = await hot.top('t', 3, WINDOW_MS_MAX);
  expect(top.slice(0, 2)).toEqual([
    { contributor: 'great', amount: 40 * KEPT_MAX },
    { contributor: 'good', amount: 20 * KEPT_MAX },
  ]);
  expect(top[2]!.amount).toBe(1);
  expect((await hot.top('t', 1e9, WINDOW_MS_MAX)).length).toBeLessThan(2 * KEPT_MAX * (now / SLOT_MS + 1));
});

it('forgets what is older than the window', async () => {
  let now = 0;
  const hot = new MemoryHotState({ monotonic: () => now });
  hot.count({ t: 'early' });
  now = 5 * SLOT_MS;
  hot.count({ t: 'late' }, 2);
  const names = async (windowMs: number) => (await hot.top('t', 9, windowMs)).map(({ contributor }) => contributor);
  expect(await names(SLOT_MS)).toEqual(['late']);
  expect(await names(6 * SLOT_MS)).toEqual(['late', 'early']);
  now += WINDOW_MS_MAX;
  hot.count({ t: 'now' });
  expect(await names(WINDOW_MS_MAX * 10)).toEqual(['now']);
  expect(await hot.top('another', 9, WINDOW_MS_MAX)).toEqual([]);
});

it('remembers what is used, and no more than it may', () => {
  const map = new RecentMap<number>(10);
  map.set('used', 1);
  for (let i = 0; i < 1000; i++) {
    map.set(`key-${i}`, i);
    expect(map.get('used')).toBe(1);
    expect(map.size).toBeLessThanOrEqual(10);
  }
  expect(map.get('key-0')).toBeUndefined();
});
