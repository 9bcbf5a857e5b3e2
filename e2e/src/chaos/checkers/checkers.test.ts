/** Checkers must find what is wrong: histories with one defect each, and the same ones without it. */
import { describe, expect, it } from 'vitest';
import type { Entry, Operation } from '../history.ts';
import { callsSucceed } from './calls.ts';
import { type Checker, overall, type Verdict } from './checker.ts';
import { goodputRecovers } from './goodput.ts';
import { CHECKERS, checkersOf } from './index.ts';
import { itemListsAreSerializable, type ListWork } from './item-lists.ts';
import { moneyIsKept } from './money.ts';
import { objectsAreKept } from './objects.ts';
import { MISSING, readsAreFresh } from './reads.ts';
import { registersAreLinearizable } from './registers.ts';
import { sessionsHold } from './sessions.ts';
import { usersAreKept } from './users.ts';

const operation = (
  action: string,
  key: string,
  [from, until]: readonly [number, number],
  more: Partial<Operation> = {},
): Operation => ({ type: 'operation', process: 'p', action, key, from, until, outcome: 'ok', ...more });

const write = (value: string, at: readonly [number, number], more: Partial<Operation> = {}) =>
  operation('write', 'r', at, { value, ...more });
const read = (value: string, at: readonly [number, number], more: Partial<Operation> = {}) =>
  operation('read', 'r', at, { value, ...more });
const create = (key: string, value: string, more: Partial<Operation> = {}) =>
  operation('create', key, [0, 10], { value, ...more });
const final = (users: Readonly<Record<string, string>>, zone = 'use1-az1'): Entry => ({ type: 'final', zone, users });
const fault = (phase: 'begin' | 'end', at: number): Entry => ({
  ...{ type: 'fault', phase, id: 0, fault: 'freeze', what: 'use1-az1 freezes', at },
});

const UNKNOWN = { outcome: 'unknown', error: 'ServiceUnavailable' } as const;
const verdict = (check: Checker, entries: readonly Entry[], mayFail: boolean | readonly string[] = false): Verdict =>
  check(entries, { mayFail }).verdict;

describe('registers', () => {
  it.each<[string, Verdict, readonly Entry[]]>([
    ['a read of what was written', 'valid', [write('a', [0, 1]), read('a', [2, 3])]],
    ['a lost write', 'invalid', [write('a', [0, 1]), write('b', [2, 3]), read('a', [4, 5])]],
    ['a read of what nobody wrote', 'invalid', [write('a', [0, 1]), read('x', [2, 3])]],
    [
      'two readers who saw another order',
      'invalid',
      [...[write('a', [0, 10]), write('b', [0, 10]), read('a', [11, 12]), read('b', [13, 14])]],
    ],
    ['writes at the same time', 'valid', [write('a', [0, 9]), write('b', [0, 9]), read('a', [10, 11])]],
    ['a write without an answer that is seen', 'valid', [write('a', [0, 1], UNKNOWN), read('a', [5, 6])]],
    ['a write without an answer that is not', 'valid', [write('a', [0, 1], UNKNOWN), read('', [5, 6])]],
    [
      'a write without an answer that comes and goes',
      'invalid',
      [...[write('a', [0, 1], UNKNOWN), read('a', [5, 6]), read('', [7, 8])]],
    ],
    ['a refused write that is seen', 'invalid', [write('a', [0, 1], { outcome: 'fail' }), read('a', [5, 6])]],
    [
      'a stale read that says that it is one',
      'valid',
      [...[write('a', [0, 1]), write('b', [2, 3]), read('a', [4, 5], { isLocal: true })]],
    ],
    ['nothing', 'unknown', []],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(registersAreLinearizable, entries)).toBe(expected);
  });

  it('gives up on a history that is too long, and says so', () => {
    const entries = Array.from({ length: 4001 }, (_, n) => write(String(n), [2 * n, 2 * n + 1]));
    expect(registersAreLinearizable(entries, { mayFail: false })).toMatchObject({
      ...{ verdict: 'unknown', problems: ['r: 4001 operations are more than can be searched'] },
    });
  });
});

