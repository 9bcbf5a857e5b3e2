import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import type { Item } from '@stormglass/items';
import { describe, expect, it } from 'vitest';
import type { RestoreSource } from './commands.ts';
import { HASHES } from './key-hash.ts';
import { hashOf, storedKey } from './stored-keys.ts';
import { BY_OWNER, item, KEYS, key, LOCAL, StoreRig } from './testing/store-rig.ts';
import { MovedError } from './view.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const RECOVERY = { recoveryMs: DAY_MS };

/** A new partition with what a source has, in steps of so many items. */
function restored(rig: StoreRig, id: number, source: RestoreSource, limit = 2, more = {}): Item[] {
  rig.create({ id, ...more }, true);
  expect(() => rig.view.get(id, key('a'))).toThrow(MovedError);
  const step = () => rig.done<'RestoreItems'>({ type: 'RestoreItems', partition: id, source, limit });
  while (step().isMore);
  expect(step()).toEqual({ isMore: false, count: 0 });
  return rig.rows(undefined, id);
}

function backUp(rig: StoreRig, backup: number, limit = 2): void {
  const step = () => rig.done<'BackUpItems'>({ type: 'BackUpItems', backup, partition: 1, limit });
  while (step().isMore);
  expect(step()).toEqual({ isMore: false, count: 0 });
}

const PUT = ['a', 'b', 'c', 'd', 'e'].map((pk, i) => item(pk, 1, { owner: 'x', age: i }));

describe('a backup', () => {
  it('outlives its table, and makes others of it', () => {
    const rig = StoreRig.with();
    for (const each of PUT) rig.put(each);
    const before = rig.rows();
    backUp(rig, 7);
    const { bytes } = rig.view.counts(1);
    expect(rig.view.past.backups()).toEqual([7]);
    expect(rig.view.past.copy(7, 1)).toEqual({ backup: 7, partition: 1, isComplete: true, items: 5, bytes });
    rig.put(item('f'));
    rig.delete(key('a', 1));
    rig.done<'DropPartition'>({ type: 'DropPartition', partition: 1 });
    rig.collect();
    const indexes = [BY_OWNER, LOCAL];
    expect(restored(rig, 2, { backup: 7, partition: 1 }, 2, { indexes })).toEqual(before);
    expect(rig.rows(BY_OWNER.id, 2)).toHaveLength(5);
    expect(rig.view.counts(2)).toEqual({ items: 5, bytes });
    expect(rig.view.collectionBytes(2, key('a', 1))).toBeGreaterThan(0);
    expect(restored(rig, 3, { backup: 7, partition: 1 }, 100)).toEqual(before);
    while (rig.done<'DropBackup'>({ type: 'DropBackup', backup: 7, limit: 2 }).isMore);
    expect(rig.view.past.backups()).toEqual([]);
    for (const partition of [2, 3]) rig.done<'DropPartition'>({ type: 'DropPartition', partition });
    rig.collect();
    expect(rig.rowsOfAll()).toBe('[]');
  });

  it('of nothing makes an empty table', () => {
    const rig = StoreRig.with();
    backUp(rig, 1);
    expect(restored(rig, 2, { backup: 1, partition: 1 })).toEqual([]);
  });

  it('is used when it is complete, and nothing else is', () => {
    const rig = StoreRig.with();
    for (const each of PUT) rig.put(each);
    rig.done<'BackUpItems'>({ type: 'BackUpItems', backup: 1, partition: 1, limit: 2 });
    rig.create({ id: 2 }, true);
    const refusedFrom = (source: RestoreSource) =>
      rig.refused({ type: 'RestoreItems', partition: 2, source, limit: 2 }).code;
    expect(refusedFrom({ backup: 1, partition: 1 })).toBe('NotPossible');
    expect(refusedFrom({ backup: 2, partition: 1 })).toBe('NotPossible');
    expect(refusedFrom({ partition: 1, at: rig.now })).toBe('NotPossible');
  });
});

