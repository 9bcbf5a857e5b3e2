import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  GetInstanceProfileCommand,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, noSuchEntity, refusal, startIamHost, trust } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const createRole = (RoleName: string) =>
  host.root.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
const create = async (InstanceProfileName: string, more: object = {}) =>
  (await host.root.send(new CreateInstanceProfileCommand({ InstanceProfileName, ...more }))).InstanceProfile!;
const show = async (InstanceProfileName: string) =>
  (await host.root.send(new GetInstanceProfileCommand({ InstanceProfileName }))).InstanceProfile!;
const add = (InstanceProfileName: string, RoleName: string) =>
  host.root.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
const remove = (InstanceProfileName: string, RoleName: string) =>
  host.root.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }));
const destroy = (InstanceProfileName: string) =>
  host.root.send(new DeleteInstanceProfileCommand({ InstanceProfileName }));

it('makes, shows and deletes an instance profile, and hands it a role in between', async () => {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const made = await create('web', { Path: '/app/', Tags });
  expect(made).toMatchObject({
    InstanceProfileName: 'web',
    InstanceProfileId: expect.stringMatching(/^AIPA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/app/web`,
    Roles: [],
    Tags,
  });
  expect(await show('WEB')).toEqual(made);
  await createRole('web-role');
  await add('web', 'WEB-role');
  expect((await show('web')).Roles).toMatchObject([
    { RoleName: 'web-role', AssumeRolePolicyDocument: expect.any(String) },
  ]);
  const conflict = refusal(
    'DeleteConflictException',
    409,
    'Cannot delete entity, must remove roles from instance profile first.',
  );
  await expect(destroy('web')).rejects.toMatchObject(conflict);
  await expect(host.root.send(new DeleteRoleCommand({ RoleName: 'web-role' }))).rejects.toMatchObject(conflict);
  await remove('web', 'web-role');
  await destroy('web');
  await host.root.send(new DeleteRoleCommand({ RoleName: 'web-role' }));
  await expect(show('web')).rejects.toMatchObject(noSuchEntity('Instance Profile web cannot be found.'));
});

it('has one role at most', async () => {
  for (const name of ['one', 'two']) await createRole(name);
  await create('single');
  await add('single', 'one');
  await expect(add('single', 'two')).rejects.toMatchObject(
    refusal('LimitExceededException', 409, 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1'),
  );
  await expect(remove('single', 'two')).rejects.toMatchObject(noSuchEntity('The role with name two cannot be found.'));
  await expect(add('single', 'gone')).rejects.toMatchObject(noSuchEntity('The role with name gone cannot be found.'));
  await expect(add('gone', 'one')).rejects.toMatchObject(noSuchEntity('Instance Profile gone cannot be found.'));
  await expect(create('Single')).rejects.toMatchObject(
    refusal('EntityAlreadyExistsException', 409, 'Instance Profile Single already exists.'),
  );
});

it('lists instance profiles under a path, and those that have a role', async () => {
  await createRole('shared');
  for (const name of ['b', 'A', 'c']) {
    await create(name, { Path: '/paged/', Tags: [{ Key: 'k', Value: 'v' }] });
    if (name !== 'b') await add(name, 'shared');
  }
  const list = (more: object) => host.root.send(new ListInstanceProfilesCommand({ PathPrefix: '/paged/', ...more }));
  const first = await list({ MaxItems: 2 });
  expect(first.InstanceProfiles!.map(profile => profile.InstanceProfileName)).toEqual(['A', 'b']);
  expect(first.InstanceProfiles![0]!.Tags).toBeUndefined();
  const second = await list({ Marker: first.Marker });
  expect(second.InstanceProfiles!.map(profile => profile.InstanceProfileName)).toEqual(['c']);
  const having = await host.root.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'shared' }));
  expect(having.InstanceProfiles!.map(profile => profile.InstanceProfileName)).toEqual(['A', 'c']);
  expect(having.InstanceProfiles![0]!.Roles).toHaveLength(1);
});

it('asks whether the caller may pass the role on', async () => {
  await createRole('passed');
  await create('passing');
  const command = () => new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'passing', RoleName: 'passed' });
  const adding = allow('iam:AddRoleToInstanceProfile');
  const role = `arn:aws:iam::${ACCOUNT}:role/passed`;
  const adder = await host.user('adder', adding);
  await expect(adder.send(command())).rejects.toMatchObject(
    refusal(
      'AccessDenied',
      403,
      `User: arn:aws:iam::${ACCOUNT}:user/adder is not authorized to perform: iam:PassRole on resource: ${role} because no identity-based policy allows the iam:PassRole action`,
    ),
  );
  const to = (service: string) =>
    allow('iam:PassRole', role, { Condition: { StringEquals: { 'iam:PassedToService': service } } });
  const lambdaOnly = await host.user('lambda-only', adding, to('lambda.amazonaws.com'));
  await expect(lambdaOnly.send(command())).rejects.toMatchObject({ name: 'AccessDenied' });
  const passer = await host.user('passer', adding, to('ec2.amazonaws.com'));
  await passer.send(command());
});
