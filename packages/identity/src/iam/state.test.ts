import { expect, it } from 'vitest';
import type { IamCommand } from './commands.ts';
import { IamState } from './state.ts';

const ACCOUNT = '123456789012';
const ALLOW_ALL = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
const TRUST = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"${ACCOUNT}"},"Action":"sts:AssumeRole"}}`;

function machine() {
  const state = new IamState();
  let seq = 0;
  const run = (command: IamCommand) => state.apply({ seq: ++seq, now: 1_700_000_000_000 + seq }, command);
  return { state, run };
}

const createUser = (userName: string): IamCommand => ({
  type: 'CreateUser',
  accountId: ACCOUNT,
  userName,
  userId: `AIDA${userName}`,
  path: '/',
});

const createRole = (roleName: string): IamCommand => ({
  type: 'CreateRole',
  accountId: ACCOUNT,
  roleName,
  roleId: `AROA${roleName}`,
  path: '/',
  trustPolicy: TRUST,
});

const refusal = (code: string, message: string) => ({ ok: false, code, message });

it('creates a user once, whatever the case of its name', () => {
  const { run, state } = machine();
  expect(run(createUser('Bob'))).toMatchObject({ ok: true, value: { arn: `arn:aws:iam::${ACCOUNT}:user/Bob` } });
  expect(run(createUser('bob'))).toEqual(refusal('EntityAlreadyExists', 'User with name bob already exists.'));
  expect(state.view.user(ACCOUNT, 'BOB')?.name).toBe('Bob');
  expect(run({ ...createUser('bob'), accountId: '000000000000' } as IamCommand).ok).toBe(true);
});

it('refuses in the words of IAM what does not exist', () => {
  const { run } = machine();
  expect(run({ type: 'DeleteUser', accountId: ACCOUNT, userName: 'bob' })).toEqual(
    refusal('NoSuchEntity', 'The user with name bob cannot be found.'),
  );
  expect(run({ type: 'DeleteRole', accountId: ACCOUNT, roleName: 'r' })).toEqual(
    refusal('NoSuchEntity', 'The role with name r cannot be found.'),
  );
  run(createRole('r'));
  expect(run(createRole('R'))).toEqual(refusal('EntityAlreadyExists', 'Role with name R already exists.'));
  const entity = { kind: 'role', name: 'r' } as const;
  expect(run({ type: 'DeleteInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p' })).toEqual(
    refusal('NoSuchEntity', 'The role policy with name p cannot be found.'),
  );
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/none`;
  expect(run({ type: 'AttachPolicy', accountId: ACCOUNT, entity, policyArn })).toEqual(
    refusal('NoSuchEntity', `Policy ${policyArn} does not exist or is not attachable.`),
  );
});

it('keeps a user that still has keys or policies', () => {
  const { run } = machine();
  const about = { accountId: ACCOUNT, userName: 'bob' };
  const entity = { kind: 'user', name: 'bob' } as const;
  const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  run(createUser('bob'));
  for (const n of ['1', '2'])
    expect(run({ type: 'CreateAccessKey', ...about, accessKeyId: `AKIA${n}`, secretAccessKey: 's' }).ok).toBe(true);
  expect(run({ type: 'CreateAccessKey', ...about, accessKeyId: 'AKIA3', secretAccessKey: 's' })).toEqual(
    refusal('LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2'),
  );
  run({ type: 'AttachPolicy', accountId: ACCOUNT, entity, policyArn });
  run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p', document: ALLOW_ALL });
  const remove = () => run({ type: 'DeleteUser', ...about });

  expect(remove()).toEqual(refusal('DeleteConflict', 'Cannot delete entity, must detach all policies first.'));
  run({ type: 'DetachPolicy', accountId: ACCOUNT, entity, policyArn });
  expect(remove()).toEqual(refusal('DeleteConflict', 'Cannot delete entity, must delete policies first.'));
  run({ type: 'DeleteInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p' });
  expect(remove()).toEqual(refusal('DeleteConflict', 'Cannot delete entity, must delete access keys first.'));
  for (const n of ['1', '2']) run({ type: 'DeleteAccessKey', ...about, accessKeyId: `AKIA${n}` });
  expect(remove()).toEqual({ ok: true, value: null });
});

