import { expect, it } from 'vitest';
import { HASHES } from './key-hash.ts';
import { hashOf, storedKey } from './stored-keys.ts';
import { BY_OWNER, item, KEYS, key, LOCAL, StoreRig } from './testing/store-rig.ts';
import { type MovedChanges, MovedError } from './view.ts';

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
  two.done<'ReceiveItems'>({ type: 'ReceiveItems', partition: 2, items: ITEMS.map(item => ({ item, version: 3 })) });
  expect(two.view.counts(2)).toEqual(counts);
});

it('waits for transactions that hold items', () => {
  const rig = StoreRig.with(SETTINGS);
  const put = { op: 'put', partition: 1, item: item(HIGH[0]!) } as const;
  rig.done<'PrepareTransaction'>({ type: 'PrepareTransaction', transaction: 't', decider: 1, writes: [put] });
  rig.done<'FreezePartition'>(freeze(HALF));
  expect(rig.view.isHeld(1)).toBe(true);
  expect(rig.refused({ type: 'ShrinkPartition', partition: 1 }).code).toBe('NotPossible');
  rig.done<'FinishTransaction'>({ type: 'FinishTransaction', transaction: 't', commit: true });
  expect(rig.view.isHeld(1)).toBe(false);
  expect(rig.view.movedChanges(1, undefined, 10, 1e6).items).toEqual([{ item: item(HIGH[0]!), version: rig.seq }]);
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

/** Sends everything that has changed by now; copies of it come again, the oldest last. */
function follow(from: StoreRig, to: StoreRig, sent: MovedChanges[]): void {
  const { after, ...changes } = from.view.movedChanges(1, sent.at(-1)?.after, 1000, 1e6);
  if (after === undefined) return;
  sent.push({ after, ...changes });
  for (const { items, gone } of sent.toReversed())
    to.done<'ReceiveItems'>({ type: 'ReceiveItems', partition: 2, items, gone });
}

it('follows changes while items are copied, in whatever order they arrive', () => {
  const [one, two] = [StoreRig.with(SETTINGS), new StoreRig()];
  for (const each of ITEMS) one.put(each);
  one.done<'BeginMove'>({ type: 'BeginMove', partition: 1, from: HALF });
  handOver(one, two);
  const sent: MovedChanges[] = [];
  const [a, b] = [HIGH[0]!, HIGH[1]!];
  one.put(item(a, 1, { owner: 'y' }));
  one.delete(key(b, 1));
  one.put(item(LOW[0]!, 1, { owner: 'y' }));
  follow(one, two, sent);
  one.put(item(a, 1, { owner: 'x', age: 7 }));
  one.put(item(b, 1));
  one.put(item(b, 2));
  follow(one, two, sent);
  one.delete(key(b, 2));
  follow(one, two, sent);
  expect(sent.map(({ items, gone }) => [items.length, gone.length])).toEqual([
    [1, 1],
    [3, 0],
    [0, 1],
  ]);
  one.done<'FreezePartition'>(freeze(HALF));
  two.done<'OpenPartition'>({ type: 'OpenPartition', partition: 2 });
  const upper = one.rows().filter(({ pk }) => isHigh((pk as { S: string }).S));
  expect(two.rows(undefined, 2)).toEqual(upper);
  expect(two.view.counts(2).items).toBe(upper.length);
  expect(two.view.indexCounts(2).map(({ items }) => items)).toEqual([HIGH.length - 1, HIGH.length - 1]);
  one.done<'ShrinkPartition'>({ type: 'ShrinkPartition', partition: 1 });
  expect(one.view.partition(1)).not.toHaveProperty('movingFrom');
  expect(two.refused({ type: 'ReceiveItems', partition: 2, items: [] }).code).toBe('NotPossible');
});

it('tells versions of here from those of elsewhere', () => {
  const [one, two] = [StoreRig.with(SETTINGS), new StoreRig()];
  for (const each of ITEMS) one.put(each);
  one.done<'FreezePartition'>(freeze(HALF));
  handOver(one, two);
  two.done<'OpenPartition'>({ type: 'OpenPartition', partition: 2 });
  expect(two.view.get(2, key(HIGH[0]!, 1)).version).toBeLessThan(0);
  two.put(item(HIGH[0]!, 1), 2);
  expect(two.view.get(2, key(HIGH[0]!, 1)).version).toBe(two.seq);
  // What came from elsewhere is older than all that happened here.
  const third = new StoreRig();
  third.create({ id: 3, from: HALF, ...SETTINGS }, true);
  const send = (version: number, owner: string) =>
    third.done<'ReceiveItems'>({
      ...{ type: 'ReceiveItems', partition: 3 },
      items: [{ item: item(HIGH[0]!, 1, { owner }), version }],
    });
  send(1, 'new');
  send(-500, 'old');
  third.done<'OpenPartition'>({ type: 'OpenPartition', partition: 3 });
  expect(third.get(key(HIGH[0]!, 1), 3)).toEqual(item(HIGH[0]!, 1, { owner: 'new' }));
});

it('notes nothing more once it is called off', () => {
  const rig = StoreRig.with();
  const begin = (from: number) => ({ type: 'BeginMove', partition: 1, from }) as const;
  rig.done<'BeginMove'>(begin(HALF));
  expect(rig.refused(begin(HALF + 1)).code).toBe('NotPossible');
  for (const each of ITEMS) rig.put(each);
  expect(rig.view.movedChanges(1, undefined, 1000, 1e6).items).toHaveLength(HIGH.length);
  rig.done<'FreezePartition'>(freeze(null));
  expect(rig.view.movedChanges(1, undefined, 1000, 1e6).after).toBeUndefined();
  expect(rig.view.handOver(1, undefined, 10, 1e6)).toBeUndefined();
});
