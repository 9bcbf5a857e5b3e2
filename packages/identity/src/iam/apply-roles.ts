/** Roles: created, described, given another trust policy, deleted. */
import { iamArn } from '../arn.ts';
import type { CreateRole, DeleteRole, UpdateAssumeRolePolicy, UpdateRole } from './commands.ts';
import {
  boundaryOf,
  checkedTags,
  countBoundary,
  existingRole,
  modifiableRole,
  refuseProtected,
  refuseWhileInUse,
} from './entities.ts';
import { QUOTAS, withinPolicySize, withinQuota } from './quotas.ts';
import type { RoleRecord, TrustPolicy } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import { isServiceLinked } from './service-linked-roles.ts';
import { type IamTables, keyOf } from './tables.ts';
import { bindTrustPolicy } from './trust-policy.ts';

export const applyRoles = {
  CreateRole: createRole,
  UpdateRole: updateRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
};

const SESSION_SECONDS_DEFAULT = 3600;
const SESSION_SECONDS_MIN = 3600;
const SESSION_SECONDS_MAX = 43_200;

function createRole(tables: IamTables, command: CreateRole, now: number): IamResult<'CreateRole'> {
  const { accountId, roleName, path } = command;
  if (tables.roles.has(keyOf(accountId, roleName)))
    refuse('EntityAlreadyExists', `Role with name ${roleName} already exists.`);
  if (isServiceLinked({ path })) refuse('InvalidInput', `The path ${path} is for the roles of AWS services only.`);
  withinQuota('RolesPerAccount', QUOTAS.RolesPerAccount, tables.count(accountId, 'role') + 1);
  const role: RoleRecord = {
    kind: 'role',
    accountId,
    name: roleName,
    id: command.roleId,
    path,
    arn: iamArn(tables.partition, accountId, 'role', path, roleName),
    createdAt: now,
    description: command.description ?? '',
    maxSessionDurationSeconds: checkedDuration(command.maxSessionDurationSeconds ?? SESSION_SECONDS_DEFAULT),
    trustPolicy: checkedTrustPolicy(tables, command.trustPolicy),
    tags: checkedTags([], command.tags),
    ...boundaryOf(tables, accountId, command.permissionsBoundary),
    inlinePolicies: [],
    attachedPolicies: [],
  };
  tables.putEntity(role);
  countBoundary(tables, role.permissionsBoundary, 1);
  return accepted(role);
}

function updateRole(tables: IamTables, command: UpdateRole): IamResult<'UpdateRole'> {
  const before = existingRole(tables, command.accountId, command.roleName);
  // Of a service-linked role, the description is the account's.
  if (command.maxSessionDurationSeconds !== undefined && isServiceLinked(before)) refuseProtected(before);
  const role = {
    ...before,
    description: command.description ?? before.description,
    maxSessionDurationSeconds: checkedDuration(command.maxSessionDurationSeconds ?? before.maxSessionDurationSeconds),
  };
  tables.putEntity(role);
  return accepted(role);
}

function updateAssumeRolePolicy(
  tables: IamTables,
  command: UpdateAssumeRolePolicy,
): IamResult<'UpdateAssumeRolePolicy'> {
  const before = modifiableRole(tables, command.accountId, command.roleName);
  tables.putEntity({ ...before, trustPolicy: checkedTrustPolicy(tables, command.trustPolicy) });
  return DONE;
}

function deleteRole(tables: IamTables, command: DeleteRole): IamResult<'DeleteRole'> {
  const role = modifiableRole(tables, command.accountId, command.roleName);
  for (const [, profile] of tables.instanceProfiles.withPrefix(`${role.accountId}/`))
    if (profile.roleName === role.name)
      refuse('DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
  refuseWhileInUse(role);
  tables.deleteEntity(role);
  countBoundary(tables, role.permissionsBoundary, -1);
  return DONE;
}

function checkedDuration(seconds: number): number {
  if (seconds < SESSION_SECONDS_MIN || seconds > SESSION_SECONDS_MAX)
    refuse(
      'ValidationError',
      `The MaxSessionDuration ${seconds} is not between ${SESSION_SECONDS_MIN} and ${SESSION_SECONDS_MAX} seconds.`,
    );
  return seconds;
}

function checkedTrustPolicy(tables: IamTables, document: string): TrustPolicy {
  withinPolicySize('ACLSizePerRole', document);
  return bindTrustPolicy(tables, document);
}
