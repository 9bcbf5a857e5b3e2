import type { Expression } from '@stormglass/items';
import { describe, expect, it } from 'vitest';
import type { CheckItem, CommandOf, DecideTransaction, PutItem } from './commands.ts';
import { BY_OWNER, item, key, StoreRig } from './testing/store-rig.ts';

const IS_NEW: Expression = { text: 'attribute_not_exists(pk)' };
const put = (pk: string, more: Partial<PutItem> = {}): PutItem => ({
  op: 'put',
  partition: 1,
  item: item(pk, 0, { v: 'new' }),
  ...more,
});
const check = (pk: string, condition: Expression): CheckItem => ({
  op: 'check',
  partition: 1,
  key: key(pk),
  condition,
});
const transact = (writes: CommandOf<'TransactItems'>['writes'], token?: string, digest = 'd') =>
  ({ type: 'TransactItems', writes, ...(token === undefined ? {} : { request: { token, digest } }) }) as const;

describe('a transaction within a cell', () => {
  it('does all of its writes', () => {
    const rig = StoreRig.with();
    rig.put(item('b'));
    rig.put(item('c'));
    const writes = [
      put('a', { condition: IS_NEW }),
      { op: 'delete', partition: 1, key: key('b') } as const,
      check('c', { text: 'attribute_exists(pk)' }),
    ];
    const { written, isRepeated } = rig.done<'TransactItems'>(transact(writes));
    expect(isRepeated).toBe(false);
    expect(written.map(({ before, after }) => [before, after])).toEqual([
      [0, 10],
      [6, 0],
      [6, 6],
    ]);
    expect(rig.rows().map(({ pk }) => pk)).toEqual(expect.arrayContaining([{ S: 'a' }, { S: 'c' }]));
    expect(rig.view.counts(1).items).toBe(2);
  });

  it('does none of them when one is refused, and says which', () => {
    const rig = StoreRig.with();
    rig.put(item('b'));
    const before = rig.rowsOfAll();
    const writes = [
      put('a'),
      put('b', { condition: IS_NEW, returnOnFailure: true }),
      put('c', { item: { pk: { S: 'c' } } }),
    ];
    const refusal = rig.refused(transact(writes, 'token'));
    expect(refusal).toMatchObject({
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
    });
    expect(refusal.reasons?.map(reason => reason?.message)).toEqual([
      undefined,
      'The conditional request failed',
      'One or more parameter values were invalid: Missing the key sk in the item',
    ]);
    expect(refusal.reasons?.[1]?.item).toBe(JSON.stringify(item('b')));
    expect(rig.rowsOfAll()).toBe(before);
  });

  it('is asked again elsewhere when the map of partitions has changed', () => {
    const rig = StoreRig.with();
    expect(rig.refused(transact([put('a'), put('b', { partition: 7 })])).code).toBe('Moved');
  });

  it('has each item once', () => {
    const rig = StoreRig.with();
    expect(rig.refused(transact([put('a'), put('a')])).message).toBe(
      'Transaction request cannot include multiple operations on one item',
    );
  });

  it('is done once for one token in ten minutes (K8)', () => {
    const rig = StoreRig.with();
    const again = transact([put('a', { condition: IS_NEW })], 'token');
    expect(rig.done<'TransactItems'>(again).isRepeated).toBe(false);
    expect(rig.done<'TransactItems'>(again)).toEqual({ written: [], isRepeated: true });
    expect(rig.refused(transact([put('b')], 'token', 'other')).code).toBe('IdempotentParameterMismatchException');
    rig.now += 600_000;
    expect(rig.refused(again).code).toBe('TransactionCanceledException');
    // What was refused is no request that was done.
    expect(rig.refused(again).code).toBe('TransactionCanceledException');
  });
});

