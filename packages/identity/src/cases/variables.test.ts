/** Policy variables. */
import { describe, expect, it } from 'vitest';
import {
  allow,
  answer,
  deny,
  GUEST,
  MET,
  type Question,
  ROOT,
  SESSION,
  UNMET,
  underCondition,
} from '../testing/question.ts';

const s3 = (path: string) => `arn:aws:s3:::${path}`;

// IAM policy elements: Variables and tags, "Resource element".
describe('in resources', () => {
  const cases: readonly (readonly [what: string, pattern: string, more: Question, expected: string])[] = [
    ['the user’s own folder', s3(`b/\${aws:username}/*`), { resource: s3('b/bob/x') }, MET],
    ['the folder of another', s3(`b/\${aws:username}/*`), { resource: s3('b/alice/x') }, UNMET],
    ['a name that only begins like his', s3(`b/\${aws:username}/*`), { resource: s3('b/bobby/x') }, UNMET],
    ['case of the name does not matter', s3(`b/\${AWS:UserName}`), { resource: s3('b/bob') }, MET],
    ['case of the value does', s3(`b/\${aws:username}`), { resource: s3('b/Bob') }, UNMET],
    ['a session has no user name', s3(`b/\${aws:username}`), { who: SESSION, resource: s3('b/monday') }, UNMET],
    [
      'nor has root, whom nothing limits',
      s3(`b/\${aws:username}`),
      { who: ROOT, resource: s3('b/x') },
      'allowed: root',
    ],
    ['nor a federated user', s3(`b/\${aws:username}`), { who: GUEST, resource: s3('b/bob') }, UNMET],
    ['a session by its id', s3(`b/\${aws:userid}/*`), { who: SESSION, resource: s3('b/AROAREADER:monday/x') }, MET],
    ['a tag of the principal', s3(`b/\${aws:PrincipalTag/team}`), { resource: s3('b/blue') }, MET],
    ['a tag in another case', s3(`b/\${aws:principaltag/TEAM}`), { resource: s3('b/blue') }, MET],
    ['a tag it does not have', s3(`b/\${aws:PrincipalTag/cost}`), { resource: s3('b/') }, UNMET],
    ['a default for a missing tag', s3(`b/\${aws:PrincipalTag/cost, 'none'}`), { resource: s3('b/none') }, MET],
    ['no default where there is a tag', s3(`b/\${aws:PrincipalTag/team, 'none'}`), { resource: s3('b/none') }, UNMET],
    ['an empty default', s3(`b/\${aws:PrincipalTag/cost, ''}x`), { resource: s3('b/x') }, MET],
    ['a default with spaces and commas', s3(`b/\${k:k, 'a, b'}`), { resource: s3('b/a, b') }, MET],
    ['several variables', s3(`\${k:a}/\${k:b}`), { keys: { 'k:a': 'x', 'k:b': 'y' }, resource: s3('x/y') }, MET],
    ['one of several without a value', s3(`\${k:a}/\${k:b}`), { keys: { 'k:a': 'x' }, resource: s3('x/') }, UNMET],
    ['stars inside a value are plain', s3(`b/\${k:k}`), { keys: { 'k:k': '*' }, resource: s3('b/x') }, UNMET],
    ['and match stars', s3(`b/\${k:k}`), { keys: { 'k:k': '*' }, resource: s3('b/*') }, MET],
    ['wildcards beside a variable still work', s3(`*/\${k:k}/?`), { keys: { 'k:k': 'v' }, resource: s3('b/v/1') }, MET],
    ['a literal star', s3(`b/\${*}`), { resource: s3('b/*') }, MET],
    ['which is no wildcard', s3(`b/\${*}`), { resource: s3('b/x') }, UNMET],
    ['a literal question mark', s3(`b/\${?}`), { resource: s3('b/?') }, MET],
    ['which is no wildcard either', s3(`b/\${?}`), { resource: s3('b/x') }, UNMET],
    ['a literal dollar sign', s3(`b/\${$}{x}`), { resource: s3(`b/\${x}`) }, MET],
    ['keys with several values fill nothing', s3(`b/\${k:k}`), { keys: { 'k:k': ['x'] }, resource: s3('b/x') }, UNMET],
    ['a value with colons', s3(`b/\${k:k}`), { keys: { 'k:k': 'a:b' }, resource: s3('b/a:b') }, MET],
    [
      'nothing before the fifth colon',
      `arn:aws:sqs:us-east-1:\${aws:PrincipalAccount}:q`,
      { resource: 'arn:aws:sqs:us-east-1:111122223333:q' },
      UNMET,
    ],
    [
      'the part after it, beside wildcards before it',
      `arn:aws:sqs:us-east-2:*:\${aws:username}-queue`,
      { resource: 'arn:aws:sqs:us-east-2:111122223333:bob-queue' },
      MET,
    ],
  ];
  it.each(cases)('%s', (_what, pattern, more, expected) => {
    const session = more.who === GUEST ? { session: [allow('*')] } : {};
    expect(answer({ identity: [[allow('*', pattern)]], ...session, ...more })).toBe(expected);
  });

  it.each([
    ['denies what the variable means', 'bob', 'denied: identity'],
    ['and nothing else', 'alice', MET],
  ])('a denial %s', (_what, folder, expected) => {
    const own = deny('*', s3(`b/\${aws:username}`));
    expect(answer({ identity: [[allow('*'), own]], resource: s3(`b/${folder}`) })).toBe(expected);
  });
});

