import { describe, expect, it } from 'vitest';
import { dateOf } from './validity.ts';

const NOW = Date.UTC(2027, 0, 31, 12);
const at = (Type: 'DAYS' | 'MONTHS' | 'YEARS' | 'ABSOLUTE' | 'END_DATE', Value: number) =>
  new Date(dateOf({ Type, Value }, NOW, 'Validity')).toISOString();

describe('dates of a certificate', () => {
  it('are counted from now, and months end where they end', () => {
    expect(at('DAYS', 2)).toBe('2027-02-02T12:00:00.000Z');
    expect(at('MONTHS', 1)).toBe('2027-02-28T12:00:00.000Z');
    expect(at('MONTHS', 13)).toBe('2028-02-29T12:00:00.000Z');
    expect(at('YEARS', 3)).toBe('2030-01-31T12:00:00.000Z');
  });

  it('or are given as they are', () => {
    expect(at('ABSOLUTE', 1_800_000_000)).toBe('2027-01-15T08:00:00.000Z');
    expect(at('END_DATE', 20_300_102_030_405)).toBe('2030-01-02T03:04:05.000Z');
    expect(at('END_DATE', 300_102_030_405)).toBe('2030-01-02T03:04:05.000Z');
    expect(at('END_DATE', 10_102_030_405)).toBe('2001-01-02T03:04:05.000Z');
    expect(at('END_DATE', 990_102_030_405)).toBe('1999-01-02T03:04:05.000Z');
  });

  it.each([20_300_230_000_000, 20_300_101_240_000, 20_300_101_006_000, 1, 20_301_301_000_000, 123_456_789_012_345])(
    'and %i is none',
    value => expect(() => at('END_DATE', value)).toThrow('is not a date'),
  );
});
