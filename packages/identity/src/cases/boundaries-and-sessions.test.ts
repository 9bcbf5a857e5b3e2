/** What identity policies, permissions boundaries and session policies allow together, inside one account. */
import { describe } from 'vitest';
import { allow, deny, GUEST, HOME, type Question, ROOT, SESSION } from '../testing/question.ts';
import { rows } from '../testing/rows.ts';

const S3 = allow('s3:*');
const SQS = allow('sqs:*');
const ALL = allow('*');
const NO_S3 = [ALL, deny('s3:*')];

// Permissions boundaries for IAM entities, "Evaluating effective permissions with boundaries".
describe('boundaries', () => {
  rows(
    ['both allow', { identity: [S3], boundary: S3 }, 'allowed: identity+boundary'],
    ['the boundary allows more', { identity: [S3], boundary: ALL }, 'allowed: identity+boundary'],
    ['the identity policy allows more', { identity: [ALL], boundary: S3 }, 'allowed: identity+boundary'],
    ['a boundary grants nothing', { identity: [], boundary: ALL }, 'lacking: identity'],
    ['an identity policy about something else', { identity: [SQS], boundary: ALL }, 'lacking: identity'],
    ['the boundary does not allow', { identity: [ALL], boundary: SQS }, 'lacking: boundary'],
    ['neither allows', { identity: [SQS], boundary: SQS }, 'lacking: identity'],
    ['the boundary denies', { identity: [ALL], boundary: NO_S3 }, 'denied: boundary'],
    ['the identity policy denies', { identity: [NO_S3], boundary: ALL }, 'denied: identity'],
    [
      'the boundary is about another resource',
      { identity: [ALL], boundary: allow('*', 'arn:aws:s3:::c') },
      'lacking: boundary',
    ],
    [
      'the boundary allows under a condition that holds',
      {
        identity: [ALL],
        boundary: allow('*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }),
      },
      'allowed: identity+boundary',
    ],
    [
      'the boundary allows under a condition that does not',
      {
        identity: [ALL],
        boundary: allow('*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
      },
      'lacking: boundary',
    ],
    [
      'the boundary has variables',
      { identity: [ALL], boundary: allow('*', `arn:aws:s3:::b/\${aws:username}`), resource: 'arn:aws:s3:::b/bob' },
      'allowed: identity+boundary',
    ],
    [
      'a boundary without denials of others',
      { identity: [S3], boundary: [ALL, deny('sqs:*')] },
      'allowed: identity+boundary',
    ],
    [
      'a NotAction boundary',
      { identity: [ALL], boundary: { Effect: 'Allow', NotAction: 's3:*', Resource: '*' } },
      'lacking: boundary',
    ],
    ['the boundary of a role', { who: SESSION, identity: [ALL], boundary: SQS }, 'lacking: boundary'],
  );
});

// Policies and permissions in IAM, "Session policies": the intersection with what role or user may do.
describe('session policies', () => {
  rows(
    ['both allow', { who: SESSION, identity: [S3], session: [S3] }, 'allowed: identity+session'],
    ['none was given', { who: SESSION, identity: [S3] }, 'allowed: identity'],
    ['a session policy grants nothing', { who: SESSION, identity: [], session: [ALL] }, 'lacking: identity'],
    ['the session policy does not allow', { who: SESSION, identity: [ALL], session: [SQS] }, 'lacking: session'],
    ['one of several allows', { who: SESSION, identity: [ALL], session: [SQS, S3] }, 'allowed: identity+session'],
    ['one of several denies', { who: SESSION, identity: [ALL], session: [S3, NO_S3] }, 'denied: session'],
    ['the identity policy denies', { who: SESSION, identity: [NO_S3], session: [ALL] }, 'denied: identity'],
    ['session policies that are there and empty', { who: SESSION, identity: [ALL], session: [] }, 'lacking: session'],
    [
      'all three allow',
      { who: SESSION, identity: [ALL], boundary: S3, session: [S3] },
      'allowed: identity+boundary+session',
    ],
    ['the boundary does not', { who: SESSION, identity: [ALL], boundary: SQS, session: [S3] }, 'lacking: boundary'],
    [
      'the session policy does not',
      { who: SESSION, identity: [ALL], boundary: S3, session: [SQS] },
      'lacking: session',
    ],
    [
      'boundary and session policy do not meet',
      { who: SESSION, identity: [ALL], boundary: SQS, session: [allow('sns:*')] },
      'lacking: boundary',
    ],
    ['a federated user within its user', { who: GUEST, identity: [S3], session: [S3] }, 'allowed: identity+session'],
    ['a federated user without session policies', { who: GUEST, identity: [ALL], session: [] }, 'lacking: session'],
    ['a federated user beyond its user', { who: GUEST, identity: [SQS], session: [ALL] }, 'lacking: identity'],
    [
      'a federated user beyond the boundary of its user',
      { who: GUEST, identity: [ALL], boundary: SQS, session: [ALL] },
      'lacking: boundary',
    ],
  );
});

// Policy evaluation logic: "By default, all requests are implicitly denied with the exception of the root user."
describe('root', () => {
  rows(
    ['may do everything', { who: ROOT }, 'allowed: root'],
    ['whatever the action', { who: ROOT, action: 'iam:DeleteUser', resource: '*' }, 'allowed: root'],
    ['has no identity policies that count', { who: ROOT, identity: [deny('*')] }, 'allowed: root'],
    ['but not elsewhere', { who: ROOT, owner: '444455556666' }, 'lacking: resource'],
    [
      'is denied by a resource',
      { who: ROOT, on: { Effect: 'Deny', Action: '*', Resource: '*', Principal: { AWS: HOME } } },
      'denied: resource',
    ],
  );
});

// "Deny evaluation": one explicit denial, wherever it stands, is final.
describe('a denial anywhere', () => {
  const everywhere: Question = {
    who: SESSION,
    identity: [ALL],
    boundary: ALL,
    session: [ALL],
    on: { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' },
  };
  rows(
    ['none', everywhere, 'allowed: identity+boundary+session+resource'],
    ['in an identity policy', { ...everywhere, identity: [ALL, deny('s3:GetObject')] }, 'denied: identity'],
    ['in the boundary', { ...everywhere, boundary: [ALL, deny('s3:GetObject')] }, 'denied: boundary'],
    ['in a session policy', { ...everywhere, session: [ALL, deny('s3:GetObject')] }, 'denied: session'],
    [
      'in the policy of the resource',
      { ...everywhere, on: { Effect: 'Deny', Action: '*', Resource: '*', Principal: '*' } },
      'denied: resource',
    ],
    [
      'under a condition that holds',
      { ...everywhere, identity: [ALL, deny('*', '*', { Condition: { Null: { 'aws:MultiFactorAuthAge': 'true' } } })] },
      'denied: identity',
    ],
    [
      'about another resource',
      { ...everywhere, identity: [ALL, deny('*', 'arn:aws:s3:::c/*')] },
      'allowed: identity+boundary+session+resource',
    ],
  );
});
