import { seededRandom } from '@stormglass/base';
import { beforeEach, describe, expect, it } from 'vitest';
import { authorize, authorizeAssumeRole } from './authorize.ts';
import { authenticate } from './credentials.ts';
import { denialMessage } from './denial-message.ts';
import type { IamCommand } from './iam/commands.ts';
import { IamState } from './iam/state.ts';
import type { AccountPrincipal } from './principal.ts';
import { type RoleClaims, sealSession } from './session-token.ts';

const ACCOUNT = '123456789012';
const OTHER = '210987654321';
const NOW = 1_700_000_000_000;
const random = seededRandom(5);

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const deny = (Action: string, Resource = '*') => ({ Effect: 'Deny', Action, Resource });

let state: IamState;
let seq = 0;
const run = (command: IamCommand) => {
  const result = state.apply({ seq: ++seq, now: NOW }, command);
  if (!result.ok) throw new Error(result.message);
};

beforeEach(() => {
  state = new IamState();
  run({ type: 'AddTokenKey', keyId: '00000001', key: Buffer.alloc(32, 7).toString('base64'), after: null });
  run({ type: 'CreateUser', accountId: ACCOUNT, userName: 'bob', userId: 'AIDABOB', path: '/' });
  run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName: 'bob', accessKeyId: 'AKIABOB', secretAccessKey: 's3' });
});

const inline = (document: string, entity: { kind: 'user' | 'role'; name: string } = { kind: 'user', name: 'bob' }) =>
  run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p', document });

const createRole = (trusted: string) =>
  run({
    type: 'CreateRole',
    accountId: ACCOUNT,
    roleName: 'reader',
    roleId: 'AROAREADER',
    path: '/team/',
    trustPolicy: policy({ Effect: 'Allow', Principal: { AWS: trusted }, Action: 'sts:AssumeRole' }),
  });

const region = 'us-east-1';

function principal(accessKeyId: string, sessionToken?: string): AccountPrincipal {
  const found = authenticate(state.view, { accessKeyId, sessionToken, region, now: NOW });
  if (!found.ok) throw new Error(found.reason);
  return found.principal;
}

function session(more: Partial<RoleClaims> = {}): AccountPrincipal {
  const claims: RoleClaims = {
    subject: 'role',
    accountId: ACCOUNT,
    roleName: 'reader',
    roleId: 'AROAREADER',
    sessionName: 's1',
    issuedAt: NOW / 1000,
    expiresAt: NOW / 1000 + 900,
    ...more,
  };
  const credentials = sealSession(state.view.tokenKeys(), claims, random);
  return principal(credentials.accessKeyId, credentials.sessionToken);
}

const ask = (who: AccountPrincipal, action = 's3:GetObject', resource = 'arn:aws:s3:::b/k') =>
  authorize(state.view, { principal: who, action, resource, now: NOW });

