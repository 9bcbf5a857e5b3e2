import { describe, expect, it } from 'vitest';
import { pageOf } from './paging.ts';
import { BUCKET, IndexRig } from './testing/index-rig.ts';
import type { ListPage } from './view.ts';

function rigWith(...keys: readonly string[]): IndexRig {
  const rig = new IndexRig();
  rig.createBucket();
  for (const key of keys) rig.put(key);
  return rig;
}

const list = (rig: IndexRig, page: Partial<ListPage>) => {
  const { items, prefixes, next } = rig.view.list(BUCKET, { limit: 1000, ...page });
  return { keys: items.map(({ key }) => key), prefixes, next };
};

describe('a list of keys', () => {
  const rig = rigWith('a', 'a/1', 'a/2', 'a/b/3', 'b', 'b/1', 'c');

  it.each<[string, Partial<ListPage>, readonly string[], readonly string[], string | undefined]>([
    ['everything', {}, ['a', 'a/1', 'a/2', 'a/b/3', 'b', 'b/1', 'c'], [], undefined],
    ['what begins like a prefix', { prefix: 'a/' }, ['a/1', 'a/2', 'a/b/3'], [], undefined],
    ['common prefixes once', { delimiter: '/' }, ['a', 'b', 'c'], ['a/', 'b/'], undefined],
    ['delimiters behind the prefix alone', { delimiter: '/', prefix: 'a/' }, ['a/1', 'a/2'], ['a/b/'], undefined],
    ['longer delimiters', { delimiter: '/b/' }, ['a', 'a/1', 'a/2', 'b', 'b/1', 'c'], ['a/b/'], undefined],
    ['what comes after a key', { after: 'a/2' }, ['a/b/3', 'b', 'b/1', 'c'], [], undefined],
    ['what comes after a key that is not there', { after: 'a/11' }, ['a/2', 'a/b/3', 'b', 'b/1', 'c'], [], undefined],
    ['what comes after a common prefix', { delimiter: '/', after: 'a/' }, ['b', 'c'], ['b/'], undefined],
    ['a common prefix that it begins within', { delimiter: '/', after: 'a/1' }, ['b', 'c'], ['a/', 'b/'], undefined],
    ['from its prefix on', { prefix: 'b', after: 'a' }, ['b', 'b/1'], [], undefined],
    ['nothing behind its prefix', { prefix: 'a', after: 'b' }, [], [], undefined],
    ['as much as it may', { limit: 2 }, ['a', 'a/1'], [], 'a/1'],
    ['common prefixes as part of that', { delimiter: '/', limit: 2 }, ['a'], ['a/'], 'a/'],
    ['no next page when all was told', { prefix: 'b', limit: 2 }, ['b', 'b/1'], [], undefined],
    ['nothing when it may tell nothing', { limit: 0 }, [], [], undefined],
    ['an empty delimiter as none', { delimiter: '', prefix: 'c' }, ['c'], [], undefined],
  ])('tells %s', (_, page, keys, prefixes, next) => expect(list(rig, page)).toEqual({ keys, prefixes, next }));

  it('of a bucket that is not there is empty', () =>
    expect(rig.view.list('other', { limit: 10 })).toEqual({ items: [], prefixes: [] }));

  it('leaves deleted keys out, and goes on behind a common prefix that is gone', () => {
    const shrinking = rigWith('a', 'a/1', 'b', 'c/1', 'd');
    const first = list(shrinking, { delimiter: '/', limit: 2 });
    expect(first).toEqual({ keys: ['a'], prefixes: ['a/'], next: 'a/' });
    shrinking.delete('a/1');
    shrinking.delete('b');
    expect(list(shrinking, { delimiter: '/', after: 'a/' })).toEqual({
      keys: ['d'],
      prefixes: ['c/'],
      next: undefined,
    });
  });

  it('holds keys of any characters, in the order of UTF-8', () => {
    const keys = ['\0', '\0\0', '..', '/', '//', 'é', '\ud7ff', '\ue000', '\uffff', '\u{1f600}', '\u{10ffff}'];
    const odd = rigWith(...[...keys].reverse(), 'x'.repeat(1024));
    expect(list(odd, {}).keys).toEqual([...keys.slice(0, 5), 'x'.repeat(1024), ...keys.slice(5)]);
    expect(list(odd, { delimiter: '\u{10ffff}', after: '\u{1f600}' }).prefixes).toEqual(['\u{10ffff}']);
    for (const key of keys) expect(odd.object(key).key).toBe(key);
  });
});

it('draws as many rows as a page tells, however many lie beneath its common prefixes', () => {
  const keys = Array.from({ length: 50 }, (_, folder) =>
    Array.from({ length: 100 }, (_, key) => `${String.fromCharCode(0x100 + folder)}/${String(key).padStart(3, '0')}`),
  ).flat();
  let drawn = 0;
  const from = function* (start: string) {
    for (const key of keys.slice(keys.findIndex(each => each >= start) >>> 0)) {
      drawn++;
      yield { key };
    }
  };
  const page = pageOf({ delimiter: '/', limit: 20 }, { from });
  expect(page.prefixes.length).toBe(20);
  expect(drawn).toBe(21);
});

