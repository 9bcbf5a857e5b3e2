import type { Expression } from '@stormglass/items';
import { describe, expect, it } from 'vitest';
import { COLLECTION_BYTES_MAX } from './partition.ts';
import { collectionOf, storedKey } from './stored-keys.ts';
import { BY_OWNER, item, KEYS, KEYS_ONLY, key, LOCAL, StoreRig } from './testing/store-rig.ts';

const IS_NEW: Expression = { text: 'attribute_not_exists(pk)' };
const is = (name: string, value: number): Expression => ({ text: `${name} = :v`, values: { ':v': { N: `${value}` } } });

describe('put', () => {
  it('stores an item as it is, and tells sizes', () => {
    const rig = StoreRig.with();
    expect(rig.put(item('a', 1, { v: 'x' }))).toEqual({ ok: true, before: 0, after: 9 });
    expect(rig.put(item('a', 1, { v: 'xyz' }))).toEqual({ ok: true, before: 9, after: 11 });
    expect(rig.get(key('a', 1))).toEqual(item('a', 1, { v: 'xyz' }));
    expect(rig.view.counts(1)).toEqual({ items: 1, bytes: 11 });
  });

  it('returns the old item when asked', () => {
    const rig = StoreRig.with();
    const put = (v: string) =>
      rig.write({ op: 'put', partition: 1, item: item('a', 1, { v }), returns: 'ALL_OLD' }).attributes;
    expect(put('x')).toBeUndefined();
    expect(put('y')).toBe(JSON.stringify(item('a', 1, { v: 'x' })));
  });

  it('is done only if the condition holds, and shows the item when asked', () => {
    const rig = StoreRig.with();
    const put = { op: 'put', partition: 1, item: item('a', 1, { v: 'x' }), condition: IS_NEW } as const;
    rig.write(put);
    const before = rig.rowsOfAll();
    const refusal = { ok: false, code: 'ConditionalCheckFailedException', message: 'The conditional request failed' };
    expect(rig.attempt(put)).toEqual(refusal);
    expect(rig.attempt({ ...put, returnOnFailure: true })).toEqual({ ...refusal, item: JSON.stringify(put.item) });
    expect(rig.rowsOfAll()).toBe(before);
  });

  it('refuses an item without its key, or with one of another type', () => {
    const rig = StoreRig.with();
    const refused = (put: ReturnType<typeof item>) => rig.attempt({ op: 'put', partition: 1, item: put });
    expect(refused({ pk: { S: 'a' } })).toEqual({
      ok: false,
      code: 'ValidationException',
      message: 'One or more parameter values were invalid: Missing the key sk in the item',
    });
    expect(refused({ pk: { N: '1' }, sk: { N: '1' } })).toMatchObject({ code: 'ValidationException' });
  });

  it('refuses an item beyond 400 KB, and takes one of exactly that', () => {
    const rig = StoreRig.with();
    const of = (size: number) => item('a', 1, { v: 'x'.repeat(size - 8) });
    expect(rig.put(of(409_600)).after).toBe(409_600);
    expect(rig.attempt({ op: 'put', partition: 1, item: of(409_601) })).toEqual({
      ok: false,
      code: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });

  it('refuses a key of an index that is of another type', () => {
    const rig = StoreRig.with({ indexes: [BY_OWNER] });
    expect(rig.attempt({ op: 'put', partition: 1, item: item('a', 1, { owner: 5 }) })).toEqual({
      ok: false,
      code: 'ValidationException',
      message:
        'One or more parameter values were invalid: Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner',
    });
  });

  it('keeps attributes of any name', () => {
    const rig = StoreRig.with({ indexes: [{ ...KEYS_ONLY, projection: ['__proto__'] }] });
    const strange = JSON.parse('{"pk":{"S":"a"},"sk":{"N":"1"},"owner":{"S":"o"},"__proto__":{"S":"x"},"1":{"S":"y"}}');
    rig.put(strange);
    expect(JSON.stringify(rig.get(key('a', 1)))).toBe(JSON.stringify(strange));
    expect(JSON.stringify(rig.rows(3)[0])).toContain('"__proto__":{"S":"x"}');
  });
});

describe('delete', () => {
  it('removes an item, and is done as well when there is none', () => {
    const rig = StoreRig.with();
    rig.put(item('a', 1, { v: 'x' }));
    const deleted = rig.write({ op: 'delete', partition: 1, key: key('a', 1), returns: 'ALL_OLD' });
    expect(deleted).toEqual({ ok: true, before: 9, after: 0, attributes: JSON.stringify(item('a', 1, { v: 'x' })) });
    expect(rig.delete(key('a', 1))).toEqual({ ok: true, before: 0, after: 0 });
    expect(rig.view.counts(1)).toEqual({ items: 0, bytes: 0 });
  });

  it('refuses a key with something else in it', () => {
    const rig = StoreRig.with();
    expect(rig.attempt({ op: 'delete', partition: 1, key: item('a', 1, { v: 'x' }) })).toMatchObject({
      message: 'The provided key element does not match the schema',
    });
  });
});

describe('update', () => {
  const update = (text: string, value: number): Expression => ({ text, values: { ':v': { N: `${value}` } } });

  it('makes an item, and changes it', () => {
    const rig = StoreRig.with();
    const add = { op: 'update', partition: 1, key: key('a', 1), update: update('ADD n :v', 5) } as const;
    const returned = (returns: 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW') => {
      const { attributes } = rig.write({ ...add, returns });
      return attributes === undefined ? undefined : JSON.parse(attributes);
    };
    expect(returned('UPDATED_OLD')).toBeUndefined();
    expect(returned('UPDATED_OLD')).toEqual({ n: { N: '5' } });
    expect(returned('UPDATED_NEW')).toEqual({ n: { N: '15' } });
    expect(returned('ALL_OLD')).toEqual(item('a', 1, { n: 15 }));
    expect(returned('ALL_NEW')).toEqual(item('a', 1, { n: 25 }));
    expect(rig.write({ ...add, condition: is('n', 25) })).not.toHaveProperty('attributes');
  });

  it('makes an item of its key alone', () => {
    const rig = StoreRig.with();
    rig.write({ op: 'update', partition: 1, key: key('a', 1) });
    expect(rig.get(key('a', 1))).toEqual(key('a', 1));
  });

  it('refuses what does not suit the item, its key, or its size', () => {
    const rig = StoreRig.with();
    rig.put(item('a', 1, { v: 'x' }));
    const refused = (update: Expression) => {
      const before = rig.rowsOfAll();
      const result = rig.attempt({ op: 'update', partition: 1, key: key('a', 1), update });
      expect(rig.rowsOfAll()).toBe(before);
      return result.ok ? undefined : `${result.code}: ${result.message}`;
    };
    expect(refused(update('ADD v :v', 1))).toBe(
      'ValidationException: An operand in the update expression has an incorrect data type',
    );
    expect(refused(update('SET sk = :v', 2))).toBe(
      'ValidationException: One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
    );
    const large = { text: 'SET v = :v', values: { ':v': { S: 'x'.repeat(409_600) } } };
    expect(refused(large)).toBe('ValidationException: Item size to update has exceeded the maximum allowed size');
    expect(refused({ text: 'SET' })).toMatch(/^ValidationException: Invalid UpdateExpression/);
  });
});

describe('several writes', () => {
  it('are done or refused each on its own', () => {
    const rig = StoreRig.with();
    const put = (sk: number) => ({ op: 'put', partition: 1, item: item('a', sk), condition: IS_NEW }) as const;
    const results = rig.done<'WriteItems'>({
      type: 'WriteItems',
      writes: [put(1), put(1), { ...put(2), partition: 9 }, put(2)],
    });
    expect(results.map(result => (result.ok ? 'ok' : result.code))).toEqual([
      'ok',
      'ConditionalCheckFailedException',
      'Moved',
      'ok',
    ]);
    expect(rig.rows()).toHaveLength(2);
  });
});

describe('indexes', () => {
  it('have the items with their keys, and tell what they cost', () => {
    const rig = StoreRig.with({ indexes: [BY_OWNER, LOCAL, KEYS_ONLY] });
    const old = item('a', 1, { owner: 'x', age: 5, v: 'more' });
    expect(rig.put(old)).toMatchObject({ indexes: { 'by-owner': 1, local: 1, keys: 1 } });
    expect(rig.rows(BY_OWNER.id)).toEqual([old]);
    expect(rig.rows(LOCAL.id)).toEqual([item('a', 1, { owner: 'x', age: 5 })]);
    expect(rig.rows(KEYS_ONLY.id)).toEqual([item('a', 1, { owner: 'x' })]);
    // Only what an index projects of the item counts.
    expect(rig.put(item('a', 1, { owner: 'x', age: 5, v: 'less' }))).toMatchObject({ indexes: { 'by-owner': 1 } });
    // An entry that moves is deleted and put.
    expect(rig.put(item('a', 1, { owner: 'x', age: 6 }))).toMatchObject({ indexes: { 'by-owner': 2, local: 2 } });
    expect(rig.put(item('a', 1, { owner: 'x' }))).toMatchObject({ indexes: { 'by-owner': 1, local: 1 } });
    expect(rig.rows(BY_OWNER.id)).toEqual([]);
    expect(rig.rows(KEYS_ONLY.id)).toEqual([item('a', 1, { owner: 'x' })]);
    rig.delete(key('a', 1));
    expect(rig.view.indexCounts(1).map(({ items, bytes }) => [items, bytes])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('bound item collections by 10 GB where they are local', () => {
    const rig = StoreRig.with({ indexes: [LOCAL] });
    expect(rig.put(item('a', 1, { age: 5 })).collection).toBe(24);
    expect(rig.view.collectionBytes(1, key('a', 9))).toBe(24);
    const collection = collectionOf(storedKey(key('a', 1), KEYS)!);
    rig.store.stored.statement('UPDATE collections SET bytes = ? WHERE key = ?').run(COLLECTION_BYTES_MAX, collection);
    const put = (sk: number) => rig.attempt({ op: 'put', partition: 1, item: item('a', sk) });
    expect(put(2)).toEqual({
      ok: false,
      code: 'ItemCollectionSizeLimitExceededException',
      message: 'Collection size exceeded.',
    });
    // What makes it smaller is welcome.
    expect(put(1)).toMatchObject({ ok: true });
    expect(rig.attempt({ op: 'put', partition: 1, item: item('b', 2) })).toMatchObject({ ok: true });
  });
});

describe('provisioned throughput', () => {
  it('is used up, refuses, and comes again with the log', () => {
    const rig = StoreRig.with({ writeUnits: 1 });
    const put = () => rig.attempt({ op: 'put', partition: 1, item: item('a', rig.seq, { v: 'x'.repeat(150_000) }) });
    // Five minutes of units; the third write overdraws them.
    expect([put(), put(), put()].map(({ ok }) => ok)).toEqual([true, true, true]);
    const before = rig.rowsOfAll();
    expect(put()).toMatchObject({ code: 'ProvisionedThroughputExceededException' });
    expect(rig.rowsOfAll()).toBe(before);
    rig.now += 200_000;
    expect(put()).toMatchObject({ ok: true });
  });

  it('is used by a write whose condition fails, for the item that is there', () => {
    const rig = StoreRig.with({ writeUnits: 1 });
    rig.put(item('a', 1, { v: 'x'.repeat(150_000) }));
    const put = () => rig.attempt({ op: 'put', partition: 1, item: item('a', 1), condition: IS_NEW });
    const codes = [put(), put(), put()].map(each => (each.ok ? '' : each.code));
    expect(codes.slice(0, 2)).toEqual(['ConditionalCheckFailedException', 'ConditionalCheckFailedException']);
    expect(codes[2]).toBe('ProvisionedThroughputExceededException');
  });

  it('of an index refuses what would change it', () => {
    const rig = StoreRig.with({ indexes: [{ ...BY_OWNER, writeUnits: 1 }] });
    const put = (more: Record<string, string | number>) =>
      rig.attempt({ op: 'put', partition: 1, item: item('a', rig.seq, { v: 'x'.repeat(310_000), ...more }) });
    expect(put({ owner: 'x', age: 1 })).toMatchObject({ ok: true });
    expect(put({ owner: 'x', age: 1 })).toMatchObject({
      code: 'ProvisionedThroughputExceededException',
      message: expect.stringContaining('one or more global secondary indexes'),
    });
    expect(put({})).toMatchObject({ ok: true });
  });
});
