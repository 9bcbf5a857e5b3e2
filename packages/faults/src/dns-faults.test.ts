/** Faults of a resolver: which questions they mean, and what becomes of them. */
import { expect, it } from 'vitest';
import { type DnsFault, DnsFaults, parseDnsSettings } from './dns-faults.ts';

type Given = readonly [fault: DnsFault, settings?: Record<string, unknown>];

function faults(...given: readonly Given[]): DnsFaults {
  const board = new DnsFaults();
  board.replace(
    given.map(([fault, settings = {}], i) => ({ id: `${i}`, fault, settings: parseDnsSettings(fault, settings) })),
  );
  return board;
}

it('means names and what is below them, or all', () => {
  const board = faults(['dns-servfail', { names: 'STS.example., other.test' }]);
  const meant = ['sts.example', 'a.sts.example', 'other.test'];
  for (const name of meant) expect(board.meet(name), name).toEqual({ delayMs: 0, instead: 'SERVFAIL' });
  for (const name of ['example', 'xsts.example', 'test']) expect(board.meet(name), name).toBe(undefined);
  expect(faults(['dns-nxdomain']).meet('any.name')).toEqual({ delayMs: 0, instead: 'NXDOMAIN' });
  expect(faults(['dns-timeout']).meet('any.name')).toEqual({ delayMs: 0, instead: 'silence' });
  expect(faults().meet('any.name')).toBe(undefined);
});

it('adds delays up, and the first that takes the answer away decides', () => {
  const delay: Given = ['dns-delay', { delayMs: 30 }];
  expect(faults(delay).meet('a')).toEqual({ delayMs: 30 });
  expect(faults(delay, ['dns-nxdomain'], delay, ['dns-servfail']).meet('a')).toEqual({
    ...{ delayMs: 60, instead: 'NXDOMAIN' },
  });
});

it('happens as often as it is to, and goes on where its chance was', () => {
  const settings = { probability: '0.25', seed: 5 };
  const board = faults(['dns-timeout', settings]);
  const other = faults(['dns-timeout', settings]);
  const seen = Array.from({ length: 2000 }, () => board.meet('a') !== undefined);
  expect(seen.filter(Boolean).length / 2000).toBeCloseTo(0.25, 1);
  const rule = { id: '0', fault: 'dns-timeout', settings: parseDnsSettings('dns-timeout', settings) } as const;
  expect(
    seen.map(() => {
      other.replace([rule]);
      return other.meet('a') !== undefined;
    }),
  ).toEqual(seen);
});

it('refuses what it does not understand', () => {
  expect(() => parseDnsSettings('dns-delay', {})).toThrow('delayMs must be a number from 0 to 60000');
  expect(() => parseDnsSettings('dns-servfail', { probability: 2 })).toThrow(
    'probability must be a number from 0 to 1',
  );
  for (const names of ['', 'a b', 'a..b', Array(33).fill('a')]) {
    expect(() => parseDnsSettings('dns-servfail', { names })).toThrow('names must be 1 to 32 domain names');
  }
});