describe('authenticate', () => {
  it('knows users by their keys', () => {
    expect(authenticate(state.view, { accessKeyId: 'AKIABOB', region, now: NOW })).toMatchObject({
      ok: true,
      secretAccessKey: 's3',
      principal: { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/bob`, userId: 'AIDABOB' },
    });
    expect(authenticate(state.view, { accessKeyId: 'AKIANOBODY', region, now: NOW })).toEqual({
      ok: false,
      reason: 'invalid',
    });
  });

  it('refuses inactive keys', () => {
    const key = { accountId: ACCOUNT, userName: 'bob', accessKeyId: 'AKIABOB' };
    run({ type: 'UpdateAccessKey', ...key, status: 'Inactive' });
    expect(authenticate(state.view, { accessKeyId: 'AKIABOB', region, now: NOW }).ok).toBe(false);
  });

  it('has development credentials', () => {
    expect(principal('test')).toMatchObject({ kind: 'root', accountId: '000000000000' });
    expect(principal(OTHER)).toMatchObject({ kind: 'root', arn: `arn:aws:iam::${OTHER}:root`, userId: OTHER });
  });

  it('opens sessions of a role for as long as that very role exists', () => {
    createRole(ACCOUNT);
    expect(session()).toMatchObject({
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1`,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/team/reader`,
      userId: 'AROAREADER:s1',
    });
    expect(() => session({ roleId: 'AROAOLDER' })).toThrow('invalid');
    run({ type: 'DeleteRole', accountId: ACCOUNT, roleName: 'reader' });
    expect(() => session()).toThrow('invalid');
  });

  it('refuses temporary keys without their token, and after they expired', () => {
    createRole(ACCOUNT);
    expect(() => principal('ASIAAAAAAAAAAAAAAAAA')).toThrow('invalid');
    expect(() => session({ expiresAt: NOW / 1000 })).toThrow('expired');
  });
});

describe('authorize', () => {
  it('denies by default and says why', () => {
    const request = { principal: principal('AKIABOB'), action: 'iam:CreateRole', resource: 'arn:aws:iam::1:role/x' };
    const decision = authorize(state.view, { ...request, now: NOW });
    if (decision.allowed) throw new Error('allowed');
    expect(denialMessage(request, decision)).toBe(
      `User: arn:aws:iam::${ACCOUNT}:user/bob is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::1:role/x because no identity-based policy allows the iam:CreateRole action`,
    );
  });

  it('sees a change of a managed policy at once', () => {
    const policyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
    const bob = { kind: 'user', name: 'bob' } as const;
    const create = { type: 'CreatePolicy', accountId: ACCOUNT, policyName: 'p', policyId: 'ANPA', path: '/' } as const;
    run({ ...create, document: policy(allow('s3:*')) });
    run({ type: 'AttachPolicy', accountId: ACCOUNT, entity: bob, policyArn });
    expect(ask(principal('AKIABOB'))).toEqual({ allowed: true });
    const version = { type: 'CreatePolicyVersion', accountId: ACCOUNT, policyArn, setAsDefault: true } as const;
    run({ ...version, document: policy(allow('s3:*'), deny('s3:GetObject')) });
    expect(ask(principal('AKIABOB'))).toEqual({ allowed: false, explicit: true, by: 'identity' });
  });

  it('keeps within the boundary', () => {
    inline(policy(allow('*')));
    const bob = { kind: 'user', name: 'bob' } as const;
    const policyArn = 'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess';
    run({ type: 'PutPermissionsBoundary', accountId: ACCOUNT, entity: bob, policyArn });
    expect(ask(principal('AKIABOB'))).toEqual({ allowed: false, explicit: false, by: 'boundary' });
    run({ type: 'DeletePermissionsBoundary', accountId: ACCOUNT, entity: bob });
    expect(ask(principal('AKIABOB'))).toEqual({ allowed: true });
  });

  it('keeps a session within its session policies', () => {
    createRole(ACCOUNT);
    inline(policy(allow('s3:*'), allow('sqs:*')), { kind: 'role', name: 'reader' });
    expect(ask(session())).toEqual({ allowed: true });
    expect(ask(session({ policy: policy(allow('sqs:*')) }))).toMatchObject({ allowed: false, by: 'session' });
    const policyArns = ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'];
    expect(ask(session({ policy: policy(allow('sqs:*')), policyArns }))).toEqual({ allowed: true });
  });

  it('lets a federated user do what both its user and a session policy allow', () => {
    inline(policy(allow('s3:*')));
    const session = { issuedAt: NOW / 1000, expiresAt: NOW / 1000 + 900 };
    const guest = (more: object): AccountPrincipal => ({
      kind: 'federated-user',
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:federated-user/guest`,
      userId: `${ACCOUNT}:guest`,
      federatedName: 'guest',
      user: { userName: 'bob', arn: `arn:aws:iam::${ACCOUNT}:user/bob`, userId: 'AIDABOB' },
      tags: [],
      session: { ...session, ...more },
    });
    expect(ask(guest({}))).toEqual({ allowed: false, explicit: false, by: 'session' });
    expect(ask(guest({ policy: policy(allow('*')) }))).toEqual({ allowed: true });
    expect(ask(guest({ policy: policy(allow('*')) }), 'sqs:SendMessage')).toMatchObject({ by: 'identity' });
  });

  it('lets root do everything in its own account and nothing elsewhere', () => {
    const root = principal(ACCOUNT);
    expect(ask(root)).toEqual({ allowed: true });
    const elsewhere = { principal: root, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', now: NOW };
    expect(authorize(state.view, { ...elsewhere, resourceAccount: OTHER })).toEqual({
      allowed: false,
      explicit: false,
      by: 'resource',
    });
  });
});

describe('authorizeAssumeRole', () => {
  const assume = (who: AccountPrincipal) =>
    authorizeAssumeRole(state.view, state.view.role(ACCOUNT, 'reader')!, {
      principal: who,
      action: 'sts:AssumeRole',
      now: NOW,
    });

  it('is enough to be named by the trust policy inside the account', () => {
    createRole(`arn:aws:iam::${ACCOUNT}:user/bob`);
    expect(assume(principal('AKIABOB'))).toEqual({ allowed: true });
  });

  it('needs the caller’s own policies when the trust policy names only the account', () => {
    createRole(`arn:aws:iam::${ACCOUNT}:root`);
    expect(assume(principal('AKIABOB'))).toEqual({ allowed: false, explicit: false, by: 'identity' });
    inline(policy(allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/team/*`)));
    expect(assume(principal('AKIABOB'))).toEqual({ allowed: true });
  });

  it('never goes past the trust policy', () => {
    createRole(OTHER);
    inline(policy(allow('*')));
    expect(assume(principal('AKIABOB'))).toEqual({ allowed: false, explicit: false, by: 'trust' });
    expect(assume(principal(OTHER))).toEqual({ allowed: true });
  });

  it('does not extend trust to a namesake', () => {
    const bob = `arn:aws:iam::${ACCOUNT}:user/bob`;
    createRole(bob);
    const shown = () => state.view.trustPolicyText(state.view.role(ACCOUNT, 'reader')!);
    expect(shown()).toContain(bob);
    const about = { accountId: ACCOUNT, userName: 'bob' };
    run({ type: 'DeleteAccessKey', ...about, accessKeyId: 'AKIABOB' });
    run({ type: 'DeleteUser', ...about });
    run({ type: 'CreateUser', ...about, userId: 'AIDANEW', path: '/' });
    run({ type: 'CreateAccessKey', ...about, accessKeyId: 'AKIANEW', secretAccessKey: 's' });
    expect(assume(principal('AKIANEW'))).toEqual({ allowed: false, explicit: false, by: 'trust' });
    expect(shown()).toContain('"AIDABOB"');
  });
});
