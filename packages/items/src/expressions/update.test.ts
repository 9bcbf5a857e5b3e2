import { describe, expect, it } from 'vitest';
import type { Item } from '../values/attribute-value.ts';
import { compileUpdate } from './update.ts';

const KEY: Item = { id: { S: 'k' } };
const values = {
  ':s': { S: 'new' },
  ':n': { N: '5' },
  ':l': { L: [{ S: 'z' }] },
  ':ss': { SS: ['b', 'c'] },
  ':empty': { L: [] },
};
const apply = (text: string, item?: Item) => compileUpdate({ text, values }).apply(item, KEY);

describe('an update', () => {
  it('begins with the key where there is no item', () => {
    expect(apply('SET a = :s ADD n :n, t :ss DELETE x :ss REMOVE y')).toEqual({
      ...KEY,
      a: { S: 'new' },
      n: { N: '5' },
      t: { SS: ['b', 'c'] },
    });
    expect(apply('SET a = id')).toEqual({ ...KEY, a: { S: 'k' } });
  });

  it('sees the item as it was', () => {
    const item: Item = { a: { N: '1' }, b: { N: '2' } };
    expect(apply('SET a = b, b = a', item)).toEqual({ a: { N: '2' }, b: { N: '1' } });
    expect(apply('SET c = a + :n REMOVE a', item)).toEqual({ b: { N: '2' }, c: { N: '6' } });
    expect(item).toEqual({ a: { N: '1' }, b: { N: '2' } });
  });

  it('counts places of lists as they were', () => {
    const item: Item = { l: { L: [{ S: '0' }, { S: '1' }, { S: '2' }] } };
    expect(apply('REMOVE l[0] SET l[1] = :s', item)).toEqual({ l: { L: [{ S: 'new' }, { S: '2' }] } });
    expect(apply('REMOVE l[0], l[2], l[9]', item)).toEqual({ l: { L: [{ S: '1' }] } });
    expect(apply('SET l[9] = :n, l[5] = :s', item)).toEqual({
      l: { L: [{ S: '0' }, { S: '1' }, { S: '2' }, { S: 'new' }, { N: '5' }] },
    });
    expect(apply('SET l = list_append(:l, list_append(l, :l))', { l: { L: [] } })).toEqual({
      l: { L: [{ S: 'z' }, { S: 'z' }] },
    });
  });

  it('takes the last member of a set and the set with it', () => {
    expect(apply('DELETE t :ss', { t: { SS: ['a', 'b', 'c'] } })).toEqual({ t: { SS: ['a'] } });
    expect(apply('DELETE t :ss', { t: { SS: ['c'] } })).toEqual({});
    expect(apply('ADD t :ss', { t: { SS: ['c', 'a'] } })).toEqual({ t: { SS: ['c', 'a', 'b'] } });
  });

  it('sets what is not there if it is not there', () => {
    expect(apply('SET n = if_not_exists(n, :n) + :n', KEY)).toEqual({ ...KEY, n: { N: '10' } });
    expect(apply('SET n = if_not_exists(n, :n) - :n', { n: { N: '7' } })).toEqual({ n: { N: '2' } });
  });

  it('tells what it touches', () => {
    const update = compileUpdate({ text: 'SET m.a = :s, x = :n REMOVE y', values });
    const item: Item = { id: { S: 'k' }, m: { M: { a: { S: 'old' }, b: { S: 'b' } } }, y: { S: 'y' } };
    expect(update.attributes).toEqual(new Set(['m', 'x', 'y']));
    expect(update.touched(item)).toEqual({ m: { M: { a: { S: 'old' } } }, y: { S: 'y' } });
    expect(update.touched(update.apply(item, KEY))).toEqual({ m: { M: { a: { S: 'new' } } }, x: { N: '5' } });
    expect(update.touched(undefined)).toEqual({});
  });

  it('has attributes of any name', () => {
    const names = { '#p': '__proto__', '#t': 'toString' };
    const update = compileUpdate({ text: 'SET #p = :s, #t = if_not_exists(#t, :n)', names, values });
    expect(JSON.stringify(update.apply({}, {}))).toBe('{"__proto__":{"S":"new"},"toString":{"N":"5"}}');
  });
});
