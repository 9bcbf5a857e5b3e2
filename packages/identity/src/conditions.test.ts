import { describe, expect, it } from 'vitest';
import { compileCondition } from './conditions.ts';
import { type ContextValue, contextOf } from './request-context.ts';

type Context = Readonly<Record<string, ContextValue>>;

/** One condition line over key `k:k`, or over the key given. */
function holds(operator: string, wanted: string | readonly string[], context: Context, key = 'k:k'): boolean {
  const values = typeof wanted === 'string' ? [wanted] : wanted;
  return compileCondition({ operator, key, values }, true)(contextOf(context));
}

const having = (value: ContextValue): Context => ({ 'k:k': value });

describe('single values', () => {
  it.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a*', 'ab', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringEqualsIgnoreCase', 'aB', 'Ab', true],
    ['StringNotEqualsIgnoreCase', 'aB', 'Ab', false],
    ['StringLike', 'a*c?', 'abbcd', true],
    ['StringNotLike', 'a*', 'abc', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '10.5', true],
    ['NumericGreaterThanEquals', '10', 'ten', false],
    ['DateEquals', '2024-01-01T00:00:00Z', '1704067200', true],
    ['DateLessThan', '2024-01-01T00:00:00Z', '2023-12-31T23:59:59Z', true],
    ['DateGreaterThanEquals', '2024-01-01', '2024-01-01T00:00:00Z', true],
    ['DateGreaterThan', '2024-01-01', 'soon', false],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['IpAddress', '203.0.113.0/24', '203.0.113.7', true],
    ['IpAddress', '203.0.113.0/24', '203.0.114.7', false],
    ['IpAddress', '203.0.113.7', '203.0.113.7', true],
    ['IpAddress', '2001:db8::/32', '2001:db8:1::1', true],
    ['IpAddress', '::/0', '203.0.113.7', false],
    ['IpAddress', '0.0.0.0/0', '203.0.113.7', true],
    ['IpAddress', 'not-an-address', '203.0.113.7', false],
    ['NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
    ['ArnEquals', 'arn:aws:sns:*:123456789012:t', 'arn:aws:sns:eu-west-1:123456789012:t', true],
    ['ArnLike', 'arn:aws:sns:*:123456789012:t*', 'arn:aws:sns:eu-west-1:999999999999:t', false],
    ['ArnNotLike', 'arn:aws:iam::*:role/admin', 'arn:aws:iam::1:role/reader', true],
  ])('%s %s, request has %s: %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, wanted, having(actual))).toBe(expected);
  });

  it('ignores the case of operators and keys', () => {
    expect(holds('stringequals', 'a', { 'K:K': 'a' }, 'k:K')).toBe(true);
  });

  it('wants one of several values, or for a negated operator none', () => {
    expect(holds('StringEquals', ['a', 'b'], having('b'))).toBe(true);
    expect(holds('StringNotEquals', ['a', 'b'], having('b'))).toBe(false);
    expect(holds('StringNotEquals', ['a', 'b'], having('c'))).toBe(true);
  });
});

describe('missing keys', () => {
  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['NotIpAddress', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('%s: %s', (operator, expected) => {
    expect(holds(operator, 'a', {})).toBe(expected);
    // An empty list is no value.
    expect(holds(operator, 'a', having([]))).toBe(expected);
  });

  it('are what Null asks for', () => {
    expect(holds('Null', 'true', {})).toBe(true);
    expect(holds('Null', 'false', {})).toBe(false);
    expect(holds('Null', 'true', having('x'))).toBe(false);
    expect(holds('Null', 'false', having('x'))).toBe(true);
  });
});

describe('several values in the request', () => {
  it.each([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c'], false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAnyValue:StringNotEquals', ['a'], ['b', 'a'], true],
    ['ForAnyValue:StringLike', ['a*'], ['b', 'abc'], true],
    ['StringEquals', ['a'], ['b', 'a'], true],
    ['StringNotEquals', ['a'], ['b', 'a'], false],
  ])('%s %s, request has %s: %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, wanted, having(actual))).toBe(expected);
  });
});

describe('policy variables', () => {
  it('stand for values of the request', () => {
    const context = { 'aws:username': 'bob', 's3:prefix': 'home/bob/x' };
    expect(holds('StringLike', `home/\${aws:username}/*`, context, 's3:prefix')).toBe(true);
    expect(holds('StringEquals', `\${AWS:UserName}`, { ...context, 'k:k': 'bob' })).toBe(true);
  });

  it('match nothing without a value, unless they have a default', () => {
    expect(holds('StringEquals', `\${aws:username}`, having('bob'))).toBe(false);
    expect(holds('StringNotEquals', `\${aws:username}`, having('bob'))).toBe(true);
    expect(holds('StringEquals', `\${aws:PrincipalTag/team, 'none'}`, having('none'))).toBe(true);
  });

  it('never bring wildcards with them', () => {
    expect(holds('StringLike', `\${aws:username}`, { 'aws:username': '*', 'k:k': 'bob' })).toBe(false);
    expect(holds('StringLike', `\${*}x`, having('*x'))).toBe(true);
    expect(holds('StringLike', `\${*}x`, having('bx'))).toBe(false);
    expect(holds('StringEquals', `\${$}{a}`, having(`\${a}`))).toBe(true);
  });

  it('are plain text in documents of 2008', () => {
    const condition = compileCondition({ operator: 'StringEquals', key: 'k:k', values: [`\${aws:username}`] }, false);
    expect(condition(contextOf({ 'k:k': `\${aws:username}`, 'aws:username': 'bob' }))).toBe(true);
  });
});
