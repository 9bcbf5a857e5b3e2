/** Random accounts, policies and questions: what a simulation says is what enforcement does with the same facts. */
import type { SimulatePolicyResponse, SimulatePrincipalPolicyRequest } from '@aws-sdk/client-iam';
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import {
  type AccountPrincipal,
  authorize,
  compilePolicyText,
  contextOf,
  type Decision,
  type IamCommand,
  IamState,
  type IamView,
  type IdentityRecord,
  sessionArn,
} from '@stormglass/identity';
import type { Call } from '@stormglass/service-kit';
import { expect, it } from 'vitest';
import type { IamDeps } from '../deps.ts';
import { simulatePrincipalPolicy } from '../operations/simulate-principal-policy.ts';
import { type RandomFact, randomFacts, randomPolicy, type Vocabulary } from '../testing/random-policies.ts';

// The same every time; CI adds a fresh one. It is part of the test's name, so a failure can be repeated.
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Array.from({ length: 20 }, (_, i) => SEED + i);
const CASES = 40;

const accountId = '111111111111';
const FOREIGN = '222222222222';
const NOW = Date.UTC(2026, 4, 1);
const USERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'];
const GROUPS = ['blue', 'red', 'old'];
const ROLES = ['reader', 'writer', 'keeper'];
const POLICIES = ['p', 'q', 'r', 's'];

