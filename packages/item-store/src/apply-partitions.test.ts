import { expect, it } from 'vitest';
import { BY_OWNER, item, KEYS_ONLY, key, LOCAL, PARTITION, StoreRig } from './testing/store-rig.ts';
import { MovedError } from './view.ts';

const OWNED = [1, 2, 3, 4, 5].map(sk => item('a', sk, { owner: 'x', age: sk }));

const set = (rig: StoreRig, settings: Partial<typeof PARTITION>) =>
  rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: { indexes: [], ...settings } });

it('makes a partition once', () => {
  const rig = StoreRig.with({ indexes: [BY_OWNER] });
  rig.put(item('a'));
  rig.create({ indexes: [] });
  expect(rig.view.partitions()).toEqual([{ ...PARTITION, indexes: [BY_OWNER], isReceiving: false }]);
  expect(rig.rows()).toHaveLength(1);
});

it('fills an index that is added to items', () => {
  const rig = StoreRig.with();
  for (const each of OWNED) rig.put(each);
  set(rig, { indexes: [BY_OWNER] });
  const backfill = () => rig.done<'BackfillIndex'>({ type: 'BackfillIndex', partition: 1, index: 1, limit: 2 });
  expect(rig.view.indexCounts(1)).toEqual([{ index: 1, items: 0, bytes: 0, isComplete: false }]);
  expect(() => rig.rows(1)).toThrow(MovedError);
  expect(backfill()).toEqual({ isMore: true, count: 2 });
  // Behind, at, and before the place where the filling is.
  rig.put(item('a', 1, { owner: 'y', age: 1 }));
  rig.delete(key('a', 2));
  rig.put(item('a', 4, { owner: 'x', age: 4, v: 'changed' }));
  rig.delete(key('a', 5));
  rig.put(item('a', 6, { owner: 'x', age: 6 }));
  while (backfill().isMore);
  expect(backfill()).toEqual({ isMore: false, count: 0 });
  expect(rig.rows(1)).toHaveLength(rig.rows().length);
  expect(rig.view.indexCounts(1)).toEqual([{ index: 1, ...rig.view.counts(1), isComplete: true }]);
});

it('has an index at once where there are no items', () => {
  const rig = StoreRig.with();
  set(rig, { indexes: [BY_OWNER] });
  expect(rig.rows(1)).toEqual([]);
});

it('skips items that do not suit a new index', () => {
  const rig = StoreRig.with();
  rig.put(item('a', 1, { owner: 5, age: 1 }));
  set(rig, { indexes: [BY_OWNER] });
  while (rig.done<'BackfillIndex'>({ type: 'BackfillIndex', partition: 1, index: 1, limit: 2 }).isMore);
  expect(rig.rows(1)).toEqual([]);
});

it('removes an index that is left out', () => {
  const rig = StoreRig.with({ indexes: [BY_OWNER, KEYS_ONLY] });
  for (const each of OWNED) rig.put(each);
  set(rig, { indexes: [KEYS_ONLY] });
  expect(() => rig.rows(BY_OWNER.id)).toThrow(MovedError);
  expect(rig.view.hasGarbage()).toBe(true);
  rig.collect(2);
  expect(rig.view.hasGarbage()).toBe(false);
  expect(rig.rowsOfAll()).not.toContain('"idx",1');
  expect(rig.rows(KEYS_ONLY.id)).toHaveLength(5);
});

it('keeps its settings when older ones come late', () => {
  const rig = StoreRig.with({ generation: 1 });
  rig.put(item('a', 1, { owner: 'x', age: 1 }));
  set(rig, { generation: 3, stream: { id: 1, view: 'NEW_IMAGE' } });
  set(rig, { generation: 2, indexes: [BY_OWNER] });
  expect(rig.view.partition(1)).toMatchObject({ generation: 3, indexes: [], stream: { id: 1 } });
  expect(rig.view.shards()).toMatchObject([{ first: 1 }]);
  expect(rig.view.shards()[0]?.closed).toBeUndefined();
});

it('refuses a local index on a table that is there', () => {
  const rig = StoreRig.with();
  expect(rig.refused({ type: 'SetPartition', partition: 1, settings: { indexes: [LOCAL] } }).code).toBe('NotPossible');
});

it('drops a partition, and what is in it in steps', () => {
  const rig = StoreRig.with({ indexes: [BY_OWNER, LOCAL], writeUnits: 5, stream: { id: 1, view: 'NEW_IMAGE' } });
  for (const each of OWNED) rig.put(each);
  rig.done<'DropPartition'>({ type: 'DropPartition', partition: 1 });
  rig.done<'DropPartition'>({ type: 'DropPartition', partition: 1 });
  expect(() => rig.view.get(1, key('a', 1))).toThrow(MovedError);
  expect(rig.attempt({ op: 'put', partition: 1, item: item('a') })).toMatchObject({ code: 'Moved' });
  rig.collect(2);
  // Its changes can still be read, for a day.
  expect(rig.view.records(1, 1, 1, 10, 1e6)).toHaveLength(5);
  rig.now += 24 * 60 * 60 * 1000;
  rig.collect(2);
  expect(rig.rowsOfAll()).toBe('[]');
});
