import { silentLogger } from '@stormglass/base';
import { SimClock } from '@stormglass/testing';
import { expect, it } from 'vitest';
import { ToldHosts } from './told-hosts.ts';

it('tells again what changed while it was told, and by and by whatever happens', async () => {
  const clock = new SimClock();
  let value = 1;
  const heard: number[] = [];
  const waiting: (() => void)[] = [];
  const slow = {
    name: 'slow',
    tell: () => {
      heard.push(value);
      return new Promise<void>(resolve => void waiting.push(resolve));
    },
  };
  const away = { name: 'away', tell: () => Promise.reject(new Error('away')) };
  const told = new ToldHosts([slow, away], clock, silentLogger);
  expect(heard).toEqual([1]);
  value = 2;
  told.changed();
  value = 3;
  told.changed();
  expect(heard).toEqual([1]);
  waiting.shift()!();
  await clock.run(0);
  expect(heard).toEqual([1, 3]);
  waiting.shift()!();
  await clock.run(2000);
  expect(heard).toEqual([1, 3, 3]);
  told.close();
});
