import { expect, it } from 'vitest';
import { EXPIRED_MAX_SECONDS } from './index-rules.ts';
import { item, key, StoreRig } from './testing/store-rig.ts';

const SETTINGS = { indexes: [], timeToLive: { id: 1, attribute: 'ends' } } as const;
const expire = (rig: StoreRig, limit = 10) => rig.done<'ExpireItems'>({ type: 'ExpireItems', partition: 1, limit });

it('deletes items when their time is over, and says so in the stream', () => {
  const rig = StoreRig.with({ ...SETTINGS, stream: { id: 1, view: 'OLD_IMAGE' } });
  const seconds = Math.floor(rig.now / 1000);
  const ends = [seconds + 100, seconds + 200, 0, seconds - EXPIRED_MAX_SECONDS];
  for (const [sk, at] of ends.entries()) rig.put(item('a', sk, { ends: at }));
  rig.put(item('a', 8, { ends: 'never' }));
  rig.put(item('a', 9));
  expect(rig.view.hasExpired(1, rig.now)).toBe(false);
  expect(expire(rig)).toEqual({ isMore: false, count: 0 });
  rig.now += 100_000;
  expect(rig.view.hasExpired(1, rig.now)).toBe(true);
  expect(expire(rig)).toEqual({ isMore: false, count: 1 });
  expect(rig.get(key('a', 0))).toBeUndefined();
  expect(rig.rows()).toHaveLength(5);
  const records = rig.view.records(1, 1, 1, 100, 1e6);
  expect(records.at(-1)).toMatchObject({ event: 'REMOVE', byService: true, keys: JSON.stringify(key('a', 0)) });
  expect(records.filter(({ byService }) => byService)).toHaveLength(1);
});

it('deletes so many at once, and none that a transaction holds', () => {
  const rig = StoreRig.with(SETTINGS);
  const seconds = Math.floor(rig.now / 1000);
  for (let sk = 0; sk < 5; sk++) rig.put(item('a', sk, { ends: seconds + sk }));
  rig.now += 100_000;
  const held = { op: 'delete', partition: 1, key: key('a', 0) } as const;
  rig.done<'PrepareTransaction'>({ type: 'PrepareTransaction', transaction: 't', decider: 1, writes: [held] });
  expect(expire(rig, 3)).toEqual({ isMore: true, count: 2 });
  expect(expire(rig, 3)).toEqual({ isMore: true, count: 2 });
  expect(expire(rig, 3)).toEqual({ isMore: false, count: 0 });
  expect(rig.rows()).toHaveLength(1);
});

it('follows the attribute, and items that were there before it', () => {
  const rig = StoreRig.with();
  rig.put(item('a', 1, { ends: 1_600_000_000 }));
  rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: SETTINGS });
  rig.put(item('a', 2, { ends: 1_600_000_000 }));
  rig.put(item('a', 2, { ends: 2_000_000_000 }));
  while (rig.done<'BackfillIndex'>({ type: 'BackfillIndex', partition: 1, index: 1, limit: 1 }).isMore);
  expect(expire(rig).count).toBe(1);
  expect(rig.rows()).toHaveLength(1);
  rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: { indexes: [] } });
  expect(expire(rig)).toEqual({ isMore: false, count: 0 });
  expect(rig.view.hasExpired(1, 3e12)).toBe(false);
});
