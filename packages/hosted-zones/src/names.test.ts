import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bareName, canonicalName, isWithin, NameProblem, nameAsked, parentOf, reversedName } from './names.ts';

it.each([
  ['Example.COM', 'example.com.'],
  ['example.com.', 'example.com.'],
  ['*.example.com', '\\052.example.com.'],
  ['\\052.example.com', '\\052.example.com.'],
  ['_dmarc.a-b.test', '_dmarc.a-b.test.'],
  ['a\\056b.test', 'a\\056b.test.'],
  ['a@b.test', 'a\\100b.test.'],
  ['\\101.test', 'a.test.'],
  ['.', '.'],
])('%s is kept as %s', (given, kept) => {
  expect(canonicalName(given)).toBe(kept);
});

it.each([
  ['', 'DomainNameEmpty'],
  ['a..b', 'DomainLabelEmpty'],
  ['.a', 'DomainLabelEmpty'],
  ['a b', 'UnsupportedCharacter'],
  ['a\\9.b', 'UnsupportedCharacter'],
  ['ü.test', 'UnsupportedCharacter'],
  [`${'a'.repeat(64)}.test`, 'DomainLabelTooLong'],
  [`${'a.'.repeat(127)}bc`, 'DomainNameTooLong'],
])('%j is no name: %s', (given, code) => {
  expect(() => canonicalName(given)).toThrow(NameProblem);
  expect(() => canonicalName(given)).toThrow(code);
});

it('goes to the names of DNS packets and back', () => {
  const label = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 20 });
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, '0')}`;
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), labels => {
      const kept = canonicalName(labels.map(bytes => bytes.map(octal).join('')).join('.'));
      expect(nameAsked(bareName(kept))).toBe(kept);
      expect(canonicalName(kept)).toBe(kept);
    }),
  );
  expect(bareName('\\052.a\\056b.\\001c.test.')).toBe('*.a\\.b.\\001c.test');
  expect(nameAsked('')).toBe('.');
  expect(nameAsked('a'.repeat(64))).toBeUndefined();
});

it('knows what lies above, within, and in which order', () => {
  expect(parentOf('a.b.test.')).toBe('b.test.');
  expect(parentOf('test.')).toBe('.');
  expect(parentOf('.')).toBeUndefined();
  expect(reversedName('www.example.com.')).toBe('com.example.www.');
  expect([isWithin('a.test.', 'test.'), isWithin('test.', 'test.'), isWithin('atest.', 'test.')]).toEqual([
    true,
    true,
    false,
  ]);
});
