/** Groups in the IAM state: quotas, and users that know nothing of them yet. */
import { expect, it } from 'vitest';
import type { IamCommand } from './commands.ts';
import { QUOTAS } from './quotas.ts';
import { IamState } from './state.ts';

const accountId = '123456789012';
const DOCUMENT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';

function machine(state = new IamState()) {
  let seq = 0;
  return (command: IamCommand) => state.apply({ seq: ++seq, now: 1_700_000_000_000 + seq }, command);
}

const createGroup = (groupName: string): IamCommand => ({
  type: 'CreateGroup',
  accountId,
  groupName,
  groupId: `AGPA${groupName}`,
  path: '/',
});
const createUser = (userName: string): IamCommand => ({
  type: 'CreateUser',
  accountId,
  userName,
  userId: `AIDA${userName}`,
  path: '/',
});
const join = (groupName: string): IamCommand => ({ type: 'AddUserToGroup', accountId, groupName, userName: 'bob' });
const exceeded = (name: string, quota: number) => ({
  ok: false,
  code: 'LimitExceeded',
  message: `Cannot exceed quota for ${name}: ${quota}`,
});

it('has 300 groups in an account, and 10 for a user', () => {
  const run = machine();
  run(createUser('bob'));
  for (let n = 0; n < QUOTAS.GroupsPerAccount; n++) expect(run(createGroup(`g${n}`)).ok).toBe(true);
  expect(run(createGroup('more'))).toEqual(exceeded('GroupsPerAccount', 300));
  for (let n = 0; n < QUOTAS.GroupsPerUser; n++) expect(run(join(`g${n}`)).ok).toBe(true);
  expect(run(join('g10'))).toEqual(exceeded('GroupsPerUser', 10));
  expect(run(join('g9'))).toEqual({ ok: true, value: null });
  expect(run({ type: 'DeleteGroup', accountId, groupName: 'g299' }).ok).toBe(true);
  expect(run(createGroup('more')).ok).toBe(true);
});

it('has 10 managed policies for a group', () => {
  const run = machine();
  run(createGroup('g'));
  const attach = (n: number): IamCommand => ({
    type: 'AttachPolicy',
    accountId,
    entity: { kind: 'group', name: 'g' },
    policyArn: `arn:aws:iam::${accountId}:policy/p${n}`,
  });
  for (let n = 0; n <= QUOTAS.AttachedPoliciesPerGroup; n++)
    run({ type: 'CreatePolicy', accountId, policyName: `p${n}`, policyId: `ANPA${n}`, path: '/', document: DOCUMENT });
  for (let n = 0; n < QUOTAS.AttachedPoliciesPerGroup; n++) expect(run(attach(n)).ok).toBe(true);
  expect(run(attach(10))).toEqual(exceeded('PoliciesPerGroup', 10));
});

it('renames a group to another case of its name, and not to the name of another', () => {
  const state = new IamState();
  const run = machine(state);
  for (const name of ['g', 'h']) run(createGroup(name));
  run(createUser('bob'));
  run(join('g'));
  const rename = (newGroupName: string): IamCommand => ({
    type: 'UpdateGroup',
    accountId,
    groupName: 'g',
    newGroupName,
  });
  expect(run(rename('H'))).toEqual({
    ok: false,
    code: 'EntityAlreadyExists',
    message: 'Group with name H already exists.',
  });
  expect(run(rename('G'))).toMatchObject({ ok: true, value: { name: 'G' } });
  expect(state.view.user(accountId, 'bob')?.groups).toEqual(['G']);
  expect(state.view.usage(accountId)).toMatchObject({ groups: 2 });
});

it('installs users of a snapshot that was made before there were groups', () => {
  const before = new IamState();
  machine(before)(createUser('bob'));
  const records = [...before.snapshot()].map(line => {
    const { groups: _, ...record } = line.record as { groups?: unknown };
    return { ...line, record };
  });
  const after = new IamState();
  after.install(records);
  const run = machine(after);
  run(createGroup('g'));
  expect(run(join('g')).ok).toBe(true);
  expect(after.view.user(accountId, 'bob')?.groups).toEqual(['g']);
});
