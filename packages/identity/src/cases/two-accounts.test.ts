/** Requests for what another account owns, and roles that are assumed. */
import { describe } from 'vitest';
import {
  ALICE,
  AWAY,
  allow,
  BOB,
  deny,
  GUEST,
  HOME,
  LAMBDA,
  PROVIDER,
  type Question,
  ROOT,
  SESSION,
  STRANGER,
  TOKEN_HOLDER,
} from '../testing/question.ts';
import { rows } from '../testing/rows.ts';

const S3 = allow('s3:*');
const SQS = allow('sqs:*');
const grant = (Principal: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action: 's3:*',
  Resource: '*',
  Principal,
  ...more,
});

// Cross-account policy evaluation logic: allowed only if both accounts allow.
describe('the resource of another account', () => {
  const away = (question: Question): Question => ({ owner: AWAY, ...question });
  rows(
    ['both allow, by user', away({ identity: [S3], on: grant({ AWS: BOB.arn }) }), 'allowed: identity+resource'],
    ['both allow, by account', away({ identity: [S3], on: grant({ AWS: HOME }) }), 'allowed: identity+resource'],
    ['both allow, by everyone', away({ identity: [S3], on: grant('*') }), 'allowed: identity+resource'],
    ['only the identity policy', away({ identity: [S3] }), 'lacking: resource'],
    ['only the resource, by user', away({ on: grant({ AWS: BOB.arn }) }), 'lacking: identity'],
    ['only the resource, by account', away({ on: grant({ AWS: HOME }) }), 'lacking: identity'],
    ['only the resource, by everyone', away({ on: grant('*') }), 'lacking: identity'],
    ['the resource names another user', away({ identity: [S3], on: grant({ AWS: ALICE.arn }) }), 'lacking: resource'],
    ['the resource names its own account', away({ identity: [S3], on: grant({ AWS: AWAY }) }), 'lacking: resource'],
    [
      'the identity policy names another resource',
      away({ identity: [allow('s3:*', 'arn:aws:s3:::c/*')], on: grant({ AWS: HOME }) }),
      'lacking: identity',
    ],
    ['neither', away({}), 'lacking: resource'],
    [
      'a session, by its role',
      away({ who: SESSION, identity: [S3], on: grant({ AWS: SESSION.roleArn }) }),
      'allowed: identity+resource',
    ],
    [
      'a session by its role, the role may not',
      away({ who: SESSION, on: grant({ AWS: SESSION.roleArn }) }),
      'lacking: identity',
    ],
    [
      'a session by its ARN',
      away({ who: SESSION, identity: [S3], on: grant({ AWS: SESSION.arn }) }),
      'allowed: identity+resource',
    ],
    [
      'a session by its ARN, the role may not',
      away({ who: SESSION, on: grant({ AWS: SESSION.arn }) }),
      'lacking: identity',
    ],
    [
      'the boundary does not allow',
      away({ identity: [S3], boundary: SQS, on: grant({ AWS: BOB.arn }) }),
      'lacking: boundary',
    ],
    [
      'the session policy does not allow',
      away({ who: SESSION, identity: [S3], session: [SQS], on: grant({ AWS: SESSION.arn }) }),
      'lacking: session',
    ],
    [
      'boundary and session policy allow',
      away({ who: SESSION, identity: [S3], boundary: S3, session: [S3], on: grant('*') }),
      'allowed: identity+boundary+session+resource',
    ],
    ['the resource denies', away({ identity: [S3], on: { ...grant('*'), Effect: 'Deny' } }), 'denied: resource'],
    ['the caller’s account denies', away({ identity: [[S3, deny('s3:*')]], on: grant('*') }), 'denied: identity'],
    ['root, by account', away({ who: ROOT, on: grant({ AWS: HOME }) }), 'allowed: resource'],
    ['root, not named', away({ who: ROOT }), 'lacking: resource'],
    [
      'a federated user, by account',
      away({ who: GUEST, identity: [S3], session: [S3], on: grant({ AWS: HOME }) }),
      'allowed: identity+session+resource',
    ],
    [
      'a federated user by ARN, its user may not',
      away({ who: GUEST, session: [S3], on: grant({ AWS: GUEST.arn }) }),
      'lacking: identity',
    ],
    ['a service', away({ who: LAMBDA, on: grant({ Service: 'lambda.amazonaws.com' }) }), 'allowed: resource'],
    ['a stranger', away({ who: STRANGER, on: grant('*') }), 'allowed: resource'],
    [
      'a grant to the caller’s organization: there is none',
      away({ identity: [S3], on: grant('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }) }),
      'lacking: resource',
    ],
    [
      'a denial of other organizations',
      away({
        identity: [S3],
        on: [
          grant('*'),
          { ...grant('*', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }), Effect: 'Deny' },
        ],
      }),
      'denied: resource',
    ],
  );
});

const role = 'arn:aws:iam::111122223333:role/target';
const asking = { action: 'sts:AssumeRole', resource: role, owner: HOME };
const trusting = (Principal: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal,
  ...more,
});
const MAY = allow('sts:AssumeRole', role);

// "IAM role trust policies … must explicitly allow access"; Roles terms and concepts; The confused deputy problem.
describe('roles', () => {
  const external = { Condition: { StringEquals: { 'sts:ExternalId': '12345' } } };
  const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
  rows(
    ['a user the role trusts', { ...asking, trust: trusting({ AWS: BOB.arn }) }, 'allowed: trust'],
    [
      'an account the role trusts, and no permission',
      { ...asking, trust: trusting({ AWS: HOME }) },
      'lacking: identity',
    ],
    [
      'an account the role trusts, and permission',
      { ...asking, trust: trusting({ AWS: HOME }), identity: [MAY] },
      'allowed: identity+trust',
    ],
    [
      'permission and no trust',
      { ...asking, trust: trusting({ AWS: AWAY }), identity: [allow('*')] },
      'lacking: trust',
    ],
    ['root needs trust as well', { ...asking, who: ROOT, trust: trusting({ AWS: BOB.arn }) }, 'lacking: trust'],
    ['root with trust', { ...asking, who: ROOT, trust: trusting({ AWS: HOME }) }, 'allowed: trust'],
    [
      'another account, both allow',
      { ...asking, owner: AWAY, trust: trusting({ AWS: HOME }), identity: [MAY] },
      'allowed: identity+trust',
    ],
    [
      'another account that names the user',
      { ...asking, owner: AWAY, trust: trusting({ AWS: BOB.arn }) },
      'lacking: identity',
    ],
    [
      'another account, permission for another role',
      { ...asking, owner: AWAY, trust: trusting({ AWS: HOME }), identity: [allow('sts:AssumeRole', `${role}s`)] },
      'lacking: identity',
    ],
    ['a chain of roles', { ...asking, who: SESSION, trust: trusting({ AWS: SESSION.roleArn }) }, 'allowed: trust'],
    [
      'a chain of roles beyond the session policy',
      { ...asking, who: SESSION, trust: trusting({ AWS: SESSION.roleArn }), session: [allow('s3:*')] },
      'lacking: session',
    ],
    [
      'a denial by the role',
      { ...asking, trust: [trusting('*'), { ...trusting({ AWS: BOB.arn }), Effect: 'Deny' }], identity: [MAY] },
      'denied: trust',
    ],
    [
      'a denial by the caller’s account',
      { ...asking, trust: trusting({ AWS: BOB.arn }), identity: [deny('sts:*')] },
      'denied: identity',
    ],
    [
      'another action of STS',
      { ...asking, action: 'sts:TagSession', trust: trusting({ AWS: BOB.arn }) },
      'lacking: trust',
    ],
    [
      'tags, when the role lets them',
      {
        ...asking,
        action: 'sts:TagSession',
        trust: trusting({ AWS: BOB.arn }, { Action: ['sts:AssumeRole', 'sts:TagSession'] }),
      },
      'allowed: trust',
    ],
    ['a service', { ...asking, who: LAMBDA, trust: trusting({ Service: 'lambda.amazonaws.com' }) }, 'allowed: trust'],
    [
      'another service',
      { ...asking, who: LAMBDA, trust: trusting({ Service: 'ec2.amazonaws.com' }) },
      'lacking: trust',
    ],
    [
      'the external id it asks for',
      {
        ...asking,
        owner: AWAY,
        identity: [MAY],
        keys: { 'sts:ExternalId': '12345' },
        trust: trusting({ AWS: HOME }, external),
      },
      'allowed: identity+trust',
    ],
    [
      'another external id',
      {
        ...asking,
        owner: AWAY,
        identity: [MAY],
        keys: { 'sts:ExternalId': '54321' },
        trust: trusting({ AWS: HOME }, external),
      },
      'lacking: trust',
    ],
    [
      'no external id',
      { ...asking, owner: AWAY, identity: [MAY], trust: trusting({ AWS: HOME }, external) },
      'lacking: trust',
    ],
    [
      'a second factor it asks for, long-term keys',
      { ...asking, identity: [MAY], trust: trusting({ AWS: HOME }, mfa) },
      'lacking: trust',
    ],
    [
      'a session name it asks for',
      {
        ...asking,
        identity: [MAY],
        keys: { 'sts:RoleSessionName': 'bob' },
        trust: trusting({ AWS: HOME }, { Condition: { StringLike: { 'sts:RoleSessionName': `\${aws:username}` } } }),
      },
      'allowed: identity+trust',
    ],
    [
      'another session name',
      {
        ...asking,
        identity: [MAY],
        keys: { 'sts:RoleSessionName': 'eve' },
        trust: trusting({ AWS: HOME }, { Condition: { StringLike: { 'sts:RoleSessionName': `\${aws:username}` } } }),
      },
      'lacking: trust',
    ],
    [
      'a source identity it asks for',
      {
        ...asking,
        identity: [MAY],
        keys: { 'sts:SourceIdentity': 'bob' },
        trust: trusting({ AWS: HOME }, { Condition: { StringEquals: { 'sts:SourceIdentity': 'bob' } } }),
      },
      'allowed: identity+trust',
    ],
    [
      'tags it asks for',
      {
        ...asking,
        identity: [MAY],
        keys: { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'blue' },
        trust: trusting(
          { AWS: HOME },
          {
            Condition: {
              'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
              StringEquals: { 'aws:RequestTag/team': `\${aws:PrincipalTag/team}` },
            },
          },
        ),
      },
      'allowed: identity+trust',
    ],
    [
      'transitive tags it refuses',
      {
        ...asking,
        identity: [MAY],
        keys: { 'sts:TransitiveTagKeys': ['team', 'cost'] },
        trust: trusting(
          { AWS: HOME },
          { Condition: { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['team'] } } },
        ),
      },
      'lacking: trust',
    ],
    [
      'a policy of 2008 trusts as well',
      { ...asking, trust: { Version: '2008-10-17', Statement: trusting({ AWS: BOB.arn }) } },
      'allowed: trust',
    ],
  );
});

