/** Who may do what: IAM's own operations under policies, with AWS's sentences for those who may not. */
import {
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListPoliciesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  TagUserCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import type { RoleClaims } from '@stormglass/identity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, policy, refusal, startIamHost, trust } from './testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const arn = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;

const denied = (who: string, action: string, resource: string, why = `no identity-based policy allows`) =>
  refusal(
    'AccessDenied',
    403,
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} because ${why} the ${action} action`,
  );

it('lets a user do what its policy allows, and nothing else', async () => {
  const ann = await host.user('ann', allow('iam:GetUser'));
  const who = arn('user/ann');
  expect((await ann.send(new GetUserCommand({}))).User?.Arn).toBe(who);
  const create = new CreateUserCommand({ UserName: 'new', Path: '/p/' });
  await expect(ann.send(create)).rejects.toMatchObject(denied(who, 'iam:CreateUser', arn('user/p/new')));
  await expect(ann.send(new ListUsersCommand({}))).rejects.toMatchObject(denied(who, 'iam:ListUsers', arn('user/')));
  await expect(ann.send(new ListPoliciesCommand({}))).rejects.toMatchObject(
    denied(who, 'iam:ListPolicies', 'policy path /'),
  );
});

it('asks about the path that an existing user really has', async () => {
  await host.root.send(new CreateUserCommand({ UserName: 'inside', Path: '/dev/' }));
  await host.root.send(new CreateUserCommand({ UserName: 'outside' }));
  const dev = await host.user('dev-admin', allow('iam:*', arn('user/dev/*')));
  await dev.send(new GetUserCommand({ UserName: 'inside' }));
  await expect(dev.send(new DeleteUserCommand({ UserName: 'outside' }))).rejects.toMatchObject(
    denied(arn('user/dev-admin'), 'iam:DeleteUser', arn('user/outside')),
  );
  const move = new UpdateUserCommand({ UserName: 'inside', NewPath: '/admin/' });
  await expect(dev.send(move)).rejects.toMatchObject(
    denied(arn('user/dev-admin'), 'iam:UpdateUser', arn('user/admin/inside')),
  );
  await dev.send(new UpdateUserCommand({ UserName: 'inside', NewPath: '/dev/sub/' }));
});

it('names an explicit denial', async () => {
  const eve = await host.user('eve', allow('iam:*'), { Effect: 'Deny', Action: 'iam:DeleteUser', Resource: '*' });
  await expect(eve.send(new DeleteUserCommand({ UserName: 'eve' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: `User: ${arn('user/eve')} is not authorized to perform: iam:DeleteUser on resource: ${arn('user/eve')} with an explicit deny in an identity-based policy`,
  });
});

it('knows the condition keys of attachments, boundaries and tags', async () => {
  const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const when = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } });
  const fay: IAMClient = await host.user(
    'fay',
    allow('iam:AttachUserPolicy', '*', { Condition: { ArnEquals: { 'iam:PolicyARN': readOnly } } }),
    allow('iam:CreateUser', '*', when('iam:PermissionsBoundary', readOnly)),
    allow('iam:TagUser', '*', {
      Condition: {
        StringEquals: { 'aws:RequestTag/team': 'blue' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      },
    }),
    allow('iam:GetUser', '*', when('aws:ResourceTag/team', 'blue')),
  );
  const UserName = 'bounded';
  await expect(fay.send(new CreateUserCommand({ UserName }))).rejects.toMatchObject({ name: 'AccessDenied' });
  await fay.send(new CreateUserCommand({ UserName, PermissionsBoundary: readOnly }));
  await fay.send(new AttachUserPolicyCommand({ UserName, PolicyArn: readOnly }));
  const admin = new AttachUserPolicyCommand({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
  await expect(fay.send(admin)).rejects.toMatchObject({ name: 'AccessDenied' });

  await expect(fay.send(new GetUserCommand({ UserName }))).rejects.toMatchObject({ name: 'AccessDenied' });
  const tag = (Key: string, Value: string) => fay.send(new TagUserCommand({ UserName, Tags: [{ Key, Value }] }));
  await expect(tag('team', 'red')).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(tag('other', 'blue')).rejects.toMatchObject({ name: 'AccessDenied' });
  await tag('team', 'blue');
  await fay.send(new GetUserCommand({ UserName }));
});

it('keeps a session within its session policy', async () => {
  const RoleName = 'admin';
  const { Role } = await host.root.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
  const PolicyDocument = policy(allow('iam:*'));
  await host.root.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims: RoleClaims = {
    subject: 'role',
    accountId: ACCOUNT,
    roleName: RoleName,
    roleId: Role!.RoleId!,
    sessionName: 's1',
    issuedAt,
    expiresAt: issuedAt + 900,
    policy: policy(allow('iam:Get*')),
  };
  const session = host.client(await host.session(claims));
  const who = `arn:aws:sts::${ACCOUNT}:assumed-role/admin/s1`;
  await session.send(new GetRoleCommand({ RoleName }));
  await expect(session.send(new CreateUserCommand({ UserName: 'x' }))).rejects.toMatchObject(
    denied(who, 'iam:CreateUser', arn('user/x'), 'no session policy allows'),
  );
  await expect(session.send(new GetUserCommand({}))).rejects.toMatchObject(
    refusal('ValidationError', 400, 'Must specify userName when calling with non-User credentials'),
  );
  const expired = host.client(await host.session({ ...claims, expiresAt: issuedAt - 1 }));
  await expect(expired.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({ name: 'ExpiredToken' });
});
