import { expect, it } from 'vitest';
import { explainRegister, type RegisterOperation } from './linearizability.ts';

const write = (value: string, from: number, until: number): RegisterOperation => ({
  kind: 'write',
  value,
  from,
  until,
});
const read = (value: string, from: number, until: number): RegisterOperation => ({ kind: 'read', value, from, until });
const never = Number.POSITIVE_INFINITY;

it('accepts what can be put in order', () => {
  expect(explainRegister([write('a', 0, 10), read('', 1, 2), read('a', 3, 4)], '')).toBeUndefined();
  expect(explainRegister([write('a', 0, 5), write('b', 1, 6), read('a', 7, 8)], '')).toBeUndefined();
});

it('rejects a stale read', () => {
  expect(explainRegister([write('a', 0, 1), write('b', 2, 3), read('a', 4, 5)], '')).toMatch(/no order/);
});

it('rejects a value that goes back', () => {
  expect(explainRegister([write('a', 0, 9), read('a', 1, 2), read('', 3, 4)], '')).toMatch(/no order/);
});

it('rejects a lost write', () => {
  expect(explainRegister([write('a', 0, 1), read('', 2, 3)], '')).toMatch(/no order/);
});

it('lets a write of unknown outcome happen late, or never', () => {
  expect(explainRegister([write('a', 0, never), read('', 2, 3), read('a', 4, 5)], '')).toBeUndefined();
  expect(explainRegister([write('a', 0, never), read('', 2, 3)], '')).toBeUndefined();
  expect(explainRegister([write('a', 0, never), read('a', 2, 3), read('', 4, 5)], '')).toMatch(/no order/);
});

const swap = (expected: string, value: string, from: number, until: number): RegisterOperation => ({
  ...{ kind: 'swap', expected, value, from, until },
});
const differs = (value: string, from: number, until: number): RegisterOperation => ({
  ...{ kind: 'differs', value, from, until },
});

it('lets swaps happen to what they expect, and only once', () => {
  expect(explainRegister([swap('', 'a', 0, 1), swap('a', 'b', 2, 3), read('b', 4, 5)], '')).toBeUndefined();
  expect(explainRegister([write('a', 0, 1), swap('a', 'b', 2, 9), swap('a', 'c', 2, 9)], '')).toMatch(/no order/);
  expect(explainRegister([swap('', 'a', 0, never), differs('', 2, 3), read('a', 4, 5)], '')).toBeUndefined();
});

it('rejects a swap that was refused for no reason', () => {
  expect(explainRegister([write('a', 0, 1), differs('a', 2, 3), read('a', 4, 5)], '')).toMatch(/no order/);
  expect(explainRegister([write('a', 0, 1), write('b', 1, 9), differs('a', 2, 3)], '')).toBeUndefined();
});
