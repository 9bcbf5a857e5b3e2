/** Tokens lead back to where they were given out, and nowhere else. */
import { expect, test } from 'vitest';
import { placeOf, tokenFor } from './page-token.ts';

test.each(['', 'a', 'photos/2024/', 'größe/日本/🙂', '\u0001'.repeat(1024)])('a token of %j', place => {
  expect(placeOf('pictures', tokenFor('pictures', place))).toBe(place);
});

test.each(['', 'x', 'photos/', '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=', 'AAAAAA'])('%j is no token', token => {
  expect(placeOf('pictures', token)).toBeUndefined();
});

test('a token is of one bucket', () => expect(placeOf('letters', tokenFor('pictures', 'a'))).toBeUndefined());
