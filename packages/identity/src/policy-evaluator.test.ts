import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicyText } from './policy-compiler.ts';
import { type Decision, evaluate, type PolicySets } from './policy-evaluator.ts';
import { type AccountPrincipal, ANONYMOUS, type Principal } from './principal.ts';
import { type ReferencePolicy, referenceAllows } from './reference-evaluator.ts';
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

it('agrees with the naive reading of the policy language', () => {
  fc.assert(
    fc.property(scenario(), ({ sets, principal, request, context }) => {
      const decision = evaluate(compiledSets(sets), { ...request, principal, context: contextOf(context) });
      const caller = {
        account: principal.accountId,
        arn: principal.arn,
        root: principal.kind === 'root',
        ...(principal.kind === 'assumed-role' ? { role: principal.roleArn } : {}),
      };
      expect(decision.allowed).toBe(
        referenceAllows(sets, { ...request, caller, context: new Map(Object.entries(context)) }),
      );
    }),
    // fast-check prints the seed and a shrunk counterexample when this fails.
    { numRuns: 6000 },
  );
});

type Sets = Parameters<typeof referenceAllows>[0];

function compiledSets(sets: Sets): PolicySets {
  const compile = (document: ReferencePolicy, use: 'inline' | 'resource' | 'trust') =>
    compilePolicyText(JSON.stringify(document), use);
  return {
    identity: sets.identity.map(document => compile(document, 'inline')),
    boundary: sets.boundary && compile(sets.boundary, 'inline'),
    session: sets.session?.map(document => compile(document, 'inline')),
    resource: sets.resource && compile(sets.resource, 'resource'),
    resourcePolicyRequired: sets.trust,
  };
}

/** Few words, so that patterns, names and values meet often. */
function scenario() {
  const some = <T>(...values: T[]) => fc.constantFrom(...values);
  const someOf = (...values: string[]) => fc.subarray(values, { minLength: 1, maxLength: Math.min(3, values.length) });
  const principals = [USER, SESSION, ROOT];

  const action = fc.tuple(
    some('Action', 'Action', 'NotAction'),
    someOf('*', 's3:*', 's3:Get*', 's3:GetObject', 'S3:put?bject', 'sqs:*'),
  );
  const resources = fc.tuple(
    some('Resource', 'Resource', 'NotResource'),
    someOf(
      '*',
      'arn:aws:s3:::b/*',
      'arn:aws:s3:::b/k',
      'arn:aws:*:::b/?',
      'arn:aws:s3*',
      `arn:aws:s3:::b/\${aws:username}`,
      `arn:aws:s3:::b/\${k:team, 'blue'}*`,
      `arn:aws:s3:::b/\${*}`,
    ),
  );
  const operator = some(
    'StringEquals',
    'StringNotEquals',
    'StringLike',
    'StringNotLike',
    'ArnLike',
    'ArnNotLike',
    'Bool',
    'NumericLessThan',
  );
  const set = some('', '', 'ForAllValues:', 'ForAnyValue:');
  const condition = fc.oneof(
    fc.tuple(
      fc.tuple(set, operator, some('', '', 'IfExists')).map(parts => parts.join('')),
      some('k:team', 'k:many', 'k:absent', 'aws:username'),
      someOf('blue', 'b*', 'true', '5', `\${aws:username}`, `\${k:absent}`, `\${k:absent, 'red'}`, 'arn:aws:s3:::b/*'),
    ),
    fc.tuple(some('Null'), some('k:team', 'k:absent', 'k:many'), someOf('true', 'false')),
  );
  const statement = fc
    .tuple(some('Allow', 'Allow', 'Deny'), action, resources, fc.option(condition, { freq: 2 }))
    .map(([Effect, [does, actions], [on, where], when]) => ({
      Effect,
      [does]: actions,
      [on]: where,
      ...(when === null ? {} : { Condition: { [when[0]]: { [when[1]]: when[2] } } }),
    }));
  const names = principals.map(who => who.arn);
  const principal = fc.tuple(
    some('Principal'),
    fc.oneof(
      fc.constant('*' as const),
      someOf(...names, HOME, AWAY, `arn:aws:iam::${HOME}:role/reader`).map(AWS => ({ AWS })),
    ),
  );
  const version = some({ Version: '2012-10-17' }, { Version: '2012-10-17' }, {});
  const document = (of: fc.Arbitrary<{ Effect: string }>): fc.Arbitrary<ReferencePolicy> =>
    fc
      .tuple(version, fc.array(of, { minLength: 1, maxLength: 3 }))
      .map(([v, Statement]) => ({ ...v, Statement }) as ReferencePolicy);
  const own = document(statement);
  const ofResource = document(fc.tuple(statement, principal).map(([s, [who, named]]) => ({ ...s, [who]: named })));
  // Absent once in two.
  const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
  const value = some('blue', 'bob', 'true', '3', '*', 'arn:aws:s3:::b/k');

  return fc.record({
    sets: fc.record({
      identity: fc.array(own, { maxLength: 3 }),
      boundary: optional(own),
      session: optional(fc.array(own, { minLength: 1, maxLength: 2 })),
      resource: optional(ofResource),
      trust: fc.boolean(),
    }),
    principal: some(...principals),
    request: fc.record({
      action: some('s3:GetObject', 's3:PutObject', 'sqs:SendMessage'),
      resource: some('arn:aws:s3:::b/k', 'arn:aws:s3:::b/bob', 'arn:aws:s3:::b/blue1', 'arn:aws:s3:::c/k', '*'),
      resourceAccount: some(HOME, HOME, AWAY),
    }),
    context: fc.record(
      { 'k:team': value, 'aws:username': value, 'k:many': fc.array(value, { maxLength: 3 }) },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Record<string, string | string[]>>,
  });
}