describe('users', () => {
  it.each<[string, Verdict, readonly Entry[]]>([
    ['kept', 'valid', [create('ada', '1'), final({ ada: '1' })]],
    ['lost in one zone', 'invalid', [create('ada', '1'), final({ ada: '1' }), final({}, 'use1-az2')]],
    ['created twice: another one is there', 'invalid', [create('ada', '1'), final({ ada: '2' })]],
    [
      'created twice: a retry was refused',
      'invalid',
      [
        ...[create('ada', '1'), final({ ada: '1', bob: '2' })],
        create('bob', '', { outcome: 'fail', error: 'EntityAlreadyExistsException: bob' }),
      ],
    ],
    ['out of nowhere', 'invalid', [create('ada', '1'), final({ ada: '1', eve: '2' })]],
    [
      'refused, and there',
      'invalid',
      [...[create('ada', '1'), create('bob', '', { outcome: 'fail' }), final({ ada: '1', bob: '2' })]],
    ],
    ['in doubt, and there', 'valid', [create('ada', '1'), create('bob', '', UNKNOWN), final({ ada: '1', bob: '2' })]],
    ['in doubt, and not there', 'valid', [create('ada', '1'), create('bob', '', UNKNOWN), final({ ada: '1' })]],
    ['never looked at', 'unknown', [create('ada', '1')]],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(usersAreKept, entries)).toBe(expected);
  });
});

describe('reads', () => {
  const missing = (at: readonly [number, number], more: Partial<Operation> = {}) =>
    operation('find', 'ada', at, { value: MISSING, ...more });

  it.each<[string, Verdict, readonly Entry[]]>([
    ['found', 'valid', [create('ada', '1'), operation('find', 'ada', [11, 12], { value: '1' })]],
    ['not found after it was acknowledged', 'invalid', [create('ada', '1'), missing([11, 12])]],
    ['not found while it was created', 'valid', [create('ada', '1'), missing([5, 12])]],
    ['not found in a copy that says so', 'valid', [create('ada', '1'), missing([11, 12], { isLocal: true })]],
    ['none', 'unknown', [create('ada', '1')]],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(readsAreFresh, entries)).toBe(expected);
  });
});

describe('sessions', () => {
  const identify = (more: Partial<Operation>) => operation('identify', 'arn:s', [0, 1], more);
  it.each<[string, Verdict, readonly Entry[]]>([
    ['known', 'valid', [identify({ value: 'arn:s' })]],
    ['taken for another', 'invalid', [identify({ value: 'arn:t' })]],
    [
      'refused',
      'invalid',
      [identify({ value: 'arn:s' }), identify({ outcome: 'fail', error: 'InvalidClientTokenId' })],
    ],
    ['never used', 'unknown', []],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(sessionsHold, entries)).toBe(expected);
  });
});

describe('calls', () => {
  const failed = (from: number) => operation('write', 'r', [from, from + 1], UNKNOWN);
  const faults: readonly Entry[] = [fault('begin', 100), fault('end', 200), { type: 'recovered', at: 300 }];
  it.each<[string, Verdict, boolean | readonly string[], readonly Entry[]]>([
    ['all well', 'valid', false, [write('a', [0, 1])]],
    ['one failed', 'invalid', false, [failed(150), ...faults]],
    ['one failed that may, in the fault', 'valid', true, [failed(150), ...faults]],
    ['one failed of those that may', 'valid', ['p write'], [failed(150), ...faults]],
    ['one failed of those that may not', 'invalid', ['p read', 'q write'], [failed(150), ...faults]],
    ['one failed that may, before the fault', 'invalid', true, [failed(50), ...faults]],
    ['one failed that may, after everything came back', 'invalid', true, [failed(301), ...faults]],
  ])('%s: %s', (_what, expected, mayFail, entries) => {
    expect(verdict(callsSucceed, entries, mayFail)).toBe(expected);
  });
});

