/** Random commands against the IAM state: its invariants, and that a snapshot carries everything. */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../policy-document.ts';
import { ROLE_DELETIONS_MAX } from './apply-service-linked-roles.ts';
import type { EntityRef, IamCommand, IdentityRef, ResourceRef } from './commands.ts';
import { issuerName } from './oidc-issuer.ts';
import { QUOTAS } from './quotas.ts';
import type { UserRecord } from './records.ts';
import { isServiceLinked } from './service-linked-roles.ts';
import { IamState } from './state.ts';
import type { SnapshotRecord } from './tables.ts';

const ACCOUNTS = ['111111111111', '222222222222'];
const NAMES = ['a', 'A', 'b', 'c'];
const POLICIES = ['p', 'q'];
const DOCUMENTS = [
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}',
  '{"Statement":{}}',
];

const COMMANDS = 400;
// The same every time; CI adds a fresh one. It is part of the test's name, so a failure can be repeated.
const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Array.from({ length: 12 }, (_, i) => SEED + i);

const trustPolicy = (principal: string) =>
  `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${principal}"},"Action":"sts:AssumeRole"}}`;

function randomCommand(random: Random, step: number): IamCommand {
  const accountId = pick(random, ACCOUNTS);
  const name = pick(random, NAMES);
  const kind = pick(random, ['user', 'role'] as const);
  const entity: EntityRef = { kind, name };
  const identity: IdentityRef = { kind: pick(random, ['user', 'group', 'role'] as const), name: pick(random, NAMES) };
  const policyName = pick(random, POLICIES);
  const policyArn = pick(random, [
    `arn:aws:iam::${accountId}:policy/${policyName}`,
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
  ]);
  const document = pick(random, DOCUMENTS);
  const versionId = `v${1 + randomInt(random, 7)}`;
  const user = { accountId, userName: name };
  const role = { accountId, roleName: name };
  const group = { accountId, groupName: pick(random, NAMES) };
  const profile = { accountId, profileName: pick(random, NAMES) };
  const serviceLinked = pick(random, ['AWSServiceRoleForECS', 'AWSServiceRoleForAutoScaling_a']);
  const provider = { accountId, providerArn: `arn:aws:iam::${accountId}:oidc-provider/${name}.example` };
  const accessKeyId = `AKIA${randomInt(random, 12)}`;
  const bounded = random.next() < 0.3 ? { permissionsBoundary: policyArn } : {};
  const tags = [{ key: pick(random, NAMES), value: String(step) }];
  const trusted = trustPolicy(pick(random, [accountId, `arn:aws:iam::${accountId}:user/${name}`]));

  const make: readonly (() => IamCommand)[] = [
    () => ({ type: 'CreateUser', ...user, userId: `AIDA${step}`, path: '/', tags, ...bounded }),
    () => ({ type: 'UpdateUser', ...user, newUserName: pick(random, NAMES), newPath: '/x/' }),
    () => ({ type: 'DeleteUser', ...user }),
    () => ({ type: 'CreateAccessKey', ...user, accessKeyId, secretAccessKey: `s${step}` }),
    () => ({ type: 'CreateAccessKey', ...user, accessKeyId: `AKIAX${step}`, secretAccessKey: `s${step}` }),
    () => ({ type: 'UpdateAccessKey', ...user, accessKeyId, status: pick(random, ['Active', 'Inactive']) }),
    () => ({ type: 'DeleteAccessKey', ...user, accessKeyId }),
    () => ({ type: 'CreateRole', ...role, roleId: `AROA${step}`, path: '/', trustPolicy: trusted, ...bounded }),
    () => ({ type: 'UpdateRole', ...role, maxSessionDurationSeconds: 3000 + randomInt(random, 3000) }),
    () => ({ type: 'UpdateAssumeRolePolicy', ...role, trustPolicy: trusted }),
    () => ({ type: 'DeleteRole', ...role }),
    () => ({ type: 'CreateGroup', ...group, groupId: `AGPA${step}`, path: '/' }),
    () => ({ type: 'UpdateGroup', ...group, newGroupName: pick(random, NAMES), newPath: '/y/' }),
    () => ({ type: 'DeleteGroup', ...group }),
    () => ({ type: 'AddUserToGroup', ...group, userName: name }),
    () => ({ type: 'RemoveUserFromGroup', ...group, userName: name }),
    () => ({
      type: 'CreateOidcProvider',
      accountId,
      url: pick(random, [`https://${name}.example`, `ftp://${name}.example`]),
      clientIds: [name],
      thumbprints: ['0'.repeat(pick(random, [39, 40]))],
      tags,
    }),
    () => ({ type: 'CreateInstanceProfile', ...profile, profileId: `AIPA${step}`, path: '/', tags }),
    () => ({ type: 'DeleteInstanceProfile', ...profile }),
    () => ({ type: 'AddRoleToInstanceProfile', ...profile, roleName: pick(random, [name, serviceLinked]) }),
    () => ({ type: 'RemoveRoleFromInstanceProfile', ...profile, roleName: name }),
    () => ({ type: 'CreateServiceLinkedRole', accountId, service: 'ecs.amazonaws.com', roleId: `AROA${step}` }),
    () => ({
      type: 'CreateServiceLinkedRole',
      accountId,
      service: pick(random, ['autoscaling.amazonaws.com', 'ecs.amazonaws.com', 'nothing']),
      roleId: `AROA${step}`,
      customSuffix: 'a',
    }),
    () => ({
      type: 'DeleteServiceLinkedRole',
      accountId,
      roleName: pick(random, [name, serviceLinked]),
      taskUuid: String(step),
    }),
    () => ({ type: 'DeleteRole', accountId, roleName: serviceLinked }),
    () => ({ type: 'PutInlinePolicy', accountId, entity: { kind: 'role', name: serviceLinked }, policyName, document }),
    () => ({ type: 'AttachPolicy', accountId, entity: { kind: 'role', name: serviceLinked }, policyArn }),
    () => ({ type: 'UpdateRole', accountId, roleName: serviceLinked, maxSessionDurationSeconds: 7200 }),
    () => ({ type: 'UpdateRole', accountId, roleName: serviceLinked, description: String(step) }),
    () => ({ type: 'CreateAccountAlias', accountId, alias: pick(random, ['alias-1', 'alias-2', '--']) }),
    () => ({ type: 'DeleteAccountAlias', accountId, alias: pick(random, ['alias-1', 'alias-2']) }),
    () => ({ type: 'TagResource', accountId, resource: randomResource(random, accountId), tags }),
    () => ({ type: 'UntagResource', accountId, resource: randomResource(random, accountId), tagKeys: [name] }),
    () => ({ type: 'DeleteOidcProvider', ...provider }),
    () => ({ type: 'AddOidcClientId', ...provider, clientId: `c${step}` }),
    () => ({ type: 'RemoveOidcClientId', ...provider, clientId: name }),
    () => ({ type: 'UpdateOidcThumbprints', ...provider, thumbprints: [String(step % 10).repeat(40)] }),
    () => ({ type: 'PutInlinePolicy', accountId, entity: identity, policyName, document }),
    () => ({ type: 'DeleteInlinePolicy', accountId, entity: identity, policyName }),
    () => ({ type: 'AttachPolicy', accountId, entity: identity, policyArn }),
    () => ({ type: 'DetachPolicy', accountId, entity: identity, policyArn }),
    () => ({ type: 'PutPermissionsBoundary', accountId, entity, policyArn }),
    () => ({ type: 'DeletePermissionsBoundary', accountId, entity }),
    () => ({ type: 'TagEntity', accountId, entity, tags }),
    () => ({ type: 'UntagEntity', accountId, entity, tagKeys: [name] }),
    () => ({ type: 'CreatePolicy', accountId, policyName, policyId: `ANPA${step}`, path: '/', document }),
    () => ({ type: 'DeletePolicy', accountId, policyArn }),
    () => ({ type: 'CreatePolicyVersion', accountId, policyArn, document, setAsDefault: random.next() < 0.5 }),
    () => ({ type: 'SetDefaultPolicyVersion', accountId, policyArn, versionId }),
    () => ({ type: 'DeletePolicyVersion', accountId, policyArn, versionId }),
    () => ({ type: 'AddTokenKey', keyId: `k${randomInt(random, 20)}`, key: `${step}`, after: newestKey(random, step) }),
    () => ({ type: 'EnableRegion', accountId, region: 'eu-south-1', changeId: `c${step}` }),
    () => ({ type: 'DisableRegion', accountId, region: 'eu-south-1', changeId: `c${step}` }),
    () => ({
      type: 'ConfirmRegion',
      accountId,
      region: 'eu-south-1',
      changeId: `c${step - 1 - randomInt(random, 60)}`,
    }),
    () => ({ type: 'SetTokenVersion', accountId, version: pick(random, [1, 2] as const) }),
    () => ({ type: 'GenerateCredentialReport', accountId }),
  ];
  return pick(random, make)();
}

