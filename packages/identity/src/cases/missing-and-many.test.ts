/** Keys that are missing, and keys with several values. */
import { describe, expect, it } from 'vitest';
import type { ContextValue } from '../request-context.ts';
import { allow, answer, deny, MET, UNMET, underCondition } from '../testing/question.ts';

type Actual = ContextValue | undefined;

const rows = (...cases: readonly (readonly [operator: string, wanted: unknown, actual: Actual, expected: string])[]) =>
  it.each(cases)('%s %j, the request says %j: %s', (operator, wanted, actual, expected) => {
    const keys = actual === undefined ? {} : { 'k:k': actual };
    expect(underCondition({ [operator]: { 'k:k': wanted } }, { keys })).toBe(expected);
  });

// Condition operators, the box "Important": not there means not matched; negated operators are true then.
describe('a key the request does not have', () => {
  rows(
    ['StringEquals', 'a', undefined, UNMET],
    ['StringEqualsIgnoreCase', 'a', undefined, UNMET],
    ['StringLike', '*', undefined, UNMET],
    ['StringNotEquals', 'a', undefined, MET],
    ['StringNotEqualsIgnoreCase', 'a', undefined, MET],
    ['StringNotLike', '*', undefined, MET],
    ['NumericEquals', '1', undefined, UNMET],
    ['NumericNotEquals', '1', undefined, MET],
    ['NumericLessThan', '1', undefined, UNMET],
    ['DateEquals', '2026-01-01', undefined, UNMET],
    ['DateNotEquals', '2026-01-01', undefined, MET],
    ['DateGreaterThan', '2026-01-01', undefined, UNMET],
    ['Bool', 'false', undefined, UNMET],
    ['BinaryEquals', 'AA==', undefined, UNMET],
    ['IpAddress', '0.0.0.0/0', undefined, UNMET],
    ['NotIpAddress', '0.0.0.0/0', undefined, MET],
    ['ArnEquals', 'arn:aws:s3:::b', undefined, UNMET],
    ['ArnLike', '*', undefined, UNMET],
    ['ArnNotEquals', 'arn:aws:s3:::b', undefined, MET],
    ['ArnNotLike', '*', undefined, MET],
  );
});

// "...IfExists condition operators": true without the key, the plain operator with it.
describe('IfExists', () => {
  rows(
    ['StringEqualsIfExists', 'a', undefined, MET],
    ['StringEqualsIfExists', 'a', 'a', MET],
    ['StringEqualsIfExists', 'a', 'b', UNMET],
    ['StringLikeIfExists', ['t1.*', 't2.*', 'm3.*'], 't2.micro', MET],
    ['StringLikeIfExists', ['t1.*', 't2.*', 'm3.*'], 'c5.large', UNMET],
    ['StringLikeIfExists', ['t1.*', 't2.*', 'm3.*'], undefined, MET],
    ['StringNotEqualsIfExists', 'a', undefined, MET],
    ['StringNotEqualsIfExists', 'a', 'a', UNMET],
    ['StringEqualsIgnoreCaseIfExists', 'a', 'A', MET],
    ['NumericLessThanIfExists', '10', undefined, MET],
    ['NumericLessThanIfExists', '10', '11', UNMET],
    ['DateGreaterThanIfExists', '2026-01-01', undefined, MET],
    ['DateGreaterThanIfExists', '2026-01-01', '2025-01-01', UNMET],
    ['BoolIfExists', 'true', undefined, MET],
    ['BoolIfExists', 'true', 'false', UNMET],
    ['BinaryEqualsIfExists', 'AA==', undefined, MET],
    ['IpAddressIfExists', '10.0.0.0/8', undefined, MET],
    ['IpAddressIfExists', '10.0.0.0/8', '11.0.0.1', UNMET],
    ['NotIpAddressIfExists', '10.0.0.0/8', '10.0.0.1', UNMET],
    ['ArnLikeIfExists', 'arn:aws:s3:::*', undefined, MET],
    ['ArnNotLikeIfExists', 'arn:aws:s3:::*', 'arn:aws:s3:::b', UNMET],
    ['ForAllValues:StringEqualsIfExists', ['a'], ['b'], UNMET],
    ['ForAnyValue:StringEqualsIfExists', ['a'], undefined, MET],
    ['ForAnyValue:StringEqualsIfExists', ['a'], ['b'], UNMET],
  );

  it('still denies with a negated operator when the tag is missing', () => {
    const tagged = { StringNotEqualsIfExists: { 'aws:RequestTag/stage': 'test' } };
    expect(answer({ identity: [[allow('*'), deny('*', '*', { Condition: tagged })]] })).toBe('denied: identity');
  });
});

// "Condition operator to check existence of condition keys".
describe('Null', () => {
  rows(
    ['Null', 'true', undefined, MET],
    ['Null', 'true', 'x', UNMET],
    ['Null', 'false', undefined, UNMET],
    ['Null', 'false', 'x', MET],
    ['Null', true, undefined, MET],
    ['Null', false, 'x', MET],
    ['Null', 'true', [], MET],
    ['Null', 'false', [], UNMET],
    ['Null', 'false', ['x'], MET],
    ['Null', 'false', '', UNMET],
    ['Null', 'false', ['', ''], UNMET],
    ['Null', ['true', 'false'], undefined, MET],
    ['Null', ['true', 'false'], 'x', MET],
    ['Null', 'TRUE', undefined, MET],
  );
});

