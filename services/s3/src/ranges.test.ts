/** What each Range header means for an object of a hundred bytes. */
import { describe, expect, it } from 'vitest';
import { contentRange, copiedRange, requestedRange } from './ranges.ts';

const outcome = (header: string | undefined, size = 100): unknown => {
  try {
    return requestedRange(header, size);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('requestedRange', () => {
  it.each([
    ['bytes=0-9', { from: 0, to: 10 }],
    ['bytes=90-', { from: 90, to: 100 }],
    ['bytes=90-1000000', { from: 90, to: 100 }],
    ['bytes=-10', { from: 90, to: 100 }],
    ['bytes=-1000', { from: 0, to: 100 }],
    ['Bytes = 5 - 5', { from: 5, to: 6 }],
    ['bytes=99-99999999999999999999999', { from: 99, to: 100 }],
    ['bytes=100-', 'InvalidRange'],
    ['bytes=-0', 'InvalidRange'],
    ['bytes=9-5', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=0-1', undefined],
    ['bytes=a-b', undefined],
    ['bytes=--1', undefined],
    [undefined, undefined],
  ])('reads %s', (header, expected) => expect(outcome(header)).toEqual(expected));

  it('finds nothing in an empty object', () => {
    expect(outcome('bytes=0-', 0)).toBe('InvalidRange');
    expect(outcome('bytes=-5', 0)).toBe('InvalidRange');
    expect(outcome('nonsense', 0)).toBeUndefined();
  });

  it('says what it was asked and what there is', () =>
    expect(() => requestedRange('bytes=200-300', 100)).toThrow(
      expect.objectContaining({ status: 416, fields: { RangeRequested: 'bytes=200-300', ActualObjectSize: 100 } }),
    ));
});

describe('copiedRange', () => {
  it('takes both ends', () => expect(copiedRange('bytes=10-19', 100)).toEqual({ from: 10, to: 20 }));
  it.each(['bytes=10-', 'bytes=-10', 'bytes=9-5', '10-19', 'bytes=0-1,2-3'])('refuses %s', header =>
    expect(() => copiedRange(header, 100)).toThrow(/must be of the form bytes=first-last/),
  );
  it('refuses what the source does not have', () =>
    expect(() => copiedRange('bytes=0-100', 100)).toThrow(
      'Range specified is not valid for source object of size: 100',
    ));
});

it('is shown as HTTP has it', () => expect(contentRange({ from: 0, to: 10 }, 100)).toBe('bytes 0-9/100'));