function randomResource(random: Random, accountId: string): ResourceRef {
  const name = pick(random, NAMES);
  return pick(random, [
    { kind: 'policy', arn: `arn:aws:iam::${accountId}:policy/${pick(random, POLICIES)}` },
    { kind: 'oidc-provider', arn: `arn:aws:iam::${accountId}:oidc-provider/${name}.example` },
    { kind: 'instance-profile', name },
  ] as const);
}

const newestKey = (random: Random, step: number): string | null => (step < 20 ? null : `k${randomInt(random, 20)}`);

const apply = (state: IamState, step: number, command: IamCommand) =>
  state.apply({ seq: step, now: 1_700_000_000_000 + step }, command);

const drawn = (state: IamState): readonly SnapshotRecord[] => [...state.snapshot()];

describe.each(SEEDS)('seed %i', seed => {
  it('keeps its invariants', () => {
    const random = seededRandom(seed);
    const state = new IamState();
    let before: readonly SnapshotRecord[] = [];
    for (let step = 1; step <= COMMANDS; step++) {
      const result = apply(state, step, freezeDeep(randomCommand(random, step)));
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      // I7: whoever changes a frozen record throws, and a throw is not a refusal.
      const after = freezeDeep(drawn(state));
      if (!result.ok) expect(after, 'I6').toEqual(before);
      if (step % 10 === 0) checkInvariants(state, after);
      before = after;
    }
  });

  it('goes on from a snapshot as from the state itself', () => {
    const random = seededRandom(seed);
    const a = new IamState();
    const b = new IamState();
    // What was there before must be gone after the install.
    apply(b, 1, { type: 'CreateUser', accountId: '333333333333', userName: 'x', userId: 'AIDAX', path: '/' });
    const half = 1 + randomInt(random, COMMANDS);
    let step = 0;
    const next = () => randomCommand(random, ++step);
    while (step < half) apply(a, step, next());

    const expected = drawn(a);
    const snapshot = a.snapshot()[Symbol.iterator]();
    const records: unknown[] = [];
    const later: [number, IamCommand][] = [];
    // The snapshot is drawn record by record while commands go on.
    while (step < COMMANDS) {
      const command = next();
      later.push([step, command]);
      apply(a, step, command);
      const { done, value } = snapshot.next();
      if (!done) records.push(value);
    }
    for (let line = snapshot.next(); !line.done; line = snapshot.next()) records.push(line.value);
    expect(records).toEqual(expected);

    // Through JSON, as a snapshot travels.
    b.install(JSON.parse(JSON.stringify(records)) as unknown[]);
    for (const [at, command] of later) apply(b, at, command);
    expect(drawn(b)).toEqual(drawn(a));
    for (const account of ACCOUNTS) expect(b.view.usage(account)).toEqual(a.view.usage(account));
  });
});