describe('a list of versions', () => {
  const rig = rigWith('a', 'b');
  rig.version('Enabled');
  const ids = [0, 1, 2].map(() => rig.put('a').versionId);
  const all = ['b', ...ids, 'null'];

  const versions = (after: Parameters<typeof rig.view.listVersions>[1]['after'], limit = 10) => {
    const page = rig.view.listVersions(BUCKET, { limit, ...(after === undefined ? {} : { after }) });
    return { ids: page.items.map(each => (each.key === 'a' ? each.versionId : each.key)), next: page.next };
  };

  it('has the newest first, and says which is the latest', () => {
    expect(versions(undefined).ids).toEqual([ids[2], ids[1], ids[0], 'null', 'b']);
    expect(rig.view.listVersions(BUCKET, { limit: 10 }).items.map(each => each.isLatest)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(all.length).toBe(5);
  });

  it('goes on after a version, or after all versions of a key', () => {
    expect(versions({ key: 'a' }).ids).toEqual(['b']);
    expect(versions({ key: 'a', versionId: ids[1]! }).ids).toEqual([ids[0], 'null', 'b']);
    expect(versions({ key: 'a', versionId: 'null' }).ids).toEqual(['b']);
  });

  it('goes on after a version that was deleted meanwhile, where it tells its place; else it begins with the key', () => {
    const deleting = rigWith();
    deleting.version('Enabled');
    for (let version = 0; version < 4; version++) deleting.put('a');
    const first = deleting.view.listVersions(BUCKET, { limit: 2 });
    for (const { versionId } of first.items) deleting.delete('a', { versionId });
    const left = deleting.view.listVersions(BUCKET, { limit: 10 }).items;
    expect(left.length).toBe(2);
    expect(deleting.view.listVersions(BUCKET, { limit: 10, after: first.next! }).items).toEqual(left);
    const { key, versionId } = first.next!;
    const unknown = deleting.view.listVersions(BUCKET, { limit: 10, after: { key, versionId: versionId! } });
    expect(unknown.items).toEqual(left);
  });
});

it('lists uploads by key and id, with common prefixes', () => {
  const rig = rigWith();
  for (const [key, id] of [
    ['b', '1'],
    ['a/1', '9'],
    ['b', '0'],
    ['c', '5'],
  ] as const)
    rig.createUpload(key, id);
  const uploads = (page: Omit<Parameters<typeof rig.view.uploads>[1], 'limit'>, limit = 10) => {
    const { items, prefixes, next } = rig.view.uploads(BUCKET, { limit, ...page });
    return [items.map(({ key, id }) => `${key} ${id}`), prefixes, next];
  };
  expect(uploads({})).toEqual([['a/1 9', 'b 0', 'b 1', 'c 5'], [], undefined]);
  expect(uploads({ delimiter: '/' }, 2)).toEqual([['b 0'], ['a/'], { key: 'b', uploadId: '0' }]);
  expect(uploads({ after: { key: 'b', uploadId: '0' } })).toEqual([['b 1', 'c 5'], [], undefined]);
  expect(uploads({ after: { key: 'b' } })).toEqual([['c 5'], [], undefined]);
});

describe('lists that are longer than what is read at once', () => {
  const rig = rigWith();
  rig.version('Enabled');
  const keys = Array.from({ length: 45 }, (_, index) => `${String(index).padStart(2, '0')}/key`);
  for (const key of keys) for (let version = 0; version < (key === '07/key' ? 1_100 : 3); version++) rig.put(key);
  const wanted = keys.flatMap(key => (key === '07/key' ? Array<string>(1_100).fill(key) : [key, key, key]));

  it.each([7, 30, 31, 32, 1_000, 5_000])('in pages of %d miss nothing and tell nothing twice', limit => {
    const seen: { key: string; seq: number }[] = [];
    let after: ReturnType<typeof rig.view.listVersions>['next'];
    do {
      const page = rig.view.listVersions(BUCKET, { limit, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    expect(seen.map(({ key }) => key)).toEqual(wanted);
    expect(new Set(seen.map(({ seq }) => seq)).size).toBe(wanted.length);
    expect(rig.view.list(BUCKET, { limit: limit + 40 }).items.map(({ key }) => key)).toEqual(keys.slice(0, limit + 40));
  });

  it('with a delimiter that few keys have, tell all others as well', () => {
    const page = rig.view.list(BUCKET, { limit: 1_000, delimiter: '4/k' });
    expect(page.prefixes).toEqual(['04/k', '14/k', '24/k', '34/k', '44/k']);
    expect(page.items).toHaveLength(40);
    expect(rig.view.listVersions(BUCKET, { limit: 5_000, delimiter: '4/k' }).items).toHaveLength(wanted.length - 15);
  });
});
