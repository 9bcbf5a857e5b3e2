import { keyBytes } from '@stormglass/items';
import { expect, it } from 'vitest';
import { HASHES } from './key-hash.ts';
import { PAGE_BYTES_MAX, readPage } from './read-page.ts';
import { rangeOfCondition, rangeOfHashes } from './stored-keys.ts';
import { ALL_HASHES, BY_OWNER, item, KEYS_ONLY, key, LOCAL, StoreRig } from './testing/store-rig.ts';
import { type CursorQuery, MovedError } from './view.ts';

const HALF = HASHES / 2;

/** A table of two partitions, in one cell. */
function halves(): StoreRig {
  const rig = new StoreRig();
  const indexes = [BY_OWNER, LOCAL, KEYS_ONLY];
  rig.create({ id: 1, to: HALF, indexes });
  rig.create({ id: 2, from: HALF, indexes });
  for (let i = 0; i < 40; i++) {
    const put = item(`pk${i % 8}`, i, { owner: `o${i % 2}`, age: i % 10, v: 'x'.repeat(i) });
    const place = rig.attempt({ op: 'put', partition: 1, item: put });
    if (!place.ok) rig.put(put, 2);
  }
  return rig;
}

const cursors = (rig: StoreRig, query: Omit<CursorQuery, 'partition' | 'from' | 'to'>) => [
  rig.view.cursor({ ...query, partition: 1, from: 0, to: HALF }),
  rig.view.cursor({ ...query, partition: 2, from: HALF, to: HASHES }),
];

const ages = (hash: string) => rangeOfCondition({ hash: { S: hash } });

it('reads partitions as one, in the order of an index, both ways', () => {
  const rig = halves();
  const read = (isReverse: boolean) =>
    readPage(cursors(rig, { index: BY_OWNER.id, ...ages('o0'), isReverse }), { bytes: PAGE_BYTES_MAX });
  const forward = read(false);
  expect(forward.isCut).toBe(false);
  const told = forward.rows.map(row => JSON.parse(row.item));
  expect(told).toHaveLength(20);
  expect(told.map(({ age }) => Number(age.N))).toEqual([0, 2, 4, 6, 8].flatMap(age => [age, age, age, age]));
  expect(read(true).rows.map(row => row.item)).toEqual(forward.rows.map(row => row.item).reverse());
  expect(forward.size).toBe(forward.rows.reduce((sum, { size }) => sum + size, 0));
});

it.each([1, 3, 7])('goes on where a page of %i ended', limit => {
  const rig = halves();
  for (const isReverse of [false, true]) {
    const query = { index: BY_OWNER.id, ...ages('o1'), isReverse };
    const whole = readPage(cursors(rig, query), { bytes: PAGE_BYTES_MAX }).rows.map(row => row.item);
    const pages: string[] = [];
    for (let after: CursorQuery['after']; ; ) {
      const more = after === undefined ? {} : { after };
      const page = readPage(cursors(rig, { ...query, ...more, limit }), { limit, bytes: PAGE_BYTES_MAX });
      pages.push(...page.rows.map(row => row.item));
      if (!page.isCut) break;
      // As a client sends it back.
      after = rig.view.position(1, BY_OWNER.id, JSON.parse(page.rows.at(-1)!.item))!;
    }
    expect(pages).toEqual(whole);
  }
});

it('ends with the row that reaches the limit of bytes', () => {
  const rig = StoreRig.with();
  for (let sk = 0; sk < 10; sk++) rig.put(item('a', sk, { v: 'x'.repeat(200_000) }));
  const query = { partition: 1, ...ALL_HASHES, ...ages('a') };
  const page = readPage([rig.view.cursor(query)], { bytes: PAGE_BYTES_MAX });
  expect([page.rows.length, page.isCut]).toEqual([6, true]);
});

