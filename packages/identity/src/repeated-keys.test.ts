import { expect, it } from 'vitest';
import { hasRepeatedKeys } from './repeated-keys.ts';

it.each([
  ['{}', false],
  ['{"a":1,"b":2}', false],
  ['{"a":1,"a":2}', true],
  ['{"a":{"b":1},"b":{"b":1}}', false],
  ['{"a":[{"b":1},{"b":1}]}', false],
  ['{"a":[{"b":1,"b":1}]}', true],
  ['{"a":{"x":1},"c":2,"a":3}', true],
  ['{"a":1,"\\u0061":2}', true],
  ['{"a:{":"\\"a\\":","a":"}"}', false],
  ['["a","a"]', false],
])('%s: %s', (json, expected) => {
  expect(hasRepeatedKeys(json)).toBe(expected);
});
