import { beforeEach, expect, it } from 'vitest';
import { Heat } from './heat.ts';

const AT = { id: 1, from: 0, to: 6400 };
let heat: Heat;
beforeEach(() => {
  heat = new Heat();
});

/** So many seconds of writes of hashes, each of them once a second. */
function write(from: number, seconds: number, ...hashes: number[]): void {
  for (let second = from; second < from + seconds; second++)
    for (const hash of hashes) heat.add(AT, hash, 1, second * 1000);
}

it('knows how much a partition was written, and where its middle is', () => {
  write(0, 31, 100, 200, 300, 5000);
  expect(heat.of(AT, 31_000)).toEqual({ perSecond: 4, middle: 300 });
});

it('counts what lasted only', () => {
  write(0, 20, 1, 5000);
  expect(heat.of(AT, 20_000).perSecond).toBe(0);
  write(25, 15, 1, 5000);
  expect(heat.of(AT, 40_000).perSecond).toBe(1);
  expect(heat.of(AT, 1_000_000).perSecond).toBe(0);
});

it('finds no middle where all is written to one place', () => {
  write(0, 40, 10, 11, 12);
  expect(heat.of(AT, 40_000)).toEqual({ perSecond: 3, middle: undefined });
});

it('begins anew with a partition of another shape', () => {
  write(0, 40, 10, 5000);
  expect(heat.of({ ...AT, to: 3200 }, 40_000).perSecond).toBe(0);
  write(41, 40, 10, 5000);
  heat.forget(AT.id);
  expect(heat.of(AT, 81_000).perSecond).toBe(0);
});
