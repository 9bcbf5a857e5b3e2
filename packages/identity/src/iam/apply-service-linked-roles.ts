/** Roles that belong to an AWS service: made and deleted for it; nobody else changes them. */
import { iamArn } from '../arn.ts';
import { existingRole } from './entities.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { RoleRecord } from './records.ts';
import { accepted, type IamResult, refuse } from './result.ts';
import type { CreateServiceLinkedRole, DeleteServiceLinkedRole } from './service-linked-role-commands.ts';
import { isServiceLinked, serviceLinkedName, serviceLinkedPath, serviceTrust } from './service-linked-roles.ts';
import { type IamTables, keyOf, roleDeletionKey } from './tables.ts';
import { bindTrustPolicy } from './trust-policy.ts';

export const applyServiceLinkedRoles = {
  CreateServiceLinkedRole: createServiceLinkedRole,
  DeleteServiceLinkedRole: deleteServiceLinkedRole,
};

/** Deletions that an account can still ask about. */
export const ROLE_DELETIONS_MAX = 100;

const SESSION_SECONDS = 3600;

function createServiceLinkedRole(
  tables: IamTables,
  command: CreateServiceLinkedRole,
  now: number,
): IamResult<'CreateServiceLinkedRole'> {
  const { accountId, service, customSuffix } = command;
  const named = serviceLinkedName(service);
  if (named === undefined) refuse('InvalidInput', `There is no service ${service} that has service-linked roles.`);
  if (customSuffix !== undefined && named.hasSuffix === undefined)
    refuse('InvalidInput', `Custom suffix is not allowed for ${service}`);
  const name = customSuffix === undefined ? named.name : `${named.name}_${customSuffix}`;
  if (name.length > 64) refuse('InvalidInput', `Service role name ${name} is longer than 64 characters.`);
  if (tables.roles.has(keyOf(accountId, name)))
    refuse('InvalidInput', `Service role name ${name} has been taken in this account, please try a different suffix.`);
  const quota = QUOTAS.RolesPerAccount + QUOTAS.ServiceLinkedRolesBeyondQuota;
  withinQuota('RolesPerAccount', quota, tables.count(accountId, 'role') + 1);
  const path = serviceLinkedPath(service);
  const role: RoleRecord = {
    kind: 'role',
    accountId,
    name,
    id: command.roleId,
    path,
    arn: iamArn(tables.partition, accountId, 'role', path, name),
    createdAt: now,
    description: command.description ?? '',
    maxSessionDurationSeconds: SESSION_SECONDS,
    trustPolicy: bindTrustPolicy(tables, serviceTrust(service)),
    tags: [],
    inlinePolicies: [],
    attachedPolicies: [],
  };
  tables.putEntity(role);
  return accepted(role);
}

function deleteServiceLinkedRole(
  tables: IamTables,
  command: DeleteServiceLinkedRole,
  now: number,
): IamResult<'DeleteServiceLinkedRole'> {
  const { accountId, roleName } = command;
  const role = existingRole(tables, accountId, roleName);
  if (!isServiceLinked(role)) refuse('NoSuchEntity', `The role with name ${roleName} is not a service-linked role.`);
  tables.deleteEntity(role);
  const id = `task${role.path}${role.name}/${command.taskUuid}`;
  const deletion = { accountId, id, createdAt: now };
  tables.roleDeletions.set(roleDeletionKey(deletion), deletion);
  forgetOldDeletions(tables, accountId);
  return accepted({ deletionTaskId: id });
}

function forgetOldDeletions(tables: IamTables, accountId: string): void {
  const deletions = [...tables.roleDeletions.withPrefix(`${accountId}/`)].sort(
    ([, a], [, b]) => a.createdAt - b.createdAt,
  );
  for (const [key] of deletions.slice(0, -ROLE_DELETIONS_MAX)) tables.roleDeletions.delete(key);
}
