import { expect, it } from 'vitest';
import { explainLists, type ListTransaction } from './appended-lists.ts';

const NEVER = Number.POSITIVE_INFINITY;
let count = 0;

/** `x+1` appends 1 to x, `x:1,2` reads it. */
function transaction(text: string, from: number, until: number, outcome: ListTransaction['outcome'] = 'ok') {
  const words = text.split(' ');
  const appends = words.flatMap(word => /^(\w)\+(\w+)$/.exec(word) ?? []).filter((_, i) => i % 3 > 0);
  const reads = words.flatMap(word => {
    const [key = '', values] = word.split(':');
    return values === undefined ? [] : [{ key, values: values === '' ? [] : values.split(',') }];
  });
  return {
    ...{ name: `t${++count}`, from, until, outcome, reads },
    appends: appends.flatMap((key, i) => (i % 2 === 0 ? [{ key, value: appends[i + 1]! }] : [])),
  };
}

it('accepts what happened one after the other, and what may have', () => {
  const history = [
    transaction('x+1 y+1', 0, 1),
    transaction('x:1 y:1', 2, 3),
    transaction('x+2', 2, NEVER, 'unknown'),
    transaction('x+3', 4, 5, 'failed'),
    transaction('x:1,2 y:1', 6, 7),
    transaction('y+4', 6, NEVER, 'unknown'),
  ];
  expect(explainLists(history)).toEqual([]);
});

it.each([
  ['lost append', [transaction('x+1', 0, 1), transaction('x:', 2, 3)]],
  ['incompatible orders', [transaction('x:1,2', 0, 9), transaction('x:2', 0, 9)]],
  ['twice', [transaction('x+1', 0, 9), transaction('x:1,1', 0, 9)]],
  ['nobody appended', [transaction('x:1', 0, 9)]],
  ['was told that it failed', [transaction('x+1', 0, 1, 'failed'), transaction('x:1', 2, 3)]],
  [
    'G0',
    [
      transaction('x+1 y+1', 0, 9),
      transaction('x+2 y+2', 0, 9),
      transaction('x:1,2', 0, 9),
      transaction('y:2,1', 0, 9),
    ],
  ],
  ['G1c', [transaction('x+1 y:2', 0, 9), transaction('y+2 x:1', 0, 9)]],
  ['G-single', [transaction('x+1 y+1', 0, 9), transaction('x:1 y:', 0, 9), transaction('y:1', 0, 9)]],
  [
    'G2',
    [transaction('x: y+2', 0, 9), transaction('y: x+1', 0, 9), transaction('x:1', 0, 9), transaction('y:2', 0, 9)],
  ],
  [
    'G-single-realtime',
    [transaction('x+1 y+1', 0, 9), transaction('x:1', 1, 2), transaction('y:', 3, 4), transaction('y:1', 5, 6)],
  ],
])('finds: %s', (what, history) => {
  expect(explainLists(history).join()).toContain(what);
});
