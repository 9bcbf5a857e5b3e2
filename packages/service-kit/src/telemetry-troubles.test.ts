import { expect, it } from 'vitest';
import { rareTroubles } from './telemetry-troubles.ts';

it('tells of one trouble a minute, and how many it kept to itself', () => {
  let now = 0;
  const told: [string, number][] = [];
  const troubles = rareTroubles(
    (message, leftOut) => told.push([message, leftOut]),
    () => now,
  );
  troubles.error('export failed', new Error('connect ECONNREFUSED'));
  troubles.warn('again');
  troubles.error('and again');
  troubles.info('not a trouble');
  now = 60_000;
  troubles.warn('still');
  expect(told).toEqual([
    ['export failed connect ECONNREFUSED', 0],
    ['still', 2],
  ]);
});