// The same page, "Condition element": string and ARN operators; "Boolean condition operators" adds Bool.
describe('in conditions', () => {
  const keys = {
    'k:same': 'bob',
    'k:other': 'alice',
    'k:flag': 'true',
    'k:arn': 'arn:aws:sns:us-east-1:1:bob',
    'k:number': '5',
  };
  it.each([
    [{ StringEquals: { 'k:same': `\${aws:username}` } }, MET],
    [{ StringEquals: { 'k:other': `\${aws:username}` } }, UNMET],
    [{ StringNotEquals: { 'k:other': `\${aws:username}` } }, MET],
    [{ StringNotEquals: { 'k:same': `\${aws:username}` } }, UNMET],
    [{ StringEqualsIgnoreCase: { 'k:same': `\${AWS:USERNAME}` } }, MET],
    [{ StringLike: { 'k:same': `\${aws:username}*` } }, MET],
    [{ StringLike: { 'k:other': `al*\${k:missing, 'ice'}` } }, MET],
    [{ StringNotLike: { 'k:same': `\${aws:username}` } }, UNMET],
    [{ ArnLike: { 'k:arn': `arn:aws:sns:*:*:\${aws:username}` } }, MET],
    [{ ArnNotEquals: { 'k:arn': `arn:aws:sns:*:*:\${aws:username}` } }, UNMET],
    [{ Bool: { 'k:flag': `\${k:flag}` } }, MET],
    [{ NumericEquals: { 'k:number': `\${k:number}` } }, UNMET],
    [{ StringEquals: { 'k:same': `\${k:missing}` } }, UNMET],
    [{ StringEqualsIfExists: { 'k:same': `\${k:missing}` } }, UNMET],
    [{ StringEqualsIfExists: { 'k:absent': `\${k:missing}` } }, MET],
    [{ StringEquals: { 'k:same': [`\${k:missing}`, 'bob'] } }, MET],
    [{ StringEquals: { 'k:same': `\${k:missing, 'bob'}` } }, MET],
    [{ StringEquals: { 'k:same': `b\${k:missing, 'o'}b` } }, MET],
    [{ 'ForAnyValue:StringEquals': { 'k:same': ['x', `\${aws:username}`] } }, MET],
    [{ StringEquals: { 'aws:PrincipalTag/team': `\${aws:PrincipalTag/Stage}` } }, UNMET],
  ])('%j: %s', (condition, expected) => {
    expect(underCondition(condition, { keys })).toBe(expected);
  });
});

// "Earlier versions of the policy language don't support policy variables."
describe('in documents of 2008', () => {
  const old = (Statement: object, more: object = {}) => ({ ...more, Statement });
  it.each([
    ['a variable is plain text', old(allow('*', s3(`\${aws:username}`))), s3('bob'), UNMET],
    ['that matches itself', old(allow('*', s3(`\${aws:username}`))), s3(`\${aws:username}`), MET],
    [
      'also with the version written out',
      old(allow('*', s3(`\${aws:username}`)), { Version: '2008-10-17' }),
      s3('bob'),
      UNMET,
    ],
    ['a star in braces is a wildcard between braces', old(allow('*', s3(`\${*}`))), s3(`\${anything}`), MET],
    ['wildcards work', old(allow('*', s3('b*'))), s3('bob'), MET],
  ])('%s', (_what, document, resource, expected) => {
    expect(answer({ identity: [document], resource })).toBe(expected);
  });
});