describe('goodput', () => {
  /** So many operations a second, from second 0 on. */
  const rates = (...counts: readonly number[]): Entry[] =>
    counts.flatMap((count, n) => Array.from({ length: count }, () => write('x', [n * 1000, n * 1000 + 500])));
  const faults: readonly Entry[] = [fault('begin', 3000), fault('end', 6000), { type: 'recovered', at: 6500 }];

  it('tells how long a fault was felt', () => {
    const found = goodputRecovers([...rates(1, 10, 10, 0, 2, 9, 10, 10), ...faults], { mayFail: false });
    expect(found).toMatchObject({
      ...{
        verdict: 'valid',
        figures: { usualPerSecond: 10, okShare: 1, longestSilenceMs: 2000, slowAfterFaultMs: 2000 },
      },
    });
  });

  it('finds that nothing comes back', () => {
    const after = [7000, 8000].map(at => operation('write', 'r', [at, at + 500], UNKNOWN));
    expect(verdict(goodputRecovers, [...rates(1, 10, 10, 5), ...faults, ...after])).toBe('invalid');
  });

  it('says nothing where nothing was usual', () => {
    expect(verdict(goodputRecovers, [...rates(0, 0, 0, 1, 1, 1, 1, 1), ...faults])).toBe('unknown');
  });
});

it('one bad finding spoils the whole, a doubtful one makes it doubtful', () => {
  const findings = (...verdicts: readonly Verdict[]) =>
    verdicts.map(each => ({ checker: 'c', verdict: each, problems: [], figures: {} }));
  expect(overall(findings('valid', 'valid'))).toBe('valid');
  expect(overall(findings('valid', 'unknown'))).toBe('unknown');
  expect(overall(findings('unknown', 'invalid'))).toBe('invalid');
  expect(overall([])).toBe('unknown');
  expect(CHECKERS.map(check => verdict(check, []))).not.toContain('valid');
});

describe('objects', () => {
  const one = (action: string, key: string, value?: string, more: object = {}): Entry => ({
    ...{ type: 'operation', process: 'objects-0', action, key, from: 0, until: 1, outcome: 'ok' },
    ...(value === undefined ? {} : { value }),
    ...more,
  });
  const end = (objects: Readonly<Record<string, string>>): Entry => ({
    ...{ type: 'final-objects', zone: 'use1-az1', objects },
  });
  const verdictOf = (...entries: readonly Entry[]) => objectsAreKept(entries, { mayFail: false });
  const put = one('put', 'objects-0/1', 'hash');

  it.each<[string, readonly Entry[], RegExp]>([
    ['is lost', [put, end({})], /use1-az1 gave objects-0\/1 as missing/],
    ['is damaged', [put, end({ 'objects-0/1': 'other' })], /as other, expected hash/],
    ['is read stale', [put, one('get', 'objects-0/1', 'missing')], /a read gave objects-0\/1 as missing/],
    ['is not listed', [put, one('list', 'objects-0/', '2 3')], /a list lacks objects-0\/1/],
    ['is still listed', [put, one('delete', 'objects-0/1'), one('list', 'objects-0/', '1')], /still has objects-0\/1/],
    ['comes back', [put, one('delete', 'objects-0/1'), end({ 'objects-0/1': 'hash' })], /expected missing/],
    ['was never put', [put, end({ 'objects-0/1': 'hash', 'objects-0/2': 'hash' })], /objects-0\/2, which nobody put/],
  ])('finds one that %s', (_what, entries, story) => {
    const found = verdictOf(...entries);
    expect(found.verdict).toBe('invalid');
    expect(found.problems[0]).toMatch(story);
  });

  it('holds nothing against what it was not told for certain', () => {
    const doubtful = one('put', 'objects-0/2', 'hash', { outcome: 'unknown' });
    const local = one('get', 'objects-0/1', 'missing', { isLocal: true });
    const entries = [put, doubtful, local, one('list', 'objects-0/', '1'), end({ 'objects-0/1': 'hash' })];
    expect(verdictOf(...entries)).toMatchObject({ verdict: 'valid', figures: { kept: 1, reads: 2, zones: 1 } });
  });
});

