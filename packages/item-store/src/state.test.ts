import { expect, it } from 'vitest';
import type { ItemCommand } from './commands.ts';
import { BY_OWNER, item, key, StoreRig } from './testing/store-rig.ts';

it('does not know commands of newer builds', () => {
  const rig = new StoreRig();
  expect(rig.apply({ type: 'toString' } as unknown as ItemCommand)).toMatchObject({
    ok: false,
    code: 'UnknownCommand',
  });
});

it('forgets what was taken back', () => {
  const rig = StoreRig.with();
  const { stored } = rig.store;
  stored.begin();
  rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: { indexes: [BY_OWNER] } });
  rig.put(item('a', 1, { owner: 'x', age: 1 }));
  stored.rollback(new Error('no'));
  expect(rig.view.partition(1)?.indexes).toEqual([]);
  expect(rig.get(key('a', 1))).toBeUndefined();
  expect(rig.view.counts(1)).toEqual({ items: 0, bytes: 0 });
});

it('goes on from a snapshot as from the state itself', () => {
  const [one, two] = [StoreRig.with({ indexes: [BY_OWNER], stream: { id: 1, view: 'NEW_IMAGE' } }), new StoreRig()];
  two.create({ table: 'another' });
  one.put(item('a', 1, { owner: 'x', age: 1 }));
  two.store.install(JSON.parse(JSON.stringify([...one.store.snapshot()])) as unknown[]);
  [two.seq, two.now] = [one.seq, one.now];
  expect(two.rowsOfAll()).toBe(one.rowsOfAll());
  for (const rig of [one, two]) rig.put(item('a', 1, { owner: 'y', age: 2 }));
  expect(two.rowsOfAll()).toBe(one.rowsOfAll());
  expect(two.rows(BY_OWNER.id)).toEqual([item('a', 1, { owner: 'y', age: 2 })]);
});
