import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ACCOUNT,
  allow,
  type IamHost,
  noSuchEntity,
  policy,
  refusal,
  startIamHost,
  trust,
} from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const createRole = (RoleName: string, more: object = {}) =>
  host.root.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(), ...more }));
const getRole = async (RoleName: string) => (await host.root.send(new GetRoleCommand({ RoleName }))).Role!;

it('makes a role and shows it with its trust policy, percent-encoded', async () => {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const given = { Path: '/service/', Description: "it's a (role)*!", MaxSessionDuration: 7200, Tags };
  const { Role } = await createRole('reader', given);
  expect(Role).toMatchObject({
    ...given,
    RoleName: 'reader',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:role/service/reader`,
  });
  expect(Role!.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22%3A%222012-10-17%22/);
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust());
  expect(await getRole('READER')).toEqual({ ...Role, RoleLastUsed: {} });
});

it('encodes everything that RFC 3986 reserves', async () => {
  const document = policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:Assume*' });
  await host.root.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'reader', PolicyDocument: document }));
  const { AssumeRolePolicyDocument: shown } = await getRole('reader');
  expect(shown).not.toMatch(/[^A-Za-z0-9%._~-]/);
  expect(decodeURIComponent(shown!)).toBe(document);
});

it('changes what it is told to change', async () => {
  await createRole('changing', { Description: 'before' });
  await host.root.send(new UpdateRoleCommand({ RoleName: 'changing', MaxSessionDuration: 43_200 }));
  expect(await getRole('changing')).toMatchObject({ Description: 'before', MaxSessionDuration: 43_200 });
  const described = new UpdateRoleDescriptionCommand({ RoleName: 'changing', Description: 'after' });
  expect((await host.root.send(described)).Role).toMatchObject({ RoleName: 'changing', Description: 'after' });
});

it('names the deleted principal of a trust policy by its id', async () => {
  const { User } = await host.root.send(new CreateUserCommand({ UserName: 'trusted' }));
  await createRole('trusting', { AssumeRolePolicyDocument: trust({ AWS: User!.Arn }) });
  expect(decodeURIComponent((await getRole('trusting')).AssumeRolePolicyDocument!)).toContain(User!.Arn);
  await host.root.send(new DeleteUserCommand({ UserName: 'trusted' }));
  expect(decodeURIComponent((await getRole('trusting')).AssumeRolePolicyDocument!)).toContain(`"${User!.UserId}"`);
});

it('refuses what IAM refuses', async () => {
  const nobody = trust({ AWS: `arn:aws:iam::${ACCOUNT}:user/nobody` });
  await expect(createRole('bad', { AssumeRolePolicyDocument: nobody })).rejects.toMatchObject(
    refusal(
      'MalformedPolicyDocumentException',
      400,
      `Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:user/nobody"`,
    ),
  );
  await expect(createRole('bad', { AssumeRolePolicyDocument: '{' })).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: 'This policy contains invalid Json',
  });
  await expect(createRole('bad', { MaxSessionDuration: 60 })).rejects.toMatchObject({ name: 'ValidationError' });
  await createRole('taken');
  await expect(createRole('taken')).rejects.toMatchObject(
    refusal('EntityAlreadyExistsException', 409, 'Role with name taken already exists.'),
  );
  const missing = noSuchEntity('The role with name gone cannot be found.');
  const RoleName = 'gone';
  await expect(getRole(RoleName)).rejects.toMatchObject(missing);
  for (const command of [
    new DeleteRoleCommand({ RoleName }),
    new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust() }),
  ])
    await expect(host.root.send(command as DeleteRoleCommand)).rejects.toMatchObject(missing);
});

it('deletes a role only when nothing hangs on it', async () => {
  const RoleName = 'busy';
  await createRole(RoleName);
  const PolicyDocument = policy(allow('s3:*'));
  await host.root.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  await expect(host.root.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject(
    refusal('DeleteConflictException', 409, 'Cannot delete entity, must delete policies first.'),
  );
  await createRole('idle');
  await host.root.send(new DeleteRoleCommand({ RoleName: 'idle' }));
  await expect(getRole('idle')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

it('lists roles under a path, in pages, without their tags', async () => {
  for (const name of ['b', 'A', 'c']) await createRole(name, { Path: '/paged/', Tags: [{ Key: 'k', Value: 'v' }] });
  const first = await host.root.send(new ListRolesCommand({ PathPrefix: '/paged/', MaxItems: 2 }));
  expect(first.Roles!.map(role => role.RoleName)).toEqual(['A', 'b']);
  expect(first.Roles![0]).toMatchObject({ MaxSessionDuration: 3600, AssumeRolePolicyDocument: expect.any(String) });
  expect(first.Roles![0]!.Tags).toBeUndefined();
  const second = await host.root.send(new ListRolesCommand({ PathPrefix: '/paged/', Marker: first.Marker }));
  expect(second.Roles!.map(role => role.RoleName)).toEqual(['c']);
  expect(second).toMatchObject({ IsTruncated: false });
});
