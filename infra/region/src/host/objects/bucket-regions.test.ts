/** What regions know of each other's buckets, without a network between them. */
import { BUCKETS } from '@stormglass/contracts';
import { LogUnavailable } from '@stormglass/replicated-state';
import type { ObjectReplica } from '@stormglass/s3';
import { beforeEach, expect, it } from 'vitest';
import { RegionUnreachable } from '../region-calls.ts';
import { bucketRoutes, bucketsElsewhere } from './bucket-regions.ts';

let now = 0;
const clock = { monotonic: () => now };
const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
});

/** Regions with their buckets; one that is not named cannot be reached. */
const calls = (regions: Readonly<Record<string, readonly string[]>>) => ({
  async call(region: string, { path }: { readonly path: string }) {
    asked.push(region);
    const names = regions[region];
    if (names === undefined) throw new RegionUnreachable(`no zone of ${region} answers`);
    const isHere = names.some(name => BUCKETS.here(name) === path);
    return { status: 200, text: JSON.stringify({ isHere }) };
  },
});
const elsewhere = (regions: Readonly<Record<string, readonly string[]>>, ...others: string[]) =>
  bucketsElsewhere(
    calls(regions),
    'us-east-1',
    others.map(name => ({ name })),
    clock,
  );

it('finds the region that has a bucket, whatever others are doing', async () => {
  const find = elsewhere({ 'eu-west-1': ['a.b'], 'us-west-2': ['c'] }, 'eu-west-1', 'us-west-2', 'ap-south-1')!;
  expect([await find('a.b'), await find('c'), await find('d')]).toEqual(['eu-west-1', 'us-west-2', undefined]);
});

it('asks the regions of its own partition only', async () => {
  expect(elsewhere({}, 'cn-north-1')).toBeUndefined();
  await elsewhere({}, 'cn-north-1', 'eu-west-1')!('a');
  expect(asked).toEqual(['eu-west-1']);
});

it('remembers what it found for a minute, and for a second that it found nothing', async () => {
  const find = elsewhere({ 'eu-west-1': ['a'] }, 'eu-west-1')!;
  await Promise.all([find('a'), find('a'), find('b')]);
  expect(asked).toHaveLength(2);
  now += 999;
  await Promise.all([find('a'), find('b')]);
  expect(asked).toHaveLength(2);
  now += 1;
  await Promise.all([find('a'), find('b')]);
  expect(asked).toHaveLength(3);
  now += 60_000;
  await find('a');
  expect(asked).toHaveLength(4);
});

it('answers other regions, also while nothing can be certain', async () => {
  const index = {
    view: { bucket: (name: string) => (name === 'mine' ? {} : undefined) },
    upToDate: () => Promise.reject(new LogUnavailable('unknown', 'no quorum')),
  } as unknown as ObjectReplica;
  const answer = (name: string) =>
    bucketRoutes(index, clock)[`GET ${BUCKETS.herePath}`]!({
      peer: {} as never,
      query: new URL(BUCKETS.here(name), 'http://x').searchParams,
      body: undefined,
    });
  expect(await answer('mine')).toEqual({ status: 200, json: { isHere: true } });
  expect(await answer('not mine')).toEqual({ status: 200, json: { isHere: false } });
  expect((await answer('')).status).toBe(400);
  expect((await answer('x'.repeat(300))).status).toBe(400);
});