// "Set operators for multivalued context keys", and the tables of "Multivalued context key examples".
describe('ForAllValues', () => {
  rows(
    ['ForAllValues:StringEquals', ['a', 'b'], ['a'], MET],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], MET],
    ['ForAllValues:StringEquals', ['a', 'b'], ['b', 'a', 'b'], MET],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], UNMET],
    ['ForAllValues:StringEquals', ['a', 'b'], [], MET],
    ['ForAllValues:StringEquals', ['a', 'b'], undefined, MET],
    ['ForAllValues:StringEquals', ['a', 'b'], '', MET],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', ''], UNMET],
    ['ForAllValues:StringEquals', ['a', 'b'], 'a', MET],
    ['ForAllValues:StringEquals', ['a', 'b'], 'c', UNMET],
    ['ForAllValues:StringLike', ['key1*'], ['key1:hr', 'key1:personnel'], MET],
    ['ForAllValues:StringLike', ['key1*'], ['key1:hr', 'key2:audit'], UNMET],
    ['ForAllValues:StringLike', ['key1*', 'key2*'], ['key1:hr', 'key2:audit'], MET],
    ['ForAllValues:StringNotLike', 'key1*', ['key1:legal'], UNMET],
    ['ForAllValues:StringNotLike', 'key1*', ['key1:hr', 'key1:personnel'], UNMET],
    ['ForAllValues:StringNotLike', 'key1*', ['key2:audit'], MET],
    ['ForAllValues:StringNotLike', 'key1*', ['key1:hr', 'key2:audit'], UNMET],
    ['ForAllValues:StringNotLike', 'key1*', undefined, MET],
    ['ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], MET],
    ['ForAllValues:NumericLessThan', '10', ['1', '9'], MET],
    ['ForAllValues:NumericLessThan', '10', ['1', '11'], UNMET],
    ['ForAllValues:IpAddress', '10.0.0.0/8', ['10.1.1.1', '10.2.2.2'], MET],
    ['ForAllValues:ArnLike', 'arn:aws:s3:::*', ['arn:aws:s3:::a', 'arn:aws:sqs:::b'], UNMET],
    ['ForAllValues:Bool', 'true', ['true', 'false'], UNMET],
  );
});

describe('ForAnyValue', () => {
  rows(
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], MET],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'd'], UNMET],
    ['ForAnyValue:StringEquals', ['a', 'b'], [], UNMET],
    ['ForAnyValue:StringEquals', ['a', 'b'], undefined, UNMET],
    ['ForAnyValue:StringEquals', '', '', UNMET],
    ['ForAnyValue:StringEquals', ['a', 'b'], 'b', MET],
    ['ForAnyValue:StringLike', 'key1*', ['key2:audit', 'key1:hr'], MET],
    ['ForAnyValue:StringLike', 'key1*', ['key2:audit'], UNMET],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], MET],
    ['ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], UNMET],
    ['ForAnyValue:StringNotLike', ['a*'], undefined, UNMET],
    ['ForAnyValue:NumericGreaterThan', '10', ['1', '11'], MET],
    ['ForAnyValue:DateLessThan', '2026-01-01', ['2027-01-01', '2025-01-01'], MET],
    ['ForAnyValue:IpAddress', '10.0.0.0/8', ['11.0.0.1', '12.0.0.1'], UNMET],
    ['ForAnyValue:ArnEquals', 'arn:aws:s3:::a', ['arn:aws:s3:::b', 'arn:aws:s3:::a'], MET],
  );
});

// IAM JSON policy elements: Condition, "Conditions with multiple context keys or values".
describe('several lines and values', () => {
  const keys = { 'k:a': '1', 'k:b': '2' };
  it.each([
    ['all operators must hold', { StringEquals: { 'k:a': '1' }, NumericLessThan: { 'k:b': '3' } }, MET],
    ['one that does not is enough', { StringEquals: { 'k:a': '1' }, NumericLessThan: { 'k:b': '2' } }, UNMET],
    ['all keys of an operator must hold', { StringEquals: { 'k:a': '1', 'k:b': '2' } }, MET],
    ['one key that does not is enough', { StringEquals: { 'k:a': '1', 'k:b': '1' } }, UNMET],
    ['values of a key are alternatives', { StringEquals: { 'k:a': ['0', '1'] } }, MET],
    ['values of a negated operator are all excluded', { StringNotEquals: { 'k:a': ['0', '1'] } }, UNMET],
    [
      'the same key may stand under two operators',
      { StringLike: { 'k:a': '?' }, StringNotEquals: { 'k:a': '2' } },
      MET,
    ],
    ['a missing key spoils the rest', { StringEquals: { 'k:a': '1', 'k:c': '1' } }, UNMET],
    ['keys ignore case', { StringEquals: { 'K:A': '1' } }, MET],
    ['no condition at all', {}, MET],
  ])('%s', (_what, condition, expected) => {
    expect(underCondition(condition, { keys })).toBe(expected);
  });
});
