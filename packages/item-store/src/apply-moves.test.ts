import { expect, it } from 'vitest';
import { HASHES } from './key-hash.ts';
import { hashOf, storedKey } from './stored-keys.ts';
import { BY_OWNER, item, KEYS, key, LOCAL, StoreRig } from './testing/store-rig.ts';
import { MovedError } from './view.ts';

const HALF = HASHES / 2;
const SETTINGS = { indexes: [BY_OWNER, LOCAL], stream: { id: 1, view: 'KEYS_ONLY' } } as const;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const ITEMS = NAMES.map(pk => item(pk, 1, { owner: 'x', age: 7 }));
const isHigh = (pk: string) => hashOf(storedKey(key(pk), KEYS)!) >= HALF;
const HIGH = NAMES.filter(isHigh);
const LOW = NAMES.filter(pk => !isHigh(pk));
const names = (items: readonly { pk?: unknown }[]) => items.map(({ pk }) => (pk as { S: string }).S).sort();

const freeze = (from: number | null) => ({ type: 'FreezePartition', partition: 1, from }) as const;

function handOver(from: StoreRig, to: StoreRig): void {
  to.create({ id: 2, from: HALF, ...SETTINGS }, true);
  for (let after: Uint8Array | undefined; ; ) {
    const piece = from.view.handOver(1, after, 2, 1e6);
    if (piece === undefined) throw new Error('nothing to hand over');
    to.done<'ReceiveItems'>({ type: 'ReceiveItems', partition: 2, items: piece.items });
    if (piece.after === undefined) return;
    after = piece.after;
  }
}

it('moves the upper half to another cell', () => {
  const [one, two] = [StoreRig.with(SETTINGS), new StoreRig()];
  for (const each of ITEMS) one.put(each);
  one.done<'FreezePartition'>(freeze(HALF));
  // What is being moved is read and not written.
  expect(one.attempt({ op: 'put', partition: 1, item: item(HIGH[0]!) })).toMatchObject({ code: 'Moved' });
  expect(one.attempt({ op: 'put', partition: 1, item: item(LOW[0]!, 2) })).toMatchObject({ ok: true });
  expect(one.get(key(HIGH[0]!, 1))).toBeDefined();

  handOver(one, two);
  expect(() => two.view.get(2, key(HIGH[0]!, 1))).toThrow(MovedError);
  expect(two.attempt({ op: 'put', partition: 2, item: item(HIGH[0]!) })).toMatchObject({ code: 'Moved' });
  const open = { type: 'OpenPartition', partition: 2, firstRecord: one.view.shards()[0]!.next + 1 } as const;
  two.done<'OpenPartition'>(open);
  two.done<'OpenPartition'>(open);
  expect(names(two.rows(undefined, 2))).toEqual(HIGH);
  expect(names(two.rows(BY_OWNER.id, 2))).toEqual(HIGH);
  expect(two.view.collectionBytes(2, key(HIGH[0]!))).toBe(one.view.collectionBytes(1, key(HIGH[0]!)));
  // Nothing was changed: the new shard is empty, and its numbers are behind those of before.
  const { firstRecord: first } = open;
  expect(first).toBeGreaterThan(ITEMS.length);
  expect(two.view.shards(1)).toMatchObject([
    { partition: 2, first, next: first, low: HALF, high: HASHES, isChild: true },
  ]);
  two.put(item(HIGH[0]!, 2), 2);

  one.done<'ShrinkPartition'>({ type: 'ShrinkPartition', partition: 1 });
  expect(() => one.view.get(1, key(HIGH[0]!, 1))).toThrow(MovedError);
  // Rows that are still there count no more.
  expect(names(one.rows(BY_OWNER.id))).toEqual(LOW);
  one.collect(2);
  expect(names(one.rows())).toEqual([...LOW, LOW[0]!].sort());
  expect(one.view.counts(1).items).toBe(LOW.length + 1);
  expect(one.view.indexCounts(1).map(({ items }) => items)).toEqual([LOW.length, LOW.length]);
  expect(one.view.collectionBytes(1, key(HIGH[0]!))).toBe(0);
  // Whoever reads the changes of the other half has read this shard to its end before.
  expect(one.view.shards()).toMatchObject([
    { first: 1, next: ITEMS.length + 2, closed: expect.any(Number), low: 0, high: HASHES, isChild: false },
    { first: ITEMS.length + 2, next: ITEMS.length + 2, low: 0, high: HALF, isChild: true },
  ]);
});

it('receives the same items again without harm', () => {
  const [one, two] = [StoreRig.with(SETTINGS), new StoreRig()];
  for (const each of ITEMS) one.put(each);
  one.done<'FreezePartition'>(freeze(HALF));
  handOver(one, two);
  const counts = two.view.counts(2);
  two.done<'ReceiveItems'>({ type: 'ReceiveItems', partition: 2, items: ITEMS });
  expect(two.view.counts(2)).toEqual(counts);
});

it('waits for transactions that hold items', () => {
  const rig = StoreRig.with(SETTINGS);
  const put = { op: 'put', partition: 1, item: item(HIGH[0]!) } as const;
  rig.done<'PrepareTransaction'>({ type: 'PrepareTransaction', transaction: 't', decider: 1, writes: [put] });
  rig.done<'FreezePartition'>(freeze(HALF));
  expect(rig.view.handOver(1, undefined, 10, 1e6)).toBeUndefined();
  expect(rig.refused({ type: 'ShrinkPartition', partition: 1 }).code).toBe('NotPossible');
  rig.done<'FinishTransaction'>({ type: 'FinishTransaction', transaction: 't', commit: true });
  expect(rig.view.handOver(1, undefined, 10, 1e6)?.items).toEqual([item(HIGH[0]!)]);
});

it('can be called off', () => {
  const rig = StoreRig.with();
  rig.done<'FreezePartition'>(freeze(HALF));
  rig.done<'FreezePartition'>(freeze(null));
  for (const each of ITEMS) rig.put(each);
  expect(rig.view.handOver(1, undefined, 10, 1e6)).toBeUndefined();
  rig.done<'ShrinkPartition'>({ type: 'ShrinkPartition', partition: 1 });
  expect(rig.view.partition(1)?.to).toBe(HASHES);
});

it('refuses what makes no halves', () => {
  const rig = StoreRig.with();
  for (const from of [0, HASHES]) expect(rig.refused(freeze(from)).code).toBe('NotPossible');
  expect(rig.refused({ type: 'ReceiveItems', partition: 1, items: [] }).code).toBe('NotPossible');
});