it('reads between range keys', () => {
  const rig = StoreRig.with();
  for (let sk = -5; sk < 15; sk++) rig.put(item('a', sk));
  const bound = (n: number, inclusive: boolean) => ({ bytes: keyBytes({ N: String(n) }), inclusive });
  const range = rangeOfCondition({ hash: { S: 'a' }, from: bound(-2, false), to: bound(10, true) });
  const { rows } = readPage([rig.view.cursor({ partition: 1, ...ALL_HASHES, ...range })], { bytes: PAGE_BYTES_MAX });
  expect(rows.map(row => Number(JSON.parse(row.item).sk.N))).toEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it('has what an index projects, and all of the item when asked', () => {
  const rig = StoreRig.with({ indexes: [LOCAL, KEYS_ONLY] });
  rig.put(item('a', 1, { owner: 'o', age: 5, v: 'x' }));
  const read = (more: Partial<CursorQuery>) => {
    const cursor = rig.view.cursor({ partition: 1, ...ALL_HASHES, ...rangeOfHashes(0, HASHES), ...more });
    const [row] = readPage([cursor], { bytes: 1 }).rows;
    return [JSON.parse(row!.item), row!.size];
  };
  expect(read({ index: LOCAL.id })).toEqual([item('a', 1, { owner: 'o', age: 5 }), 18]);
  expect(read({ index: KEYS_ONLY.id })[0]).toEqual(item('a', 1, { owner: 'o' }));
  expect(read({ index: LOCAL.id, isWhole: true })[0]).toEqual(item('a', 1, { owner: 'o', age: 5, v: 'x' }));
});

it('scans segments that together are everything', () => {
  const rig = halves();
  for (const index of [undefined, BY_OWNER.id]) {
    const which = index === undefined ? {} : { index };
    const read = (from: number, to: number) =>
      readPage(cursors(rig, { ...which, ...rangeOfHashes(from, to) }), { bytes: PAGE_BYTES_MAX }).rows.length;
    const bounds = [0, 0.3, 0.5, 0.9, 1].map(share => Math.floor(share * HASHES));
    const segments = bounds.slice(1).map((to, i) => read(bounds[i]!, to));
    expect(segments.reduce((sum, each) => sum + each, 0)).toBe(40);
  }
});

it('refuses to read what the partition has not', () => {
  const rig = halves();
  expect(() => rig.view.cursor({ partition: 1, ...ages('a'), ...ALL_HASHES })).toThrow(MovedError);
  expect(() => rig.view.cursor({ partition: 1, index: 9, ...ages('a'), from: 0, to: HALF })).toThrow(MovedError);
  expect(() => rig.view.get(9, key('a'))).toThrow(MovedError);
  expect(rig.view.position(1, BY_OWNER.id, key('a', 1))).toBeUndefined();
});

it('passes over many rows of others without end', () => {
  const rig = StoreRig.with();
  for (let i = 0; i < 600; i++) rig.put(item(`pk${i}`));
  const narrow = { ...rangeOfHashes(0, HASHES), from: HASHES - HASHES / 64, to: HASHES };
  const { rows, isCut } = readPage([rig.view.cursor({ partition: 1, ...narrow })], { bytes: PAGE_BYTES_MAX });
  expect(isCut).toBe(false);
  expect(rows.length).toBeLessThan(60);
  expect(rows.length).toBeGreaterThan(0);
});

it('tells versions that change with the item, and where there is none with any that goes', () => {
  const rig = StoreRig.with();
  const version = (pk: string) => rig.view.get(1, key(pk)).version;
  const seen = [version('a')];
  rig.put(item('a'));
  seen.push(version('a'));
  rig.put(item('a', 0, { v: 'x' }));
  seen.push(version('a'));
  rig.delete(key('a'));
  seen.push(version('a'));
  rig.put(item('a'));
  rig.delete(key('a'));
  seen.push(version('a'));
  expect(new Set(seen).size).toBe(seen.length);
});
