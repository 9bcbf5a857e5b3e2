/** Managed policies attached to users, groups and roles, and policies that bound users and roles. */
import type { AttachPolicy, DeletePermissionsBoundary, DetachPolicy, PutPermissionsBoundary } from './commands.ts';
import { attachablePolicy, boundaryOf, countBoundary, modifiableEntity, modifiableIdentity } from './entities.ts';
import { policyByArn } from './policy-lookup.ts';
import { QUOTAS, withinQuota } from './quotas.ts';
import type { IdentityKind } from './records.ts';
import { DONE, type IamResult, refuse } from './result.ts';
import type { IamTables } from './tables.ts';

export const applyAttachments = {
  AttachPolicy: attachPolicy,
  DetachPolicy: detachPolicy,
  PutPermissionsBoundary: putPermissionsBoundary,
  DeletePermissionsBoundary: deletePermissionsBoundary,
};

/** The quota, as IAM calls it and as it is. */
const ATTACHED_MAX: Readonly<Record<IdentityKind, [name: string, quota: number]>> = {
  user: ['PoliciesPerUser', QUOTAS.AttachedPoliciesPerUser],
  group: ['PoliciesPerGroup', QUOTAS.AttachedPoliciesPerGroup],
  role: ['PoliciesPerRole', QUOTAS.AttachedPoliciesPerRole],
};

function attachPolicy(tables: IamTables, command: AttachPolicy): IamResult<'AttachPolicy'> {
  const { accountId, policyArn } = command;
  const entity = modifiableIdentity(tables, accountId, command.entity);
  const policy = attachablePolicy(tables, accountId, policyArn);
  // Attaching twice is fine with IAM, and changes nothing.
  if (entity.attachedPolicies.includes(policyArn)) return DONE;
  const attachedPolicies = [...entity.attachedPolicies, policyArn];
  withinQuota(...ATTACHED_MAX[entity.kind], attachedPolicies.length);
  tables.putEntity({ ...entity, attachedPolicies });
  if (policy !== 'aws') tables.putPolicy({ ...policy, attachmentCount: policy.attachmentCount + 1 });
  return DONE;
}

function detachPolicy(tables: IamTables, command: DetachPolicy): IamResult<'DetachPolicy'> {
  const { accountId, policyArn } = command;
  const entity = modifiableIdentity(tables, accountId, command.entity);
  if (!entity.attachedPolicies.includes(policyArn)) refuse('NoSuchEntity', `Policy ${policyArn} was not found.`);
  tables.putEntity({ ...entity, attachedPolicies: entity.attachedPolicies.filter(arn => arn !== policyArn) });
  const policy = policyByArn(tables, policyArn);
  if (policy !== undefined) tables.putPolicy({ ...policy, attachmentCount: policy.attachmentCount - 1 });
  return DONE;
}

function putPermissionsBoundary(
  tables: IamTables,
  command: PutPermissionsBoundary,
): IamResult<'PutPermissionsBoundary'> {
  const entity = modifiableEntity(tables, command.accountId, command.entity);
  const boundary = boundaryOf(tables, command.accountId, command.policyArn);
  tables.putEntity({ ...entity, ...boundary });
  countBoundary(tables, entity.permissionsBoundary, -1);
  countBoundary(tables, command.policyArn, 1);
  return DONE;
}

function deletePermissionsBoundary(
  tables: IamTables,
  command: DeletePermissionsBoundary,
): IamResult<'DeletePermissionsBoundary'> {
  const entity = modifiableEntity(tables, command.accountId, command.entity);
  const { permissionsBoundary, ...unbounded } = entity;
  if (permissionsBoundary === undefined)
    refuse(
      'NoSuchEntity',
      `${entity.kind === 'user' ? 'User' : 'Role'} ${entity.name} does not have a permissions boundary.`,
    );
  tables.putEntity(unbounded);
  countBoundary(tables, permissionsBoundary, -1);
  return DONE;
}