const ACTIONS = ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'iam:GetUser'];
const RESOURCES = [
  '*',
  'arn:aws:s3:::b/ann/x',
  'arn:aws:s3:::b/blue/x',
  'arn:aws:s3:::other/x',
  `arn:aws:sqs:us-east-1:${accountId}:jobs`,
];
const WORDS: Vocabulary = {
  actions: [...ACTIONS, '*', 's3:*', 's3:Get*', '*:Get?ser', 'SQS:sendmessage'],
  resources: [
    ...RESOURCES.slice(1),
    'arn:aws:s3:::b/*',
    'arn:aws:s3:::*/x',
    `arn:aws:s3:::b/\${aws:username}/*`,
    `arn:aws:s3:::b/\${aws:PrincipalTag/team, 'none'}/*`,
    `arn:aws:s3:::b/\${s3:prefix}/x`,
  ],
  conditions: [
    { StringEquals: { 'aws:PrincipalTag/team': ['blue', 'red'] } },
    { StringNotEquals: { 'aws:RequestTag/stage': 'live' } },
    { StringLikeIfExists: { 'S3:Prefix': [`\${aws:username}*`, 'b*'] } },
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
    { 'ForAnyValue:StringLike': { 'aws:TagKeys': ['c*', 'a'] } },
    { Null: { 'aws:RequestTag/stage': 'true' } },
    { NumericLessThan: { 's3:max-keys': '10' } },
    { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    { Bool: { 'aws:SecureTransport': 'true' } },
    { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${accountId}:user/*`, '*:role/reader'] } },
    { DateGreaterThan: { 'aws:CurrentTime': '2026-04-30T00:00:00Z' } },
    { DateLessThan: { 'aws:TokenIssueTime': '2026-04-30T00:00:00Z' } },
    { StringEquals: { 'aws:ResourceAccount': [accountId, `\${aws:PrincipalAccount}`] } },
  ],
};
const FACTS = [
  { name: 's3:prefix', values: ['blue', 'ann/', 'zoo'] },
  { name: 's3:max-keys', values: ['9', '11'] },
  { name: 'aws:RequestTag/stage', values: ['live', 'test'] },
  { name: 'aws:TagKeys', values: [['a'], ['a', 'b'], ['c1', 'a'], ['d']] },
  { name: 'aws:SourceIp', values: ['10.1.2.3', '192.0.2.1'] },
  { name: 'aws:SecureTransport', values: ['true', 'false'] },
];

function randomAccount(random: Random): IamView {
  const state = new IamState();
  let seq = 0;
  const run = (command: IamCommand) => {
    const result = state.apply({ seq: ++seq, now: NOW - 1000 + seq }, command);
    // Sizes are random, too: a policy that does not fit is simply not there.
    if (!result.ok && result.code !== 'LimitExceeded') throw new Error(result.message);
  };
  const document = () => randomPolicy(random, WORDS);
  const arnOf = (name: string) => `arn:aws:iam::${accountId}:policy/${name}`;
  for (const policyName of POLICIES)
    run({ type: 'CreatePolicy', accountId, policyName, policyId: policyName, path: '/', document: document() });
  const policyArns = [...POLICIES.map(arnOf), 'arn:aws:iam::aws:policy/ReadOnlyAccess'];
  const policies = (entity: { readonly kind: 'user' | 'group' | 'role'; readonly name: string }) => {
    for (let i = randomInt(random, 3); i > 0; i--)
      run({ type: 'PutInlinePolicy', accountId, entity, policyName: `i${i}`, document: document() });
    for (let i = randomInt(random, 3); i > 0; i--)
      run({ type: 'AttachPolicy', accountId, entity, policyArn: pick(random, policyArns) });
    if (entity.kind !== 'group' && random.next() < 0.3)
      run({
        type: 'PutPermissionsBoundary',
        accountId,
        entity: { kind: entity.kind, name: entity.name },
        policyArn: pick(random, policyArns),
      });
  };
  const tags = () => (random.next() < 0.6 ? [{ key: 'Team', value: pick(random, GROUPS) }] : []);
  for (const groupName of GROUPS) {
    run({ type: 'CreateGroup', accountId, groupName, groupId: groupName, path: '/' });
    policies({ kind: 'group', name: groupName });
  }
  for (const userName of USERS) {
    run({ type: 'CreateUser', accountId, userName, userId: `AIDA${userName}`, path: '/', tags: tags() });
    policies({ kind: 'user', name: userName });
    for (const groupName of GROUPS)
      if (random.next() < 0.4) run({ type: 'AddUserToGroup', accountId, groupName, userName });
  }
  const trustPolicy = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' },
  });
  for (const roleName of ROLES) {
    run({ type: 'CreateRole', accountId, roleName, roleId: `AROA${roleName}`, path: '/', trustPolicy, tags: tags() });
    policies({ kind: 'role', name: roleName });
  }
  return state.view;
}

/** Whoever calls with the policies of `record`. */
function callerOf(view: IamView, record: IdentityRecord): AccountPrincipal {
  if (record.kind === 'user') return view.principalForUser(record);
  if (record.kind === 'group') throw new Error('groups do not call');
  const { name: roleName, id: roleId, arn: roleArn, tags } = record;
  const issuedAt = NOW / 1000;
  return {
    ...{ kind: 'assumed-role', accountId, roleName, roleId, roleArn, tags, transitiveTagKeys: [] },
    arn: sessionArn('aws', accountId, roleName, 's'),
    userId: `${roleId}:s`,
    sessionName: 's',
    session: { issuedAt, expiresAt: issuedAt + 3600 },
  };
}

const randomPrincipal = (random: Random) => ({
  Principal: pick(random, [
    '*',
    { AWS: accountId },
    { AWS: FOREIGN },
    { AWS: `arn:aws:iam::${accountId}:user/${pick(random, USERS)}` },
  ]),
});

const decisionOf = (decision: Decision): string => {
  if (decision.allowed) return 'allowed';
  return decision.explicit ? 'explicitDeny' : 'implicitDeny';
};

const entryOf = ({ name, values, isList }: RandomFact) => ({
  ContextKeyName: name,
  ContextKeyValues: [...values],
  ContextKeyType: isList ? ('stringList' as const) : ('string' as const),
});

it.each(SEEDS)('seed %i: says what enforcement does', seed => {
  const random = seededRandom(seed);
  const view = randomAccount(random);
  const call = { accountId, now: NOW, partition: 'aws' } as Call;
  const deps = { replica: { view } } as IamDeps;
  const seen = new Set<string>();
  for (let n = 0; n < CASES; n++) {
    const record =
      random.next() < 0.7 ? view.user(accountId, pick(random, USERS))! : view.role(accountId, pick(random, ROLES))!;
    const action = pick(random, ACTIONS);
    const resource = pick(random, RESOURCES);
    const facts = randomFacts(random, FACTS);
    const resourcePolicy =
      record.kind === 'user' && random.next() < 0.4 ? randomPolicy(random, WORDS, randomPrincipal) : undefined;
    // Only S3 leaves the owner out of its ARNs.
    const owner =
      resource.startsWith('arn:aws:s3') && resourcePolicy !== undefined && random.next() < 0.4 ? FOREIGN : accountId;

    const enforced = authorize(view, {
      ...{ action, resource, now: NOW, principal: callerOf(view, record), resourceAccount: owner },
      resourcePolicy: resourcePolicy === undefined ? undefined : compilePolicyText(resourcePolicy, 'resource'),
      context: contextOf(
        Object.fromEntries(facts.map(({ name, values, isList }) => [name, isList ? values : values[0]!])),
      ),
    });
    const input: SimulatePrincipalPolicyRequest = {
      PolicySourceArn: record.arn,
      ActionNames: [action],
      ResourceArns: [resource],
      ContextEntries: facts.map(entryOf),
      ResourceOwner: owner,
      ...(resourcePolicy === undefined ? {} : { ResourcePolicy: resourcePolicy }),
    };
    const answer = simulatePrincipalPolicy.handle({ ...input }, call, deps) as SimulatePolicyResponse;
    const [result] = answer.EvaluationResults!;
    const said = result!.EvalDecision!;
    expect(said, `case ${n}: ${JSON.stringify(input)}`).toBe(decisionOf(enforced));
    // Whatever is decided by a statement points at one.
    expect(result!.MatchedStatements!.length > 0, `case ${n}`).toBe(said !== 'implicitDeny');
    seen.add(said);
  }
  expect(seen.size).toBe(3);
});
