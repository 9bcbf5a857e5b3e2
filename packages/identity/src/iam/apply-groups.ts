/** Groups: created, renamed or moved, deleted, joined and left. */
import { iamArn } from '../arn.ts';
import { existingGroup, existingUser, refuseWhileInUse } from './entities.ts';
import type { AddUserToGroup, CreateGroup, DeleteGroup, RemoveUserFromGroup, UpdateGroup } from './group-commands.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { GroupRecord, UserRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import { type IamTables, keyOf } from './tables.ts';

export const applyGroups = {
  CreateGroup: createGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  AddUserToGroup: addUserToGroup,
  RemoveUserFromGroup: removeUserFromGroup,
};

function createGroup(tables: IamTables, command: CreateGroup, now: number): IamResult<'CreateGroup'> {
  const { accountId, groupName, path } = command;
  refuseTakenName(tables, accountId, groupName);
  withinQuota('GroupsPerAccount', QUOTAS.GroupsPerAccount, tables.count(accountId, 'group') + 1);
  const group: GroupRecord = {
    kind: 'group',
    accountId,
    name: groupName,
    id: command.groupId,
    path,
    arn: iamArn(tables.partition, accountId, 'group', path, groupName),
    createdAt: now,
    inlinePolicies: [],
    attachedPolicies: [],
  };
  tables.putEntity(group);
  return accepted(group);
}

function updateGroup(tables: IamTables, command: UpdateGroup): IamResult<'UpdateGroup'> {
  const { accountId, groupName } = command;
  const before = existingGroup(tables, accountId, groupName);
  const name = command.newGroupName ?? before.name;
  const path = command.newPath ?? before.path;
  // A group may change the case of its own name.
  const renamed = keyOf(accountId, name) !== keyOf(accountId, before.name);
  if (renamed) refuseTakenName(tables, accountId, name);
  const group = { ...before, name, path, arn: iamArn(tables.partition, accountId, 'group', path, name) };
  if (renamed) tables.deleteEntity(before);
  tables.putEntity(group);
  if (name !== before.name)
    for (const user of membersOf(tables, before))
      tables.putEntity({ ...user, groups: user.groups.map(each => (each === before.name ? name : each)) });
  return accepted(group);
}

function deleteGroup(tables: IamTables, command: DeleteGroup): IamResult<'DeleteGroup'> {
  const group = existingGroup(tables, command.accountId, command.groupName);
  if (membersOf(tables, group).length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must remove users from group first.');
  refuseWhileInUse(group);
  tables.deleteEntity(group);
  return DONE;
}

function addUserToGroup(tables: IamTables, command: AddUserToGroup): IamResult<'AddUserToGroup'> {
  const group = existingGroup(tables, command.accountId, command.groupName);
  const user = existingUser(tables, command.accountId, command.userName);
  // Joining twice is fine with IAM, and changes nothing.
  if (user.groups.includes(group.name)) return DONE;
  const groups = [...user.groups, group.name];
  withinQuota('GroupsPerUser', QUOTAS.GroupsPerUser, groups.length);
  tables.putEntity({ ...user, groups });
  return DONE;
}

/** Leaving a group that the user is not in changes nothing. */
function removeUserFromGroup(tables: IamTables, command: RemoveUserFromGroup): IamResult<'RemoveUserFromGroup'> {
  const group = existingGroup(tables, command.accountId, command.groupName);
  const user = existingUser(tables, command.accountId, command.userName);
  if (user.groups.includes(group.name))
    tables.putEntity({ ...user, groups: user.groups.filter(name => name !== group.name) });
  return DONE;
}

/** A scan of the account, which has 5,000 users at most. */
function membersOf(tables: IamTables, group: GroupRecord): readonly UserRecord[] {
  return [...tables.users.withPrefix(`${group.accountId}/`)]
    .map(([, user]) => user)
    .filter(user => user.groups.includes(group.name));
}

function refuseTakenName(tables: IamTables, accountId: string, name: string): void {
  if (tables.groups.has(keyOf(accountId, name)))
    refuse('EntityAlreadyExists', `Group with name ${name} already exists.`);
}
