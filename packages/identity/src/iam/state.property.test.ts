/** Random commands against the IAM state: its invariants, and that a snapshot carries everything. */
import { pick, type Random, randomInt, seededRandom } from '@stormglass/base';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../policy-document.ts';
import type { EntityRef, IamCommand } from './commands.ts';
import { QUOTAS } from './quotas.ts';
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
  const policyName = pick(random, POLICIES);
  const policyArn = pick(random, [
    `arn:aws:iam::${accountId}:policy/${policyName}`,
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
  ]);
  const document = pick(random, DOCUMENTS);
  const versionId = `v${1 + randomInt(random, 7)}`;
  const user = { accountId, userName: name };
  const role = { accountId, roleName: name };
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
    () => ({ type: 'PutInlinePolicy', accountId, entity, policyName, document }),
    () => ({ type: 'DeleteInlinePolicy', accountId, entity, policyName }),
    () => ({ type: 'AttachPolicy', accountId, entity, policyArn }),
    () => ({ type: 'DetachPolicy', accountId, entity, policyArn }),
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
    () => ({ type: 'SetTokenVersion', accountId, version: pick(random, [1, 2] as const) }),
  ];
  return pick(random, make)();
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

function checkInvariants(state: IamState, records: readonly SnapshotRecord[]): void {
  const entities = records.flatMap(line => (line.table === 'entity' ? [line.record] : []));
  const keys = records.flatMap(line => (line.table === 'access-key' ? [line.record] : []));
  const policies = records.flatMap(line => (line.table === 'policy' ? [line.record] : []));
  const tokenKeys = records.flatMap(line => (line.table === 'token-key' ? [line.record] : []));

  const names = entities.map(e => `${e.accountId}/${e.kind}/${e.name.toLowerCase()}`);
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
    } else {
      parsePolicy(entity.trustPolicy.document, 'trust');
    }
    for (const policy of entity.inlinePolicies) parsePolicy(policy.document, 'inline');
    const named = [...entity.attachedPolicies, ...(entity.permissionsBoundary ? [entity.permissionsBoundary] : [])];
    for (const arn of named) expect(state.view.policy(arn) ?? state.view.awsManagedPolicy(arn), 'I3').toBeDefined();
  }
  for (const policy of policies) {
    const attached = entities.filter(entity => entity.attachedPolicies.includes(policy.arn));
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
    const of = (kind: string) => entities.filter(e => e.accountId === account && e.kind === kind).length;
    const own = policies.filter(policy => policy.accountId === account).length;
    expect(state.view.usage(account)).toEqual({ users: of('user'), roles: of('role'), policies: own });
  }
}

function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}
