/** The condition keys that every service has. */
import { describe, expect, it } from 'vitest';
import {
  ALICE,
  AWAY,
  allow,
  answer,
  BOB,
  deny,
  GUEST,
  GUEST_OF_ROOT,
  HOME,
  LAMBDA,
  MET,
  type Question,
  ROOT,
  SESSION,
  STRANGER,
  UNMET,
  underCondition,
} from '../testing/question.ts';

type Row = readonly [condition: Record<string, Record<string, unknown>>, more: Question, expected: string];

/** The condition stands in the policy of a resource that is open to everyone, so that any principal can be asked about. */
const onResource = (Condition: object, more: Question): string =>
  answer({ on: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition }, ...more });
const YES = 'allowed: resource';

// AWS global condition context keys, "Properties of the principal"; the table "Principal key values".
describe('the principal', () => {
  const cases: readonly Row[] = [
    [{ ArnEquals: { 'aws:PrincipalArn': BOB.arn } }, {}, YES],
    [{ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:user/staff/*` } }, { who: ALICE }, YES],
    [{ ArnEquals: { 'aws:PrincipalArn': SESSION.roleArn } }, { who: SESSION }, YES],
    [{ ArnEquals: { 'aws:PrincipalArn': SESSION.arn } }, { who: SESSION }, 'lacking: identity'],
    [{ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:root` } }, { who: ROOT, owner: HOME }, YES],
    [{ ArnEquals: { 'aws:PrincipalArn': GUEST.arn } }, { who: GUEST }, YES],
    [{ StringEquals: { 'aws:PrincipalAccount': HOME } }, {}, YES],
    [{ StringNotEquals: { 'aws:PrincipalAccount': HOME } }, {}, 'lacking: identity'],
    [{ Null: { 'aws:PrincipalAccount': 'true' } }, { who: LAMBDA }, YES],
    [{ StringEquals: { 'aws:PrincipalType': 'User' } }, {}, YES],
    [{ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, { who: SESSION }, YES],
    [{ StringEquals: { 'aws:PrincipalType': 'Account' } }, { who: ROOT }, YES],
    [{ StringEquals: { 'aws:PrincipalType': 'FederatedUser' } }, { who: GUEST }, YES],
    [{ StringEquals: { 'aws:PrincipalType': 'Anonymous' } }, { who: STRANGER }, YES],
    [{ StringEquals: { 'aws:userid': 'AIDABOB' } }, {}, YES],
    [{ StringEquals: { 'aws:userid': 'AROAREADER:monday' } }, { who: SESSION }, YES],
    [{ StringLike: { 'aws:userid': 'AROAREADER:*' } }, { who: SESSION }, YES],
    [{ StringEquals: { 'aws:userid': HOME } }, { who: ROOT }, YES],
    [{ StringEquals: { 'aws:userid': `${HOME}:guest` } }, { who: GUEST }, YES],
    [{ StringEquals: { 'aws:userid': 'anonymous' } }, { who: STRANGER }, YES],
    [{ StringEquals: { 'aws:username': 'bob' } }, {}, YES],
    [{ Null: { 'aws:username': 'true' } }, { who: SESSION }, YES],
    [{ Null: { 'aws:username': 'true' } }, { who: GUEST }, YES],
    [{ Null: { 'aws:username': 'true' } }, { who: ROOT }, YES],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, {}, YES],
    [{ StringEquals: { 'aws:PrincipalTag/TEAM': 'blue' } }, {}, YES],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'green' } }, { who: SESSION }, YES],
    [{ StringEquals: { 'aws:PrincipalTag/cost': 'x' } }, {}, 'lacking: identity'],
    [{ Null: { 'aws:PrincipalTag/cost': 'true' } }, {}, YES],
    [{ Null: { 'aws:PrincipalOrgID': 'true' } }, {}, YES],
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-example' } }, {}, 'lacking: identity'],
    [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-example/*' } }, {}, 'lacking: identity'],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'true' } }, { who: LAMBDA }, YES],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'false' } }, {}, YES],
    [{ StringEquals: { 'aws:PrincipalServiceName': 'lambda.amazonaws.com' } }, { who: LAMBDA }, YES],
    [{ 'ForAnyValue:StringEquals': { 'aws:PrincipalServiceNamesList': 'lambda.amazonaws.com' } }, { who: LAMBDA }, YES],
    [{ Null: { 'aws:PrincipalServiceName': 'true' } }, {}, YES],
  ];
  it.each(cases)('%j of %o: %s', (condition, more, expected) => {
    expect(onResource(condition, more)).toBe(expected);
  });

  it.each(['aws:PrincipalArn', 'aws:PrincipalAccount', 'aws:PrincipalType', 'aws:userid'])(
    '%s cannot be claimed',
    key => {
      expect(underCondition({ StringEquals: { [key]: 'claimed' } }, { keys: { [key]: 'claimed' } })).toBe(UNMET);
    },
  );
});

// "Properties of a role session".
describe('the session', () => {
  const withMfa = { ...SESSION, session: { ...SESSION.session, mfaAt: SESSION.session.issuedAt } };
  const vouchedFor = { ...SESSION, session: { ...SESSION.session, federatedProvider: 'accounts.google.com' } };
  const traced = { ...SESSION, session: { ...SESSION.session, sourceIdentity: 'bob' } };
  const cases: readonly Row[] = [
    [{ DateEquals: { 'aws:TokenIssueTime': '2026-03-01T11:30:00Z' } }, { who: SESSION }, MET],
    [{ DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T11:00:00Z' } }, { who: SESSION }, UNMET],
    [{ DateLessThan: { 'aws:TokenIssueTime': '2026-03-01T12:00:00Z' } }, {}, UNMET],
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, {}, MET],
    [{ Null: { 'aws:TokenIssueTime': 'true' } }, { who: SESSION }, UNMET],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, { who: withMfa }, MET],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, { who: SESSION }, UNMET],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, { who: SESSION }, MET],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, UNMET],
    [{ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, MET],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }, { who: withMfa }, MET],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '1800' } }, { who: withMfa }, UNMET],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } }, { who: SESSION }, UNMET],
    [{ Null: { 'aws:MultiFactorAuthAge': 'true' } }, {}, MET],
    [{ StringEquals: { 'aws:FederatedProvider': 'accounts.google.com' } }, { who: vouchedFor }, MET],
    [{ Null: { 'aws:FederatedProvider': 'true' } }, { who: SESSION }, MET],
    [{ StringEquals: { 'aws:SourceIdentity': 'bob' } }, { who: traced }, MET],
    [{ Null: { 'aws:SourceIdentity': 'true' } }, { who: SESSION }, MET],
  ];
  it.each(cases)('%j of %o: %s', (condition, more, expected) => {
    expect(underCondition(condition, more)).toBe(expected);
  });

  // "AWSRevokeOlderSessions": sessions issued before a moment, and no others.
  it.each([
    ['an older session', SESSION, '2026-03-01T11:45:00Z', 'denied: identity'],
    ['a newer session', SESSION, '2026-03-01T11:15:00Z', MET],
    ['keys that no token issued', BOB, '2026-03-01T11:45:00Z', MET],
  ])('revoked: %s', (_what, who, before, expected) => {
    const revoked = deny('*', '*', { Condition: { DateLessThan: { 'aws:TokenIssueTime': before } } });
    expect(answer({ who, identity: [allow('*'), revoked] })).toBe(expected);
  });

  it('of root as well', () => {
    const old = { DateGreaterThan: { 'aws:TokenIssueTime': '2026-03-01T11:00:00Z' } };
    expect(onResource(old, { who: GUEST_OF_ROOT })).toBe(YES);
  });
});

// "Properties of the network" and "Properties of the request".
describe('the request', () => {
  const at = (time: string): Question => ({ at: time });
  const having = (key: string, value: string | string[]): Question => ({ keys: { [key]: value } });
  const cases: readonly Row[] = [
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-03-01T00:00:00Z' } }, at('2026-03-01T00:00:01Z'), MET],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-03-01T00:00:00Z' } }, at('2026-02-28T23:59:59Z'), UNMET],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-03-01T00:00:00Z' } }, at('2026-03-01T00:00:00Z'), UNMET],
    [{ DateLessThanEquals: { 'aws:CurrentTime': '2026-03-01T00:00:00Z' } }, at('2026-03-01T00:00:00Z'), MET],
    [{ NumericLessThan: { 'aws:EpochTime': '1772366401' } }, {}, MET],
    [{ NumericEquals: { 'aws:EpochTime': '1772366400' } }, {}, MET],
    [{ DateGreaterThanEquals: { 'aws:EpochTime': '2026-03-01T12:00:00Z' } }, {}, MET],
    [{ DateGreaterThan: { 'aws:EpochTime': '1772366400' } }, {}, UNMET],
    [
      { StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
      having('aws:RequestedRegion', 'eu-west-1'),
      MET,
    ],
    [{ StringEquals: { 'aws:RequestedRegion': 'eu-*' } }, having('aws:RequestedRegion', 'eu-west-1'), UNMET],
    [{ StringLike: { 'aws:RequestedRegion': 'eu-*' } }, having('aws:RequestedRegion', 'eu-west-1'), MET],
    [{ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, having('aws:SourceIp', '192.0.2.5'), MET],
    [{ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, having('aws:SourceIp', '192.0.2.5'), UNMET],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, having('aws:SecureTransport', 'true'), MET],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, having('aws:SecureTransport', 'false'), UNMET],
    [{ StringLike: { 'aws:UserAgent': 'aws-cli/*' } }, having('aws:UserAgent', 'aws-cli/2.1 Python'), MET],
    [{ StringLike: { 'aws:Referer': 'https://example.com/*' } }, having('aws:Referer', 'https://example.org/'), UNMET],
    [{ StringEquals: { 'aws:RequestTag/stage': 'test' } }, having('aws:RequestTag/stage', 'test'), MET],
    [{ StringEquals: { 'aws:RequestTag/Stage': 'test' } }, having('aws:RequestTag/stage', 'test'), MET],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['stage', 'team'] } }, having('aws:TagKeys', ['team']), MET],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['stage'] } }, having('aws:TagKeys', ['team']), UNMET],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` } },
      having('aws:ResourceTag/team', 'blue'),
      MET,
    ],
    [
      { StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` } },
      having('aws:ResourceTag/team', 'red'),
      UNMET,
    ],
    [{ StringEquals: { 'aws:ResourceAccount': HOME } }, {}, MET],
    [
      { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${HOME}:*` } },
      having('aws:SourceArn', `arn:aws:sns:us-east-1:${HOME}:t`),
      MET,
    ],
    [{ StringEquals: { 'aws:SourceAccount': HOME } }, having('aws:SourceAccount', AWAY), UNMET],
    [{ Bool: { 'aws:ViaAWSService': 'false' } }, {}, MET],
    [{ Bool: { 'aws:ViaAWSService': 'true' } }, having('aws:ViaAWSService', 'true'), MET],
    [
      { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'dynamodb.amazonaws.com' } },
      having('aws:CalledVia', ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']),
      MET,
    ],
    [
      { StringEquals: { 'aws:CalledViaFirst': 'cloudformation.amazonaws.com' } },
      having('aws:CalledVia', ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']),
      MET,
    ],
    [
      { StringEquals: { 'aws:CalledViaLast': 'dynamodb.amazonaws.com' } },
      having('aws:CalledVia', ['cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']),
      MET,
    ],
    [{ Null: { 'aws:CalledViaFirst': 'true' } }, {}, MET],
    [{ StringEquals: { 's3:prefix': '' } }, having('s3:prefix', ''), MET],
    [{ NumericLessThanEquals: { 's3:max-keys': '10' } }, having('s3:max-keys', '10'), MET],
  ];
  it.each(cases)('%j with %o: %s', (condition, more, expected) => {
    expect(underCondition(condition, more)).toBe(expected);
  });

  it('about the account of the resource', () => {
    const elsewhere = { StringNotEquals: { 'aws:ResourceAccount': `\${aws:PrincipalAccount}` } };
    expect(answer({ identity: [allow('*'), deny('*', '*', { Condition: elsewhere })], owner: AWAY })).toBe(
      'denied: identity',
    );
    expect(answer({ identity: [allow('*'), deny('*', '*', { Condition: elsewhere })] })).toBe(MET);
  });

  it('from a service, not from those who name one', () => {
    const confused = { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${HOME}:*` } };
    const on = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: '*',
      Resource: '*',
      Condition: confused,
    };
    expect(answer({ who: LAMBDA, on, keys: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${HOME}:t` } })).toBe(YES);
    expect(answer({ who: LAMBDA, on, keys: { 'aws:SourceArn': `arn:aws:sns:us-east-1:${AWAY}:t` } })).toBe(
      'lacking: resource',
    );
    expect(answer({ who: LAMBDA, on })).toBe('lacking: resource');
  });
});
