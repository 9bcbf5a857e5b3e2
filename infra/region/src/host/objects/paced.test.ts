import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { paced } from './paced.ts';

const desk = () => {
  const clock = new SimClock();
  const begun: PromiseWithResolvers<string>[] = [];
  const work = () => {
    const each = Promise.withResolvers<string>();
    begun.push(each);
    return each.promise;
  };
  return { clock, begun, run: paced(work, { atOnce: 2, patienceMs: 100, clock }) };
};

it('begins no more than so many at once, and the next when one is over, well or not', async () => {
  const { begun, run } = desk();
  const results = [run(), run(), run(), run()];
  expect(begun).toHaveLength(2);
  begun[1]!.resolve('second');
  expect(await results[1]).toBe('second');
  expect(begun).toHaveLength(3);
  begun[0]!.reject(new Error('broken'));
  await expect(results[0]).rejects.toThrow('broken');
  expect(begun).toHaveLength(4);
  begun[2]!.resolve('third');
  begun[3]!.resolve('fourth');
  expect(await Promise.all(results.slice(2))).toEqual(['third', 'fourth']);
});

it('gives up those that waited too long, and goes on with the next', async () => {
  const { clock, begun, run } = desk();
  const [first] = [run(), run()];
  const late = run();
  await clock.run(101);
  const fresh = run();
  begun[0]!.resolve('first');
  expect(await first).toBe('first');
  await expect(late).rejects.toThrow('for too long');
  expect(begun).toHaveLength(3);
  begun[2]!.resolve('fresh');
  expect(await fresh).toBe('fresh');
});
