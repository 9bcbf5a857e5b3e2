import { describe, expect, it } from 'vitest';
import { after, afterPrefix, later } from './key-order.ts';
import { byUtf8 } from './testing/naive-list.ts';

describe('the least key behind a prefix', () => {
  it.each([
    ['a', 'b'],
    ['a/', 'a0'],
    ['a\x7f', 'a\x80'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['a\u{10ffff}', 'b'],
    ['a\u{10ffff}\u{10ffff}', 'b'],
    ['z\u{1f600}', 'z\u{1f601}'],
  ])('of %j is %j', (prefix, next) => {
    expect(afterPrefix(prefix)).toBe(next);
    for (const key of [prefix, `${prefix}\0`, `${prefix}z`, `${prefix}\u{10ffff}\u{10ffff}`])
      expect(byUtf8(key, next), key).toBeLessThan(0);
  });

  it.each(['', '\u{10ffff}', '\u{10ffff}\u{10ffff}'])('of %j is none', prefix =>
    expect(afterPrefix(prefix)).toBeUndefined(),
  );
});

it('puts nothing between a key and the one after it', () => {
  expect(after('a')).toBe('a\0');
  expect(byUtf8('a', after('a'))).toBeLessThan(0);
});

it('compares as UTF-8 does, which UTF-16 does not', () => {
  expect('\u{1f600}' < '\uffff').toBe(true);
  expect(later('\u{1f600}', '\uffff')).toBe('\u{1f600}');
  expect(later('a', 'b')).toBe('b');
});
