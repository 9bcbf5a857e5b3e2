/** Access keys of users. */
import type { CreateAccessKey, DeleteAccessKey, UpdateAccessKey } from './commands.ts';
import { existingUser } from './entities.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { AccessKeyRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyAccessKeys = {
  CreateAccessKey: createAccessKey,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
};

function createAccessKey(tables: IamTables, command: CreateAccessKey, now: number): IamResult<'CreateAccessKey'> {
  const user = existingUser(tables, command.accountId, command.userName);
  withinQuota('AccessKeysPerUser', QUOTAS.AccessKeysPerUser, user.accessKeyIds.length + 1);
  const id = command.accessKeyId;
  // Ids are drawn at random from 2^80; meeting one twice means that the proposer drew badly.
  if (tables.accessKeys.has(id)) refuse('EntityAlreadyExists', `Access Key with id ${id} already exists.`);
  const key: AccessKeyRecord = {
    id,
    accountId: user.accountId,
    userName: user.name,
    secret: command.secretAccessKey,
    status: 'Active',
    createdAt: now,
  };
  tables.accessKeys.set(id, key);
  tables.putEntity({ ...user, accessKeyIds: [...user.accessKeyIds, id] });
  return accepted(key);
}

function updateAccessKey(tables: IamTables, command: UpdateAccessKey): IamResult<'UpdateAccessKey'> {
  const key = existingKey(tables, command);
  tables.accessKeys.set(key.id, { ...key, status: command.status });
  return DONE;
}

function deleteAccessKey(tables: IamTables, command: DeleteAccessKey): IamResult<'DeleteAccessKey'> {
  const key = existingKey(tables, command);
  const user = existingUser(tables, command.accountId, command.userName);
  tables.accessKeys.delete(key.id);
  tables.putEntity({ ...user, accessKeyIds: user.accessKeyIds.filter(id => id !== key.id) });
  return DONE;
}

/** The key, provided it is this user's. */
function existingKey(tables: IamTables, command: UpdateAccessKey | DeleteAccessKey): AccessKeyRecord {
  const user = existingUser(tables, command.accountId, command.userName);
  const key = tables.accessKeys.get(command.accessKeyId);
  if (key !== undefined && user.accessKeyIds.includes(key.id)) return key;
  return refuse('NoSuchEntity', `The Access Key with id ${command.accessKeyId} cannot be found.`);
}