describe('swaps of registers', () => {
  const swap = (expected: string, value: string, at: readonly [number, number], more: Partial<Operation> = {}) =>
    operation('swap', 'r', at, { expected, value, ...more });
  const MISSED = { refusal: 'condition' } as const;

  it.each<[string, Verdict, readonly Entry[]]>([
    ['one after the other', 'valid', [swap('', 'a', [0, 1]), swap('a', 'b', [2, 3]), read('b', [4, 5])]],
    ['two of the same value', 'invalid', [swap('', 'a', [0, 1]), swap('a', 'b', [2, 9]), swap('a', 'c', [2, 9])]],
    ['refused when the value was there', 'invalid', [swap('', 'a', [0, 1]), swap('a', 'b', [2, 3], MISSED)]],
    ['refused when it was not', 'valid', [swap('', 'a', [0, 1]), swap('x', 'b', [2, 3], MISSED), read('a', [4, 5])]],
    ['refused by a conflict, and done', 'invalid', [swap('', 'a', [0, 1], { refusal: 'conflict' }), read('a', [2, 3])]],
    ['unknown, and why another was refused', 'valid', [swap('', 'a', [0, 1], UNKNOWN), swap('', 'b', [2, 3], MISSED)]],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(registersAreLinearizable, entries)).toBe(expected);
  });
});

describe('lists in items', () => {
  const transact = (work: Partial<ListWork>, at: readonly [number, number], more: Partial<Operation> = {}) =>
    operation('transact', 'x y', at, { value: JSON.stringify(work), ...more });
  const append = (value: string, ...keys: string[]) => ({
    appends: keys.map(key => ({ key, value: `${key}${value}` })),
  });
  const found = (x: string[], y: string[]) => ({
    reads: [
      { key: 'x', values: x },
      { key: 'y', values: y },
    ],
  });
  const findOne = (values: string[], at: readonly [number, number]) =>
    operation('find-list', 'x', at, { value: JSON.stringify({ reads: [{ key: 'x', values }] }) });

  it.each<[string, Verdict, readonly Entry[]]>([
    ['as appended', 'valid', [transact(append('1', 'x', 'y'), [0, 1]), transact(found(['x1'], ['y1']), [2, 3])]],
    ['half of it', 'invalid', [transact(append('1', 'x', 'y'), [0, 1]), transact(found(['x1'], []), [2, 3])]],
    [
      'half of one that is under way',
      'invalid',
      [
        transact(append('1', 'x', 'y'), [0, 9]),
        transact(found(['x1'], []), [0, 9]),
        transact(found(['x1'], ['y1']), [10, 11]),
      ],
    ],
    [
      'what was refused',
      'invalid',
      [transact(append('1', 'x'), [0, 1], { refusal: 'conflict' }), transact(found(['x1'], []), [2, 3])],
    ],
    [
      'what nobody knows of',
      'valid',
      [transact(append('1', 'x'), [0, 1], UNKNOWN), transact(found(['x1'], []), [2, 3])],
    ],
    ['one by one, while it is under way', 'valid', [transact(append('1', 'x', 'y'), [0, 9]), findOne(['x1'], [2, 3])]],
    ['one, late', 'invalid', [transact(append('1', 'x', 'y'), [0, 1]), findOne([], [2, 3])]],
    ['nothing', 'unknown', []],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(itemListsAreSerializable, entries)).toBe(expected);
  });
});

describe('money', () => {
  const total = (value: string, more: Partial<Operation> = {}) => operation('total', '100', [0, 1], { value, ...more });
  it.each<[string, Verdict, readonly Entry[]]>([
    ['all there', 'valid', [total('50 50'), total('100 0')]],
    ['less', 'invalid', [total('50 49')]],
    ['a debt', 'invalid', [total('-10 110')]],
    ['an answer that lacks an account', 'invalid', [total('')]],
    ['refused', 'unknown', [total('', { refusal: 'conflict' })]],
  ])('%s: %s', (_what, expected, entries) => {
    expect(verdict(moneyIsKept, entries)).toBe(expected);
  });
});

it('a run has the checkers of its workloads, and those of all', () => {
  expect(checkersOf([{ checkers: [moneyIsKept] }])).toEqual([moneyIsKept, callsSucceed, goodputRecovers]);
});
