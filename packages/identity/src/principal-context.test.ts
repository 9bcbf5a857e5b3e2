import { expect, it } from 'vitest';
import { ANONYMOUS, mergeTags, type Principal, rootPrincipal } from './principal.ts';
import { principalContext } from './principal-context.ts';
import { contextOf } from './request-context.ts';

const ACCOUNT = '123456789012';
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

const USER: Principal = {
  kind: 'user',
  accountId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/team/bob`,
  userId: 'AIDABOB',
  userName: 'bob',
  tags: [{ key: 'Team', value: 'blue' }],
};

const SESSION: Principal = {
  kind: 'assumed-role',
  accountId: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1`,
  userId: 'AROAREADER:s1',
  roleName: 'reader',
  roleId: 'AROAREADER',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/reader`,
  sessionName: 's1',
  tags: [],
  transitiveTagKeys: [],
  session: { issuedAt: NOW / 1000 - 60, expiresAt: NOW / 1000 + 60, sourceIdentity: 'bob' },
};

/** The keys that have a value, of all that are derived from a principal. */
function keysOf(principal: Principal): Record<string, unknown> {
  const context = principalContext({ principal, resourceAccount: ACCOUNT, now: NOW, context: contextOf({}) });
  const names = ['PrincipalArn', 'PrincipalAccount', 'PrincipalType', 'userid', 'username', 'PrincipalTag/team'].concat(
    ['TokenIssueTime', 'SourceIdentity', 'MultiFactorAuthPresent', 'PrincipalIsAWSService', 'PrincipalServiceName'],
  );
  const values = names.map(name => [name, context.get(`aws:${name}`.toLowerCase())] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

it('describes each kind of principal', () => {
  expect(keysOf(USER)).toEqual({
    PrincipalArn: USER.arn,
    PrincipalAccount: ACCOUNT,
    PrincipalType: 'User',
    PrincipalIsAWSService: 'false',
    userid: 'AIDABOB',
    username: 'bob',
    'PrincipalTag/team': 'blue',
  });
  expect(keysOf(SESSION)).toEqual({
    PrincipalArn: SESSION.roleArn,
    PrincipalAccount: ACCOUNT,
    PrincipalType: 'AssumedRole',
    PrincipalIsAWSService: 'false',
    userid: 'AROAREADER:s1',
    TokenIssueTime: '2026-01-02T03:03:05Z',
    SourceIdentity: 'bob',
    MultiFactorAuthPresent: 'false',
  });
  expect(keysOf(rootPrincipal('aws', ACCOUNT))).toEqual({
    PrincipalArn: `arn:aws:iam::${ACCOUNT}:root`,
    PrincipalAccount: ACCOUNT,
    PrincipalType: 'Account',
    PrincipalIsAWSService: 'false',
    userid: ACCOUNT,
  });
  expect(keysOf({ kind: 'service', service: 's3.amazonaws.com' })).toEqual({
    PrincipalType: 'AWSService',
    PrincipalIsAWSService: 'true',
    PrincipalServiceName: 's3.amazonaws.com',
  });
  expect(keysOf(ANONYMOUS)).toEqual({
    PrincipalType: 'Anonymous',
    userid: 'anonymous',
    PrincipalIsAWSService: 'false',
  });
});

it('knows the time, and lets nobody pretend to be another', () => {
  const service = contextOf({ 'aws:PrincipalArn': 'arn:aws:iam::1:user/eve', 'aws:SourceIp': '10.0.0.1' });
  const context = principalContext({ principal: USER, resourceAccount: '999999999999', now: NOW, context: service });
  expect(context.get('aws:principalarn')).toBe(USER.arn);
  expect(context.get('aws:sourceip')).toBe('10.0.0.1');
  expect(context.get('aws:currenttime')).toBe('2026-01-02T03:04:05Z');
  expect(context.get('aws:epochtime')).toBe(String(NOW / 1000));
  expect(context.get('aws:resourceaccount')).toBe('999999999999');
  expect(context.get('aws:viaawsservice')).toBe('false');
});

it('lays session tags over the tags of the role', () => {
  const role = [
    { key: 'Team', value: 'blue' },
    { key: 'stage', value: 'prod' },
  ];
  expect(mergeTags(role, [{ key: 'team', value: 'red' }])).toEqual([
    { key: 'stage', value: 'prod' },
    { key: 'team', value: 'red' },
  ]);
});
