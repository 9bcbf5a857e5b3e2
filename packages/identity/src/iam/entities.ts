/** Finding and checking users, groups, roles and their like while a command is applied. */
import type { Tag } from '../principal.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import type { EntityRef, IdentityRef } from './commands.ts';
import { policyByArn } from './policy-lookup.ts';
import { QUOTAS } from './quotas.ts';
import type {
  EntityRecord,
  GroupRecord,
  IdentityRecord,
  InstanceProfileRecord,
  ManagedPolicyRecord,
  RoleRecord,
  UserRecord,
} from './records.ts';
import { refuse } from './result.ts';
import { isServiceLinked } from './service-linked-roles.ts';
import { type IamTables, keyOf } from './tables.ts';

export function existingUser(tables: IamTables, accountId: string, name: string): UserRecord {
  const user = tables.users.get(keyOf(accountId, name));
  return user ?? refuse('NoSuchEntity', `The user with name ${name} cannot be found.`);
}

export function existingRole(tables: IamTables, accountId: string, name: string): RoleRecord {
  const role = tables.roles.get(keyOf(accountId, name));
  return role ?? refuse('NoSuchEntity', `The role with name ${name} cannot be found.`);
}

/** The role, provided it does not belong to an AWS service. */
export function modifiableRole(tables: IamTables, accountId: string, name: string): RoleRecord {
  const role = existingRole(tables, accountId, name);
  if (isServiceLinked(role)) refuseProtected(role);
  return role;
}

export function refuseProtected({ name }: RoleRecord): never {
  refuse(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
}

export function existingInstanceProfile(tables: IamTables, accountId: string, name: string): InstanceProfileRecord {
  const profile = tables.instanceProfiles.get(keyOf(accountId, name));
  return profile ?? refuse('NoSuchEntity', `Instance Profile ${name} cannot be found.`);
}

export function existingGroup(tables: IamTables, accountId: string, name: string): GroupRecord {
  const group = tables.groups.get(keyOf(accountId, name));
  return group ?? refuse('NoSuchEntity', `The group with name ${name} cannot be found.`);
}

export const existingEntity = (tables: IamTables, accountId: string, ref: EntityRef): EntityRecord =>
  ref.kind === 'user' ? existingUser(tables, accountId, ref.name) : existingRole(tables, accountId, ref.name);

/** A user, or a role that does not belong to an AWS service. */
export const modifiableEntity = (tables: IamTables, accountId: string, ref: EntityRef): EntityRecord =>
  ref.kind === 'user' ? existingUser(tables, accountId, ref.name) : modifiableRole(tables, accountId, ref.name);

export const modifiableIdentity = (
  tables: IamTables,
  accountId: string,
  { kind, name }: IdentityRef,
): IdentityRecord =>
  kind === 'group' ? existingGroup(tables, accountId, name) : modifiableEntity(tables, accountId, { kind, name });

/** The policy's record, or `aws` for one of the policies AWS manages; refuses when there is none of either. */
export function attachablePolicy(tables: IamTables, accountId: string, arn: string): ManagedPolicyRecord | 'aws' {
  if (awsManagedPolicy(tables.partition, arn) !== undefined) return 'aws';
  const policy = policyByArn(tables, arn);
  if (policy !== undefined && policy.accountId === accountId) return policy;
  return refuse('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
}

/** Changes how many entities a customer managed policy bounds; policies of AWS are not counted. */
export function countBoundary(tables: IamTables, policyArn: string | undefined, change: 1 | -1): void {
  const policy = policyArn === undefined ? undefined : policyByArn(tables, policyArn);
  if (policy !== undefined) tables.putPolicy({ ...policy, boundaryCount: policy.boundaryCount + change });
}

/** The boundary a new entity asks for, if it may have it. */
export function boundaryOf(
  tables: IamTables,
  accountId: string,
  arn: string | undefined,
): { permissionsBoundary?: string } {
  if (arn === undefined) return {};
  const exists =
    awsManagedPolicy(tables.partition, arn) !== undefined || policyByArn(tables, arn)?.accountId === accountId;
  if (!exists) refuse('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`);
  return { permissionsBoundary: arn };
}

/** `added` laid over `present`, in the order in which keys first appeared. */
export function checkedTags(present: readonly Tag[], added: readonly Tag[] = []): readonly Tag[] {
  const byKey = new Map(present.map(tag => [tag.key.toLowerCase(), tag]));
  const addedKeys = new Set<string>();
  for (const tag of added) {
    const key = tag.key.toLowerCase();
    if (addedKeys.has(key))
      refuse('InvalidInput', 'Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    addedKeys.add(key);
    byKey.set(key, { key: tag.key, value: tag.value });
  }
  if (byKey.size > QUOTAS.TagsPerEntity) refuse('LimitExceeded', 'The number of tags has reached the maximum limit.');
  return [...byKey.values()];
}

/** Users, groups and roles go only when nothing hangs on them any more. */
export function refuseWhileInUse(entity: IdentityRecord): void {
  if (entity.attachedPolicies.length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
  if (entity.inlinePolicies.length > 0) refuse('DeleteConflict', 'Cannot delete entity, must delete policies first.');
  if (entity.kind === 'user' && entity.accessKeyIds.length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must delete access keys first.');
  if (entity.kind === 'user' && entity.groups.length > 0)
    refuse('DeleteConflict', 'Cannot delete entity, must remove users from group first.');
}
