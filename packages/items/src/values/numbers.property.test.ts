import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../invalid-input.ts';
import { keyBytes } from '../keys/key-bytes.ts';
import { number as sample } from '../testing/arbitrary-expressions.ts';
import { numberOf, unitsOf } from '../testing/plain-values.ts';
import { compareText, compareValues } from './compare-values.ts';
import { addNumbers, canonicalNumber, compareNumbers, subtractNumbers } from './decimal.ts';

/** Any number that can be kept, written in any way. */
const written = fc
  .record({
    sign: fc.constantFrom('', '-', '+'),
    zeros: fc.constantFrom('', '0', '000'),
    digits: fc.stringMatching(/^[0-9]{1,38}$/),
    point: fc.nat(38),
    exponent: fc.integer({ min: -130, max: 125 }),
    end: fc.constantFrom('', '00'),
  })
  .map(({ sign, zeros, digits, point, exponent, end }) => {
    const at = point % (digits.length + 1);
    const fraction = `${digits.slice(at)}${end}`;
    return `${sign}${zeros}${digits.slice(0, at)}${fraction === '' ? '' : `.${fraction}`}e${exponent}`;
  })
  .filter(text => {
    try {
      canonicalNumber(text);
      return true;
    } catch {
      return false;
    }
  });

const canonical = fc.oneof(written.map(canonicalNumber), sample);

describe('numbers', () => {
  it('are printed as they were meant, once and for all', () => {
    fc.assert(
      fc.property(written, text => {
        const printed = canonicalNumber(text);
        expect(printed).toBe(numberOf(unitsOf(text)));
        expect(canonicalNumber(printed)).toBe(printed);
      }),
      { numRuns: 500 },
    );
  });

  it('are in the order of their values, as numbers and as bytes of keys', () => {
    fc.assert(
      fc.property(canonical, canonical, (a, b) => {
        const [left, right] = [unitsOf(a), unitsOf(b)];
        const order = left < right ? -1 : left > right ? 1 : 0;
        expect(Math.sign(compareNumbers(a, b))).toBe(order);
        expect(Buffer.compare(keyBytes({ N: a }), keyBytes({ N: b }))).toBe(order);
        expect(keyBytes({ N: a }).length).toBeLessThanOrEqual(22);
      }),
      { numRuns: 1000 },
    );
  });

  it('are added and subtracted exactly, or not at all', () => {
    const attempt = (compute: () => string) => {
      try {
        return compute();
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInput);
        return undefined;
      }
    };
    fc.assert(
      fc.property(canonical, canonical, (a, b) => {
        expect(attempt(() => addNumbers(a, b))).toBe(numberOf(unitsOf(a) + unitsOf(b)));
        expect(attempt(() => subtractNumbers(a, b))).toBe(numberOf(unitsOf(a) - unitsOf(b)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('text and bytes', () => {
  it('are in the order of their bytes', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareText(a, b))).toBe(order);
        expect(Buffer.compare(keyBytes({ S: a }), keyBytes({ S: b }))).toBe(order);
        const [left, right] = [{ B: Buffer.from(a).toString('base64') }, { B: Buffer.from(b).toString('base64') }];
        expect(compareValues(left, right)).toBe(order);
        expect(Buffer.compare(keyBytes(left), keyBytes(right))).toBe(order);
      }),
      { numRuns: 500 },
    );
  });

  it('of different types have none', () => {
    expect(compareValues({ S: '1' }, { N: '1' })).toBeUndefined();
    expect(compareValues({ BOOL: true }, { BOOL: true })).toBeUndefined();
    expect(() => keyBytes({ BOOL: true })).toThrow(TypeError);
  });
});