describe('a history', () => {
  it.each([1, 2, 3, 4])('leads to the items of any moment, while writes go on (seed %i)', seed => {
    const random = seededRandom(seed);
    const rig = StoreRig.with({ ...RECOVERY, indexes: [BY_OWNER] });
    const moments: { at: number; rows: Item[] }[] = [];
    for (let step = 0; step < 120; step++) {
      randomWrites(rig, random);
      moments.push({ at: rig.now, rows: rig.rows() });
    }
    for (let id = 2; id < 12; id++) {
      const { at, rows } = pick(random, moments);
      rig.create({ id }, true);
      const source = { partition: 1, at: at + randomInt(random, 1000) };
      const limit = 1 + randomInt(random, 5);
      while (rig.done<'RestoreItems'>({ type: 'RestoreItems', partition: id, source, limit }).isMore)
        randomWrites(rig, random);
      expect(rig.rows(undefined, id)).toEqual(rows);
    }
  });

  it('begins when it is asked for, and ends with its period', () => {
    const rig = StoreRig.with();
    rig.put(PUT[0]!);
    expect(rig.view.past.restorableSince(1)).toBeUndefined();
    const set = (recoveryMs?: number) =>
      rig.done<'SetPartition'>({
        type: 'SetPartition',
        partition: 1,
        settings: { indexes: [], ...(recoveryMs !== undefined && { recoveryMs }) },
      });
    set(DAY_MS);
    const begin = rig.now;
    expect(rig.view.past.restorableSince(1)).toBe(begin);
    rig.put(item('a', 1, { v: 'changed' }));
    const changed = rig.now;
    rig.now += DAY_MS / 2;
    set(DAY_MS / 4);
    expect(rig.view.hasOld(rig.now)).toBe(true);
    rig.collect();
    expect(rig.view.hasOld(rig.now)).toBe(false);
    expect(rig.view.past.restorableSince(1)).toBe(changed);
    expect(restored(rig, 2, { partition: 1, at: begin })).toEqual([item('a', 1, { v: 'changed' })]);
    rig.put(item('a', 1, { v: 'again' }));
    set();
    expect(rig.view.past.restorableSince(1)).toBeUndefined();
    rig.collect();
    expect(rig.rowsOfAll()).not.toContain('histor');
  });

  it('keeps what a restore needs while it goes on', () => {
    const rig = StoreRig.with(RECOVERY);
    for (const each of PUT) rig.put(each);
    const { now: at } = rig;
    const rows = rig.rows();
    for (const { pk } of PUT) rig.delete({ pk: pk!, sk: { N: '1' } });
    rig.now += DAY_MS - 60_000;
    const source = { partition: 1, at };
    rig.create({ id: 2 }, true);
    rig.done<'RestoreItems'>({ type: 'RestoreItems', partition: 2, source, limit: 2 });
    rig.now += 5 * 60_000;
    rig.collect();
    while (rig.done<'RestoreItems'>({ type: 'RestoreItems', partition: 2, source, limit: 2 }).isMore);
    expect(rig.rows(undefined, 2)).toEqual(rows);
    rig.now += DAY_MS;
    rig.collect();
    expect(rig.rowsOfAll()).not.toContain('"history"');
  });

  it('knows of the items that moved away later', () => {
    const rig = StoreRig.with(RECOVERY);
    for (const each of PUT) rig.put(each);
    const { now: at } = rig;
    const rows = rig.rows();
    const half = HASHES / 2;
    const isHigh = (each: Item) => hashOf(storedKey(each, KEYS)!) >= half;
    rig.done<'FreezePartition'>({ type: 'FreezePartition', partition: 1, from: half });
    rig.done<'ShrinkPartition'>({ type: 'ShrinkPartition', partition: 1 });
    rig.collect(1);
    expect(rig.rows().some(isHigh)).toBe(false);
    expect(restored(rig, 2, { partition: 1, at })).toEqual(rows);
    const low = { from: 0, to: half };
    expect(restored(rig, 3, { partition: 1, at }, 2, low)).toEqual(rows.filter(each => !isHigh(each)));
  });
});

function randomWrites(rig: StoreRig, random: Random): void {
  const writes = Array.from({ length: 1 + randomInt(random, 3) }, () => {
    const [pk, sk] = [pick(random, ['a', 'b', 'c', 'd', 'e', 'f']), randomInt(random, 3)];
    if (random.next() < 0.4) return { op: 'delete', partition: 1, key: key(pk, sk) } as const;
    return { op: 'put', partition: 1, item: item(pk, sk, { owner: 'x', age: randomInt(random, 9) }) } as const;
  });
  rig.done<'WriteItems'>({ type: 'WriteItems', writes });
}