// Creating a role for web identity or OpenID Connect federation.
describe('web identities', () => {
  const Action = 'sts:AssumeRoleWithWebIdentity';
  const trust = {
    ...trusting({ Federated: PROVIDER }),
    Action,
    Condition: { StringEquals: { 'id.example.com:aud': 'app' }, StringLike: { 'id.example.com:sub': 'repo:org/*' } },
  };
  const holder = { who: TOKEN_HOLDER, action: Action, resource: role, owner: HOME, trust };
  rows(
    [
      'the audience and subject it asks for',
      { ...holder, keys: { 'id.example.com:aud': 'app', 'id.example.com:sub': 'repo:org/x' } },
      'allowed: trust',
    ],
    [
      'another audience',
      { ...holder, keys: { 'id.example.com:aud': 'other', 'id.example.com:sub': 'repo:org/x' } },
      'lacking: trust',
    ],
    [
      'another subject',
      { ...holder, keys: { 'id.example.com:aud': 'app', 'id.example.com:sub': 'repo:evil/x' } },
      'lacking: trust',
    ],
    ['a token without them', holder, 'lacking: trust'],
    [
      'a token of another provider',
      {
        ...holder,
        who: { kind: 'web-identity', provider: 'accounts.google.com' },
        keys: { 'id.example.com:aud': 'app', 'id.example.com:sub': 'repo:org/x' },
      },
      'lacking: trust',
    ],
    [
      'a user does not come this way',
      {
        ...holder,
        who: BOB,
        identity: [allow('*')],
        keys: { 'id.example.com:aud': 'app', 'id.example.com:sub': 'repo:org/x' },
      },
      'lacking: trust',
    ],
  );
});
