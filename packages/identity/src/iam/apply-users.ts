/** Users: created, renamed or moved, deleted. */
import { iamArn } from '../arn.ts';
import type { CreateUser, DeleteUser, UpdateUser } from './commands.ts';
import { boundaryOf, checkedTags, countBoundary, existingUser, refuseWhileInUse } from './entities.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { UserRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import { type IamTables, keyOf } from './tables.ts';

export const applyUsers = { CreateUser: createUser, UpdateUser: updateUser, DeleteUser: deleteUser };

function createUser(tables: IamTables, command: CreateUser, now: number): IamResult<'CreateUser'> {
  const { accountId, userName, path } = command;
  refuseTakenName(tables, accountId, userName);
  withinQuota('UsersPerAccount', QUOTAS.UsersPerAccount, tables.count(accountId, 'user') + 1);
  const user: UserRecord = {
    kind: 'user',
    accountId,
    name: userName,
    id: command.userId,
    path,
    arn: iamArn(tables.partition, accountId, 'user', path, userName),
    createdAt: now,
    tags: checkedTags([], command.tags),
    ...boundaryOf(tables, accountId, command.permissionsBoundary),
    inlinePolicies: [],
    attachedPolicies: [],
    accessKeyIds: [],
    groups: [],
  };
  tables.putEntity(user);
  countBoundary(tables, user.permissionsBoundary, 1);
  return accepted(user);
}

function updateUser(tables: IamTables, command: UpdateUser): IamResult<'UpdateUser'> {
  const { accountId, userName } = command;
  const before = existingUser(tables, accountId, userName);
  const name = command.newUserName ?? before.name;
  const path = command.newPath ?? before.path;
  // A user may change the case of its own name.
  const renamed = keyOf(accountId, name) !== keyOf(accountId, before.name);
  if (renamed) refuseTakenName(tables, accountId, name);
  const user = { ...before, name, path, arn: iamArn(tables.partition, accountId, 'user', path, name) };
  if (renamed) tables.deleteEntity(before);
  tables.putEntity(user);
  if (name !== before.name) giveKeysTo(tables, user);
  return accepted(user);
}

function deleteUser(tables: IamTables, command: DeleteUser): IamResult<'DeleteUser'> {
  const user = existingUser(tables, command.accountId, command.userName);
  refuseWhileInUse(user);
  tables.deleteEntity(user);
  countBoundary(tables, user.permissionsBoundary, -1);
  return DONE;
}

function refuseTakenName(tables: IamTables, accountId: string, name: string): void {
  if (tables.users.has(keyOf(accountId, name))) refuse('EntityAlreadyExists', `User with name ${name} already exists.`);
}

function giveKeysTo(tables: IamTables, user: UserRecord): void {
  for (const id of user.accessKeyIds) {
    const key = tables.accessKeys.get(id);
    if (key !== undefined) tables.accessKeys.set(id, { ...key, userName: user.name });
  }
}