/** What is remembered of a user's policies is what its records say now, those of its groups included. */
function checkPolicies(state: IamState, user: UserRecord): void {
  const holders = [user, ...user.groups.map(name => state.view.group(user.accountId, name)!)];
  const count = holders.reduce((sum, { inlinePolicies: a, attachedPolicies: b }) => sum + a.length + b.length, 0);
  expect(state.view.policiesOf(user).identity.length, 'I9').toBe(count);
}

function checkInvariants(state: IamState, records: readonly SnapshotRecord[]): void {
  const entities = records.flatMap(line => (line.table === 'entity' ? [line.record] : []));
  const keys = records.flatMap(line => (line.table === 'access-key' ? [line.record] : []));
  const policies = records.flatMap(line => (line.table === 'policy' ? [line.record] : []));
  const groups = records.flatMap(line => (line.table === 'group' ? [line.record] : []));
  const providers = records.flatMap(line => (line.table === 'oidc-provider' ? [line.record] : []));
  const profiles = records.flatMap(line => (line.table === 'instance-profile' ? [line.record] : []));
  const aliases = records.flatMap(line => (line.table === 'account-alias' ? [line.record.alias] : []));
  const deletions = records.flatMap(line => (line.table === 'role-deletion' ? [line.record] : []));
  const tokenKeys = records.flatMap(line => (line.table === 'token-key' ? [line.record] : []));

  const names = [...entities, ...groups].map(e => `${e.accountId}/${e.kind}/${e.name.toLowerCase()}`);
  expect(new Set(names).size, 'I1').toBe(names.length);

  for (const key of keys) {
    const owner = state.view.user(key.accountId, key.userName);
    expect(owner?.name, 'I2').toBe(key.userName);
    expect(owner?.accessKeyIds, 'I2').toContain(key.id);
  }
  for (const entity of entities) {
    if (entity.kind === 'user') {
      expect(entity.accessKeyIds.length, 'I2').toBeLessThanOrEqual(QUOTAS.AccessKeysPerUser);
      for (const id of entity.accessKeyIds) expect(state.view.accessKey(id), 'I2').toBeDefined();
      expect(new Set(entity.groups).size, 'I9').toBe(entity.groups.length);
      expect(entity.groups.length, 'I9').toBeLessThanOrEqual(QUOTAS.GroupsPerUser);
      for (const name of entity.groups) expect(state.view.group(entity.accountId, name)?.name, 'I9').toBe(name);
      checkPolicies(state, entity);
    } else {
      parsePolicy(entity.trustPolicy.document, 'trust');
    }
  }
  for (const identity of [...entities, ...groups]) {
    for (const policy of identity.inlinePolicies) parsePolicy(policy.document, 'inline');
    const bound = identity.kind === 'group' ? undefined : identity.permissionsBoundary;
    for (const arn of [...identity.attachedPolicies, ...(bound ? [bound] : [])])
      expect(state.view.policy(arn) ?? state.view.awsManagedPolicy(arn), 'I3').toBeDefined();
  }
  for (const { accountId, roleName } of profiles)
    if (roleName !== undefined) expect(state.view.role(accountId, roleName)?.name, 'I11').toBe(roleName);
  expect(new Set(aliases).size, 'I12').toBe(aliases.length);
  for (const entity of entities.filter(isServiceLinked)) {
    expect(entity.name, 'I13').toMatch(/^AWSServiceRoleFor/);
    expect(entity, 'I13').toMatchObject({ maxSessionDurationSeconds: 3600, inlinePolicies: [], attachedPolicies: [] });
  }
  for (const provider of providers) {
    const { accountId, issuer, clientIds, thumbprints } = provider;
    expect(provider.arn, 'I10').toBe(`arn:aws:iam::${accountId}:oidc-provider/${issuerName(issuer)}`);
    expect(clientIds.length, 'I10').toBeLessThanOrEqual(QUOTAS.ClientIdsPerOidcProvider);
    expect(thumbprints.length, 'I10').toBeLessThanOrEqual(QUOTAS.ThumbprintsPerOidcProvider);
  }
  for (const policy of policies) {
    const attached = [...entities, ...groups].filter(entity => entity.attachedPolicies.includes(policy.arn));
    const bounded = entities.filter(entity => entity.permissionsBoundary === policy.arn);
    expect([policy.attachmentCount, policy.boundaryCount], 'I3').toEqual([attached.length, bounded.length]);
    const versions = policy.versions.map(version => version.versionId);
    expect(versions, 'I4').toContain(policy.defaultVersionId);
    expect(new Set(versions).size, 'I4').toBe(versions.length);
    expect(versions.length, 'I4').toBeLessThanOrEqual(QUOTAS.VersionsPerPolicy);
    for (const version of policy.versions) parsePolicy(version.document, 'managed');
  }
  const generations = tokenKeys.map(key => key.generation);
  expect(new Set(generations).size, 'I8').toBe(generations.length);
  expect(state.view.tokenKeys()[0]?.generation, 'I8').toBe(generations.at(-1));
  for (const account of ACCOUNTS) {
    const own = <Row extends { readonly accountId: string }>(rows: readonly Row[]) =>
      rows.filter(row => row.accountId === account);
    const of = (kind: string) => own(entities).filter(entity => entity.kind === kind).length;
    expect(own(deletions).length, 'bounded').toBeLessThanOrEqual(ROLE_DELETIONS_MAX);
    expect(state.view.usage(account)).toEqual({
      users: of('user'),
      groups: own(groups).length,
      roles: of('role'),
      policies: own(policies).length,
      instanceProfiles: own(profiles).length,
      oidcProviders: own(providers).length,
    });
  }
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}
