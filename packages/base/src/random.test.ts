import { expect, it } from 'vitest';
import { randomInt, seededRandom, systemRandom } from './random.ts';

it('gives the published sequence for seed 1', () => {
  const random = seededRandom(1);
  expect([random.next(), random.next(), random.next(), random.next()]).toEqual(
    [0.09156953275669366, 0.506197804003023, 0.888192814658396, 0.4872551845619455].map(x => expect.closeTo(x, 12)),
  );
});

it('repeats itself for one seed and differs between seeds', () => {
  const draw = (seed: number) => Buffer.from(seededRandom(seed).bytes(32)).toString('hex');
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
});

it('never hands the same pooled bytes out twice', () => {
  const seen = new Set(Array.from({ length: 2000 }, () => Buffer.from(systemRandom.bytes(16)).toString('hex')));
  expect(seen.size).toBe(2000);
});

it('draws whole numbers over the whole range', () => {
  const random = seededRandom(3);
  const seen = new Set(Array.from({ length: 400 }, () => randomInt(random, 7)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
