import { describe, expect, it } from 'vitest';
import { compilePolicyText } from './policy-compiler.ts';
import { type Decision, evaluate, type PolicySets } from './policy-evaluator.ts';
import { type AccountPrincipal, ANONYMOUS, type Principal } from './principal.ts';
import { contextOf } from './request-context.ts';

const HOME = '111111111111';
const AWAY = '222222222222';

const USER: AccountPrincipal = {
  kind: 'user',
  accountId: HOME,
  arn: `arn:aws:iam::${HOME}:user/bob`,
  userId: 'AIDABOB',
  userName: 'bob',
  tags: [],
};

const SESSION: AccountPrincipal = {
  kind: 'assumed-role',
  accountId: HOME,
  arn: `arn:aws:sts::${HOME}:assumed-role/reader/s1`,
  userId: 'AROAREADER:s1',
  roleName: 'reader',
  roleId: 'AROAREADER',
  roleArn: `arn:aws:iam::${HOME}:role/reader`,
  sessionName: 's1',
  tags: [],
  transitiveTagKeys: [],
  session: { issuedAt: 0, expiresAt: 1 },
};

const ROOT: AccountPrincipal = { kind: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root`, userId: HOME };

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const identity = (...statements: object[]) => [compilePolicyText(policy(...statements), 'inline')];
const resource = (...statements: object[]) => compilePolicyText(policy(...statements), 'resource');

const GET = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
const ALLOWED: Decision = { allowed: true };
const no = (by: string, explicit = false) => ({ allowed: false, explicit, by });

function ask(sets: PolicySets, principal: Principal = USER, resourceAccount = HOME): Decision {
  const context = contextOf({});
  return evaluate(sets, { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourceAccount, principal, context });
}

describe('one account', () => {
  it('denies by default, allows by policy, and lets a denial win', () => {
    expect(ask({ identity: [] })).toEqual(no('identity'));
    expect(ask({ identity: identity(GET) })).toEqual(ALLOWED);
    expect(ask({ identity: identity(GET, { ...GET, Effect: 'Deny' }) })).toEqual(no('identity', true));
  });

  it('reads NotAction and NotResource as everything else', () => {
    const not = { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' };
    expect(ask({ identity: identity(not) })).toEqual(ALLOWED);
    expect(ask({ identity: identity({ ...not, NotAction: 's3:*' }) })).toEqual(no('identity'));
    expect(ask({ identity: identity({ ...not, NotResource: 'arn:aws:s3:::b/*' }) })).toEqual(no('identity'));
  });

  it('lets the resource allow alone, closer names going further', () => {
    const boundary = identity({ ...GET, Action: 'sqs:*' })[0];
    const granting = (principal: object | string, who: Principal) =>
      ask({ identity: [], boundary, resource: resource({ ...GET, Principal: principal }) }, who);
    // The user or session itself: past the boundary. Its role: within it. Its account: identity policies decide.
    expect(granting({ AWS: USER.arn }, USER)).toEqual(ALLOWED);
    expect(granting({ AWS: `arn:aws:sts::${HOME}:assumed-role/reader/s1` }, SESSION)).toEqual(ALLOWED);
    expect(granting('*', SESSION)).toEqual(ALLOWED);
    expect(granting({ AWS: `arn:aws:iam::${HOME}:role/reader` }, SESSION)).toEqual(no('boundary'));
    expect(granting({ AWS: HOME }, SESSION)).toEqual(no('identity'));
    expect(granting({ AWS: AWAY }, SESSION)).toEqual(no('identity'));
  });

  it('applies the denials of a resource policy to root as well', () => {
    expect(ask({ identity: [] }, ROOT)).toEqual(ALLOWED);
    const locked = resource({ ...GET, Effect: 'Deny', Principal: '*' });
    expect(ask({ identity: [], resource: locked }, ROOT)).toEqual(no('resource', true));
  });

  it('spares those a NotPrincipal denial names', () => {
    const locked = resource({ ...GET, Effect: 'Deny', NotPrincipal: { AWS: [USER.arn, HOME] } });
    expect(ask({ identity: identity(GET), resource: locked }, USER)).toEqual(ALLOWED);
    expect(ask({ identity: identity(GET), resource: locked }, SESSION)).toEqual(no('resource', true));
  });
});

describe('two accounts', () => {
  const open = resource({ ...GET, Principal: { AWS: HOME } });

  it('need both to allow', () => {
    expect(ask({ identity: identity(GET) }, USER, AWAY)).toEqual(no('resource'));
    expect(ask({ identity: [], resource: open }, USER, AWAY)).toEqual(no('identity'));
    expect(ask({ identity: identity(GET), resource: open }, USER, AWAY)).toEqual(ALLOWED);
  });

  it('keep boundary and session policies in force', () => {
    const other = identity({ ...GET, Action: 'sqs:*' });
    const both = { identity: identity(GET), resource: open };
    expect(ask({ ...both, boundary: other[0] }, SESSION, AWAY)).toEqual(no('boundary'));
    expect(ask({ ...both, session: other }, SESSION, AWAY)).toEqual(no('session'));
  });
});

it('asks only the resource about services and strangers', () => {
  const service: Principal = { kind: 'service', service: 'cloudtrail.amazonaws.com' };
  const open = resource({ ...GET, Principal: { Service: 'cloudtrail.amazonaws.com' } });
  expect(ask({ identity: [], resource: open }, service)).toEqual(ALLOWED);
  expect(ask({ identity: [], resource: open }, ANONYMOUS)).toEqual(no('resource'));
  expect(ask({ identity: [], resource: resource({ ...GET, Principal: '*' }) }, ANONYMOUS)).toEqual(ALLOWED);
});
