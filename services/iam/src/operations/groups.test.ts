import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeleteUserCommand,
  DetachGroupPolicyCommand,
  GetGroupCommand,
  GetUserCommand,
  ListEntitiesForPolicyCommand,
  ListGroupsCommand,
  ListGroupsForUserCommand,
  ListPoliciesCommand,
  PutGroupPolicyCommand,
  RemoveUserFromGroupCommand,
  UpdateGroupCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, allow, type IamHost, noSuchEntity, policy, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

const createGroup = async (GroupName: string, Path = '/') =>
  (await host.root.send(new CreateGroupCommand({ GroupName, Path }))).Group!;
const createUser = (UserName: string) => host.root.send(new CreateUserCommand({ UserName }));
const join = (UserName: string, GroupName: string) =>
  host.root.send(new AddUserToGroupCommand({ UserName, GroupName }));
const leave = (UserName: string, GroupName: string) =>
  host.root.send(new RemoveUserFromGroupCommand({ UserName, GroupName }));
const groupsOf = async (UserName: string) =>
  (await host.root.send(new ListGroupsForUserCommand({ UserName }))).Groups!.map(group => group.GroupName);

it('makes, shows, moves and deletes a group', async () => {
  const made = await createGroup('devs', '/staff/');
  expect(made).toMatchObject({
    GroupName: 'devs',
    Path: '/staff/',
    GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:group/staff/devs`,
  });
  await expect(createGroup('DEVS')).rejects.toMatchObject(
    refusal('EntityAlreadyExistsException', 409, 'Group with name DEVS already exists.'),
  );
  await createUser('dora');
  await join('dora', 'devs');
  await host.root.send(new UpdateGroupCommand({ GroupName: 'devs', NewGroupName: 'builders', NewPath: '/' }));
  const shown = await host.root.send(new GetGroupCommand({ GroupName: 'Builders' }));
  const Arn = `arn:aws:iam::${ACCOUNT}:group/builders`;
  expect(shown.Group).toEqual({ ...made, GroupName: 'builders', Path: '/', Arn });
  expect(shown.Users!.map(user => user.UserName)).toEqual(['dora']);
  expect(await groupsOf('dora')).toEqual(['builders']);
  await leave('dora', 'builders');
  await host.root.send(new DeleteGroupCommand({ GroupName: 'builders' }));
  await expect(host.root.send(new GetGroupCommand({ GroupName: 'builders' }))).rejects.toMatchObject(
    noSuchEntity('The group with name builders cannot be found.'),
  );
});

it('keeps who is in a group, through renames of users', async () => {
  await createGroup('club');
  for (const name of ['m3', 'm1', 'M2']) {
    await createUser(name);
    await join(name, 'club');
  }
  await join('m1', 'CLUB');
  const members = async (more: object = {}) => host.root.send(new GetGroupCommand({ GroupName: 'club', ...more }));
  const first = await members({ MaxItems: 2 });
  expect(first.Users!.map(user => user.UserName)).toEqual(['m1', 'M2']);
  expect(first.IsTruncated).toBe(true);
  const second = await members({ Marker: first.Marker });
  expect(second.Users!.map(user => user.UserName)).toEqual(['m3']);
  await host.root.send(new UpdateUserCommand({ UserName: 'm1', NewUserName: 'm4' }));
  expect((await members()).Users!.map(user => user.UserName)).toEqual(['M2', 'm3', 'm4']);
  await leave('m4', 'club');
  await leave('m4', 'club');
  expect(await groupsOf('m4')).toEqual([]);
});

it('lists groups under a path, in pages', async () => {
  for (const name of ['b', 'A', 'c']) await createGroup(name, '/paged/');
  const first = await host.root.send(new ListGroupsCommand({ PathPrefix: '/paged/', MaxItems: 2 }));
  expect(first.Groups!.map(group => group.GroupName)).toEqual(['A', 'b']);
  const second = await host.root.send(new ListGroupsCommand({ PathPrefix: '/paged/', Marker: first.Marker }));
  expect(second.Groups!.map(group => group.GroupName)).toEqual(['c']);
  await createUser('joiner');
  for (const name of ['c', 'A', 'b']) await join('joiner', name);
  expect(await groupsOf('joiner')).toEqual(['A', 'b', 'c']);
  const page = await host.root.send(new ListGroupsForUserCommand({ UserName: 'joiner', MaxItems: 1 }));
  const rest = await host.root.send(new ListGroupsForUserCommand({ UserName: 'joiner', Marker: page.Marker }));
  expect(rest.Groups!.map(group => group.GroupName)).toEqual(['b', 'c']);
});

it('deletes only what nothing hangs on', async () => {
  const GroupName = 'busy';
  const conflict = (message: string) => refusal('DeleteConflictException', 409, message);
  const removeGroup = () => host.root.send(new DeleteGroupCommand({ GroupName }));
  await createGroup(GroupName);
  await createUser('member');
  await join('member', GroupName);
  await expect(removeGroup()).rejects.toMatchObject(
    conflict('Cannot delete entity, must remove users from group first.'),
  );
  await expect(host.root.send(new DeleteUserCommand({ UserName: 'member' }))).rejects.toMatchObject(
    conflict('Cannot delete entity, must remove users from group first.'),
  );
  await leave('member', GroupName);
  const PolicyDocument = policy(allow('s3:*'));
  await host.root.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'p', PolicyDocument }));
  await expect(removeGroup()).rejects.toMatchObject(conflict('Cannot delete entity, must delete policies first.'));
  await host.root.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName: 'p' }));
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await host.root.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn }));
  await expect(removeGroup()).rejects.toMatchObject(conflict('Cannot delete entity, must detach all policies first.'));
  await host.root.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn }));
  await removeGroup();
  await host.root.send(new DeleteUserCommand({ UserName: 'member' }));
});

it('gives its policies to its members, and takes them back', async () => {
  const eve = await host.user('eve');
  const self = () => eve.send(new GetUserCommand({ UserName: 'eve' }));
  const GroupName = 'readers';
  await createGroup(GroupName);
  const PolicyDocument = policy(allow('iam:GetUser'));
  await host.root.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'read', PolicyDocument }));
  await expect(self()).rejects.toMatchObject({ name: 'AccessDenied' });
  await join('eve', GroupName);
  await self();
  await host.root.send(new UpdateGroupCommand({ GroupName, NewGroupName: 'viewers' }));
  await self();
  // The record of the user stays as it is; only the group changes.
  await host.root.send(new DeleteGroupPolicyCommand({ GroupName: 'viewers', PolicyName: 'read' }));
  await expect(self()).rejects.toMatchObject({ name: 'AccessDenied' });
  const { Policy } = await host.root.send(new CreatePolicyCommand({ PolicyName: 'view', PolicyDocument }));
  await host.root.send(new AttachGroupPolicyCommand({ GroupName: 'viewers', PolicyArn: Policy!.Arn }));
  await self();
  const entities = await host.root.send(new ListEntitiesForPolicyCommand({ PolicyArn: Policy!.Arn }));
  expect(entities).toMatchObject({ PolicyGroups: [{ GroupName: 'viewers' }], PolicyUsers: [], PolicyRoles: [] });
  const filtered = { PolicyArn: Policy!.Arn, EntityFilter: 'User' } as const;
  expect((await host.root.send(new ListEntitiesForPolicyCommand(filtered))).PolicyGroups).toEqual([]);
  const attached = await host.root.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }));
  expect(attached.Policies).toMatchObject([{ PolicyName: 'view', AttachmentCount: 1 }]);
  await leave('eve', 'viewers');
  await expect(self()).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('refuses what IAM refuses', async () => {
  await createGroup('here');
  await createUser('present');
  await expect(join('present', 'gone')).rejects.toMatchObject(
    noSuchEntity('The group with name gone cannot be found.'),
  );
  await expect(join('gone', 'here')).rejects.toMatchObject(noSuchEntity('The user with name gone cannot be found.'));
  await expect(leave('gone', 'here')).rejects.toMatchObject(noSuchEntity('The user with name gone cannot be found.'));
  await expect(createGroup('no spaces')).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(createGroup('fine', 'no-slash')).rejects.toMatchObject({ name: 'ValidationError' });
  const mover = await host.user('mover', allow('iam:UpdateGroup', `arn:aws:iam::${ACCOUNT}:group/here`));
  const move = new UpdateGroupCommand({ GroupName: 'here', NewPath: '/there/' });
  await expect(mover.send(move)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`on resource: arn:aws:iam::${ACCOUNT}:group/there/here`),
  });
});
