/** Instance profiles: created, given a role, deleted. */
import { iamArn } from '../arn.ts';
import { checkedTags, existingInstanceProfile, modifiableRole } from './entities.ts';
import type {
  AddRoleToInstanceProfile,
  CreateInstanceProfile,
  DeleteInstanceProfile,
  RemoveRoleFromInstanceProfile,
} from './instance-profile-commands.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { InstanceProfileRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import { type IamTables, keyOf } from './tables.ts';

export const applyInstanceProfiles = {
  CreateInstanceProfile: createInstanceProfile,
  DeleteInstanceProfile: deleteInstanceProfile,
  AddRoleToInstanceProfile: addRoleToInstanceProfile,
  RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
};

function createInstanceProfile(
  tables: IamTables,
  command: CreateInstanceProfile,
  now: number,
): IamResult<'CreateInstanceProfile'> {
  const { accountId, profileName, path } = command;
  if (tables.instanceProfiles.has(keyOf(accountId, profileName)))
    refuse('EntityAlreadyExists', `Instance Profile ${profileName} already exists.`);
  const count = tables.count(accountId, 'instance-profile') + 1;
  withinQuota('InstanceProfilesPerAccount', QUOTAS.InstanceProfilesPerAccount, count);
  const profile: InstanceProfileRecord = {
    accountId,
    name: profileName,
    id: command.profileId,
    path,
    arn: iamArn(tables.partition, accountId, 'instance-profile', path, profileName),
    createdAt: now,
    tags: checkedTags([], command.tags),
  };
  tables.putInstanceProfile(profile);
  return accepted(profile);
}

function deleteInstanceProfile(tables: IamTables, command: DeleteInstanceProfile): IamResult<'DeleteInstanceProfile'> {
  const profile = existingInstanceProfile(tables, command.accountId, command.profileName);
  if (profile.roleName !== undefined)
    refuse('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
  tables.deleteInstanceProfile(profile);
  return DONE;
}

function addRoleToInstanceProfile(
  tables: IamTables,
  command: AddRoleToInstanceProfile,
): IamResult<'AddRoleToInstanceProfile'> {
  const profile = existingInstanceProfile(tables, command.accountId, command.profileName);
  const role = modifiableRole(tables, command.accountId, command.roleName);
  withinQuota('InstanceSessionsPerInstanceProfile', 1, profile.roleName === undefined ? 1 : 2);
  tables.putInstanceProfile({ ...profile, roleName: role.name });
  return DONE;
}

function removeRoleFromInstanceProfile(
  tables: IamTables,
  command: RemoveRoleFromInstanceProfile,
): IamResult<'RemoveRoleFromInstanceProfile'> {
  const { roleName, ...profile } = existingInstanceProfile(tables, command.accountId, command.profileName);
  if (roleName?.toLowerCase() !== command.roleName.toLowerCase())
    refuse('NoSuchEntity', `The role with name ${command.roleName} cannot be found.`);
  tables.putInstanceProfile(profile);
  return DONE;
}
