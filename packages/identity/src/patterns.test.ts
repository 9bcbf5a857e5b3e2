import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileArnPattern, compilePattern, patternTokens } from './patterns.ts';

const matches = (pattern: string, text: string) => compilePattern(patternTokens(pattern))(text);
const arnMatches = (pattern: string, text: string) => compileArnPattern(patternTokens(pattern))(text);

/** The obvious way, which is too slow for some patterns. */
function regExpOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${source}$`);
}

it.each([
  ['s3:Get*', 's3:GetObject', true],
  ['s3:Get*', 's3:PutObject', false],
  ['*', '', true],
  ['?', '', false],
  ['a?c', 'abc', true],
  ['*b*b', 'abab', true],
  ['*b?', 'abab', false],
  ['a**b', 'ab', true],
  ['', '', true],
  ['', 'a', false],
])('%s against %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

it('agrees with regular expressions', () => {
  const letters = fc.stringMatching(/^[ab*?.:]{0,8}$/);
  fc.assert(
    fc.property(letters, fc.stringMatching(/^[ab.:]{0,10}$/), (pattern, text) => {
      expect(matches(pattern, text)).toBe(regExpOf(pattern).test(text));
    }),
    { numRuns: 5000 },
  );
});

it('is not slowed down by patterns that make backtracking explode', () => {
  // Backtracking would outlast the test.
  expect(matches(`${'a*'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
});

describe('ARN patterns', () => {
  it.each([
    ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a:b/c', true],
    ['arn:aws:sqs:*:123456789012:q', 'arn:aws:sqs:us-east-1:123456789012:q', true],
    ['arn:aws:sqs:*:*:q', 'arn:aws:sqs:us-east-1:123456789012:q', true],
    // With fields missing the pattern is plain text, and its star reaches as far as it can.
    ['arn:aws:sqs:*:q', 'arn:aws:sqs:us-east-1:123456789012:q', true],
    // A star in one field does not reach into the next.
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:user/a:role/x', false],
    ['arn:aws:s3:::b*', 'arn:aws:s3', false],
    ['*', 'anything', true],
  ])('%s against %s: %s', (pattern, text, expected) => {
    expect(arnMatches(pattern, text)).toBe(expected);
  });
});