describe('a transaction over several cells', () => {
  const prepare = (transaction: string, writes: CommandOf<'PrepareTransaction'>['writes']) =>
    ({ type: 'PrepareTransaction', transaction, decider: 1, writes }) as const;
  const finish = (transaction: string, commit: boolean) =>
    ({ type: 'FinishTransaction', transaction, commit }) as const;
  const decide = (transaction: string, commit: boolean, more: Partial<DecideTransaction> = {}) =>
    ({ type: 'DecideTransaction', transaction, commit, cells: [1, 2], ...more }) as const;

  it('locks what it prepares until it is finished (K5)', () => {
    const rig = StoreRig.with({ indexes: [BY_OWNER] });
    rig.put(item('a'));
    const writes = [put('a'), check('b', IS_NEW)];
    expect(rig.done<'PrepareTransaction'>(prepare('t', writes)).map(({ before, after }) => [before, after])).toEqual([
      [6, 10],
      [0, 0],
    ]);
    expect(rig.get(key('a'))).toEqual(item('a'));
    expect([key('a'), key('b'), key('c')].map(each => rig.view.get(1, each).isLocked)).toEqual([true, true, false]);
    for (const pk of ['a', 'b'])
      expect(rig.attempt(put(pk))).toEqual({
        ok: false,
        code: 'TransactionConflictException',
        message: 'Transaction is ongoing for the item',
      });
    expect(rig.refused(transact([put('c'), put('b')])).reasons?.map(reason => reason?.code)).toEqual([
      undefined,
      'TransactionConflictException',
    ]);
    expect(rig.refused(prepare('other', [put('a')])).code).toBe('TransactionCanceledException');
    expect(rig.done<'FinishTransaction'>(finish('t', true))).toBe(2);
    expect(rig.get(key('a'))).toEqual(item('a', 0, { v: 'new' }));
    expect(rig.get(key('b'))).toBeUndefined();
    expect(rig.done<'FinishTransaction'>(finish('t', true))).toBe(0);
    rig.put(item('b'));
  });

  it('leaves everything as it was when it is aborted', () => {
    const rig = StoreRig.with();
    rig.put(item('a'));
    const version = rig.view.get(1, key('a'));
    rig.done<'PrepareTransaction'>(prepare('t', [put('a'), put('b')]));
    expect(rig.done<'FinishTransaction'>(finish('t', false))).toBe(2);
    expect(rig.view.get(1, key('a'))).toEqual(version);
    expect(rig.view.get(1, key('b')).isLocked).toBe(false);
  });

  it('may be prepared in pieces', () => {
    const rig = StoreRig.with();
    rig.done<'PrepareTransaction'>(prepare('t', [put('a')]));
    rig.done<'PrepareTransaction'>(prepare('t', [put('b')]));
    expect(rig.refused(prepare('t', [put('c'), put('a')])).code).toBe('TransactionCanceledException');
    rig.done<'FinishTransaction'>(finish('t', true));
    expect(rig.view.counts(1).items).toBe(2);
  });

  it('prepares what an update makes of the item, whatever the table becomes meanwhile', () => {
    const rig = StoreRig.with();
    rig.put(item('a', 0, { owner: 5 }));
    const update = { text: 'ADD #o :v', names: { '#o': 'owner' }, values: { ':v': { N: '1' } } };
    rig.done<'PrepareTransaction'>(prepare('t', [{ op: 'update', partition: 1, key: key('a'), update }]));
    rig.done<'SetPartition'>({ type: 'SetPartition', partition: 1, settings: { indexes: [BY_OWNER] } });
    rig.done<'FinishTransaction'>(finish('t', true));
    expect(rig.get(key('a'))).toEqual(item('a', 0, { owner: 6 }));
    rig.done<'PrepareTransaction'>(prepare('u', [put('a')]));
    rig.done<'DropPartition'>({ type: 'DropPartition', partition: 1 });
    expect(rig.done<'FinishTransaction'>(finish('u', true))).toBe(1);
  });

  it('is found when nobody finishes it', () => {
    const rig = StoreRig.with();
    rig.done<'PrepareTransaction'>(prepare('t', [put('a'), put('b')]));
    const at = rig.now;
    rig.done<'PrepareTransaction'>(prepare('u', [put('c')]));
    expect(rig.view.prepared(at, 10)).toEqual([{ transaction: 't', decider: 1, at }]);
    expect(rig.view.prepared(rig.now, 1)).toHaveLength(1);
    expect(rig.view.prepared(rig.now, 10)).toHaveLength(2);
  });

  it('is decided once (K6)', () => {
    const rig = StoreRig.with();
    expect(rig.done<'DecideTransaction'>(decide('t', true))).toEqual({ commit: true, isRepeated: false });
    expect(rig.done<'DecideTransaction'>(decide('t', false))).toEqual({ commit: true, isRepeated: false });
    expect(rig.done<'DecideTransaction'>(decide('u', false))).toEqual({ commit: false, isRepeated: false });
    expect(rig.done<'DecideTransaction'>(decide('u', true))).toEqual({ commit: false, isRepeated: false });
    expect(rig.view.committed(rig.now, 10)).toMatchObject([{ transaction: 't', commit: true, cells: [1, 2] }]);
    // Aborts are forgotten after a while, commits when they are told to be.
    rig.now += 600_000;
    rig.collect();
    expect([rig.view.decision('t')?.commit, rig.view.decision('u')]).toEqual([true, undefined]);
    rig.done<'ForgetTransactions'>({ type: 'ForgetTransactions', transactions: ['t', 'u'] });
    expect(rig.view.committed(rig.now, 10)).toEqual([]);
  });

  it('is not done again for the same token', () => {
    const rig = StoreRig.with();
    const request = { token: 'token', digest: 'd' };
    expect(rig.done<'DecideTransaction'>(decide('t', true, { request })).commit).toBe(true);
    expect(rig.done<'DecideTransaction'>(decide('u', true, { request }))).toEqual({ commit: false, isRepeated: true });
    expect(rig.done<'DecideTransaction'>(decide('u', true, { request })).commit).toBe(false);
    const other = decide('v', true, { request: { ...request, digest: 'other' } });
    expect(rig.refused(other).code).toBe('IdempotentParameterMismatchException');
    expect(rig.done<'DecideTransaction'>(decide('v', false)).commit).toBe(false);
  });

  it('says also when it is not done whether the same request was', () => {
    const rig = StoreRig.with();
    const request = { token: 'k', digest: 'd' };
    rig.done(decide('t', true, { request }));
    const twice = [decide('u', false, { request }), decide('u', false, { request })];
    for (const each of twice) expect(rig.done<'DecideTransaction'>(each)).toEqual({ commit: false, isRepeated: true });
  });

  it('is not prepared again when it is finished', () => {
    const rig = StoreRig.with();
    rig.done(prepare('t', [put('a')]));
    rig.done(finish('t', true));
    expect(rig.refused(prepare('t', [put('a')])).code).toBe('NotPossible');
    rig.done(prepare('u', [put('a')]));
    rig.done(finish('u', false));
    rig.done(prepare('u', [put('a')]));
  });
});
