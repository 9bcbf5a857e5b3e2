import { describe, expect, it } from 'vitest';
import type { StreamView } from './partition.ts';
import { RECORD_MS, STREAM_BYTES_MAX } from './stream-table.ts';
import { item, key, StoreRig } from './testing/store-rig.ts';

const streamed = (view: StreamView = 'NEW_AND_OLD_IMAGES') => StoreRig.with({ stream: { id: 1, view } });
const records = (rig: StoreRig, from = 1, limit = 100, bytes = 1e6) => rig.view.records(1, 1, from, limit, bytes);

describe('a stream', () => {
  it.each([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', false, true],
    ['OLD_IMAGE', true, false],
    ['NEW_AND_OLD_IMAGES', true, true],
  ] as const)('has with %s what that means', (view, old, now) => {
    const rig = streamed(view);
    const [first, second] = [item('a', 1, { v: 'x' }), item('a', 1, { v: 'y' })];
    rig.put(first);
    rig.put(second);
    rig.delete(key('a', 1));
    const keys = JSON.stringify(key('a', 1));
    const images = (before: object | undefined, after: object | undefined) => ({
      ...(old && before !== undefined ? { before: JSON.stringify(before) } : {}),
      ...(now && after !== undefined ? { after: JSON.stringify(after) } : {}),
    });
    const told = records(rig).map(({ size: _size, at: _at, byService: _by, ...rest }) => rest);
    expect(told).toEqual([
      { seq: 1, event: 'INSERT', keys, ...images(undefined, first) },
      { seq: 2, event: 'MODIFY', keys, ...images(first, second) },
      { seq: 3, event: 'REMOVE', keys, ...images(second, undefined) },
    ]);
  });

  it('has nothing of writes that change nothing', () => {
    const rig = streamed();
    rig.put(item('a', 1, { v: 'x', w: 'y' }));
    rig.put(item('a', 1, { w: 'y', v: 'x' }));
    rig.delete(key('b', 1));
    expect(records(rig)).toHaveLength(1);
  });

  it('is read in pieces, from any number on', () => {
    const rig = streamed();
    for (let sk = 1; sk <= 5; sk++) rig.put(item('a', sk));
    expect(records(rig, 2, 2).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(records(rig, 2, 9, 1).map(({ seq }) => seq)).toEqual([2]);
    expect(records(rig, 6)).toEqual([]);
  });

  it('keeps records for a day', () => {
    const rig = streamed();
    for (let sk = 1; sk <= 5; sk++) rig.put(item('a', sk));
    rig.now += RECORD_MS / 2;
    rig.put(item('a', 6));
    expect(rig.view.oldestRecord(1, 1)).toBe(1);
    rig.now += RECORD_MS / 2;
    // Two old ones go with each new one.
    rig.put(item('a', 7));
    expect(rig.view.oldestRecord(1, 1)).toBe(3);
    rig.collect();
    expect(records(rig).map(({ seq }) => seq)).toEqual([6, 7]);
    rig.now += RECORD_MS;
    rig.collect();
    expect(rig.view.oldestRecord(1, 1)).toBe(8);
    expect(rig.view.shards()).toMatchObject([{ first: 1, next: 8 }]);
  });

  it('keeps no more than its share of bytes', () => {
    const rig = streamed();
    for (let sk = 1; sk <= 5; sk++) rig.put(item('a', sk));
    rig.store.stored.statement('UPDATE streams SET bytes = bytes + ?').run(STREAM_BYTES_MAX - 500);
    rig.put(item('a', 6));
    expect(rig.view.oldestRecord(1, 1)).toBe(3);
  });

  it('has shards that are found by what names them, also those that got no records', () => {
    const rig = streamed();
    const split = (from: number) => {
      rig.done<'FreezePartition'>({ type: 'FreezePartition', partition: 1, from });
      rig.done<'ShrinkPartition'>({ type: 'ShrinkPartition', partition: 1 });
    };
    split(2 ** 31);
    split(2 ** 30);
    expect(rig.view.shards(1).map(({ first, next, high }) => [first, next, high])).toEqual([
      [1, 1, 2 ** 32],
      [2, 2, 2 ** 31],
      [3, 3, 2 ** 30],
    ]);
    expect(rig.view.shards(2)).toEqual([]);
    expect(rig.view.shard(1, 1, 2)).toMatchObject({ first: 2, next: 2, oldest: 2, isChild: true });
    expect(rig.view.shard(1, 1, 4)).toBeUndefined();
    rig.now += RECORD_MS;
    rig.collect();
    expect(rig.view.shards(1)).toMatchObject([{ first: 3 }]);
  });

  it('tells the oldest record of each shard', () => {
    const rig = streamed('KEYS_ONLY');
    rig.put(item('a', 1));
    rig.now += RECORD_MS;
    for (let sk = 2; sk <= 5; sk++) rig.put(item('a', sk));
    expect(rig.view.shard(1, 1, 1)).toMatchObject({ first: 1, next: 6, oldest: 2 });
    rig.now += RECORD_MS;
    rig.collect();
    expect(rig.view.shard(1, 1, 1)).toMatchObject({ first: 1, next: 6, oldest: 6 });
  });

  it('begins anew when it is enabled again, and can be read to its end', () => {
    const rig = streamed();
    const set = (stream: object) =>
      rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: { indexes: [], ...stream } });
    rig.put(item('a', 1));
    set({});
    rig.put(item('a', 2));
    set({ stream: { id: 2, view: 'KEYS_ONLY' } });
    rig.put(item('a', 3));
    expect(records(rig)).toHaveLength(1);
    expect(rig.view.records(1, 2, 1, 10, 1e6)).toHaveLength(1);
    expect(rig.view.shards().map(({ stream, closed }) => [stream, closed !== undefined])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(rig.view.oldestRecord(1, 3)).toBeUndefined();
  });
});