it('takes the keys along when a user is renamed', () => {
  const { run, state } = machine();
  run(createUser('bob'));
  run({ type: 'CreateAccessKey', accountId: ACCOUNT, userName: 'bob', accessKeyId: 'AKIA1', secretAccessKey: 's' });
  run({ type: 'UpdateUser', accountId: ACCOUNT, userName: 'bob', newUserName: 'rob', newPath: '/team/' });
  expect(state.view.user(ACCOUNT, 'bob')).toBeUndefined();
  expect(state.view.user(ACCOUNT, 'rob')?.arn).toBe(`arn:aws:iam::${ACCOUNT}:user/team/rob`);
  expect(state.view.accessKey('AKIA1')?.userName).toBe('rob');
});

it('numbers the versions of a managed policy and keeps its default', () => {
  const { run, state } = machine();
  const about = { accountId: ACCOUNT, policyArn: `arn:aws:iam::${ACCOUNT}:policy/p` };
  const document = ALLOW_ALL;
  run({ type: 'CreatePolicy', accountId: ACCOUNT, policyName: 'p', policyId: 'ANPA1', path: '/', document });
  for (let n = 2; n <= 5; n++) {
    const made = run({ type: 'CreatePolicyVersion', ...about, document, setAsDefault: n === 3 });
    expect(made).toMatchObject({ ok: true, value: { version: { versionId: `v${n}` }, isDefault: n === 3 } });
  }
  expect(run({ type: 'CreatePolicyVersion', ...about, document, setAsDefault: false })).toMatchObject({
    code: 'LimitExceeded',
    message: expect.stringMatching(/^A managed policy can have up to 5 versions\./),
  });
  expect(run({ type: 'DeletePolicyVersion', ...about, versionId: 'v3' })).toEqual(
    refusal('DeleteConflict', 'Cannot delete the default version of a policy.'),
  );
  expect(run({ type: 'DeletePolicyVersion', ...about, versionId: 'v5' }).ok).toBe(true);
  // A number once used is not used again.
  expect(run({ type: 'CreatePolicyVersion', ...about, document, setAsDefault: false })).toMatchObject({
    value: { version: { versionId: 'v6' } },
  });
  expect(state.view.policy(about.policyArn)?.defaultVersionId).toBe('v3');
});

it('refuses malformed documents and unknown principals', () => {
  const { run } = machine();
  run(createUser('bob'));
  const entity = { kind: 'user', name: 'bob' } as const;
  expect(run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p', document: '{}' })).toEqual(
    refusal('MalformedPolicyDocument', 'Syntax errors in policy.'),
  );
  const trustPolicy = TRUST.replace(`"${ACCOUNT}"`, `"arn:aws:iam::${ACCOUNT}:user/nobody"`);
  expect(run({ ...createRole('r'), trustPolicy } as IamCommand)).toEqual(
    refusal('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:user/nobody"`),
  );
});

it('lets the first token key win, and rotation add', () => {
  const { run, state } = machine();
  const add = (keyId: string, after: string | null) => run({ type: 'AddTokenKey', keyId, key: 'a2V5', after });
  expect(add('00000001', null)).toMatchObject({ ok: true, value: { id: '00000001', generation: 1 } });
  expect(add('00000002', null)).toMatchObject({ ok: true, value: { id: '00000001', generation: 1 } });
  expect(add('00000003', '00000001')).toMatchObject({ value: { id: '00000003', generation: 2 } });
  expect(add('00000004', '00000001')).toMatchObject({ value: { id: '00000003', generation: 2 } });
  expect(state.view.tokenKeys().map(key => key.id)).toEqual(['00000003', '00000001']);
});

it('lists in pages by name, under a path', () => {
  const { run, state } = machine();
  for (const name of ['dora', 'Bob', 'alice', 'Carl']) run(createUser(name));
  run({ type: 'UpdateUser', accountId: ACCOUNT, userName: 'carl', newPath: '/team/' });
  const names = (items: readonly { name: string }[]) => items.map(item => item.name);
  const first = state.view.listUsers(ACCOUNT, { max: 3 });
  expect(names(first.items)).toEqual(['alice', 'Bob', 'Carl']);
  const second = state.view.listUsers(ACCOUNT, { max: 3, afterKey: first.nextKey });
  expect(names(second.items)).toEqual(['dora']);
  expect(second.nextKey).toBeUndefined();
  expect(names(state.view.listUsers(ACCOUNT, { max: 3, pathPrefix: '/team/' }).items)).toEqual(['Carl']);
  expect(state.view.listUsers('999999999999', { max: 3 })).toEqual({ items: [] });
});

it('answers a command it does not know', () => {
  const { run } = machine();
  expect(run({ type: 'toString' } as unknown as IamCommand)).toMatchObject({ ok: false, code: 'UnknownCommand' });
});
