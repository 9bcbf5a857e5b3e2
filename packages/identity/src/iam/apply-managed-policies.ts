/** Customer managed policies and their versions. */
import { iamArn } from '../arn.ts';
import { parsePolicy } from '../policy-document.ts';
import type {
  CreatePolicy,
  CreatePolicyVersion,
  DeletePolicy,
  DeletePolicyVersion,
  SetDefaultPolicyVersion,
} from './commands.ts';
import { checkedTags } from './entities.ts';
import { policyByArn } from './policy-lookup.ts';
import { QUOTAS, withinPolicySize, withinQuota } from './quotas.ts';
import type { ManagedPolicyRecord, PolicyVersionRecord } from './records.ts';
import { accepted, DONE, type IamResult, refuse } from './result.ts';
import { type IamTables, keyOf } from './tables.ts';

export const applyManagedPolicies = {
  CreatePolicy: createPolicy,
  DeletePolicy: deletePolicy,
  CreatePolicyVersion: createPolicyVersion,
  SetDefaultPolicyVersion: setDefaultPolicyVersion,
  DeletePolicyVersion: deletePolicyVersion,
};

function createPolicy(tables: IamTables, command: CreatePolicy, now: number): IamResult<'CreatePolicy'> {
  const { accountId, policyName, path } = command;
  if (tables.policies.has(keyOf(accountId, policyName)))
    refuse('EntityAlreadyExists', `A policy called ${policyName} already exists. Duplicate names are not allowed.`);
  withinQuota('PoliciesPerAccount', QUOTAS.PoliciesPerAccount, tables.count(accountId, 'policy') + 1);
  const policy: ManagedPolicyRecord = {
    accountId,
    name: policyName,
    id: command.policyId,
    path,
    arn: iamArn(tables.partition, accountId, 'policy', path, policyName),
    description: command.description ?? '',
    createdAt: now,
    updatedAt: now,
    tags: checkedTags([], command.tags),
    versions: [newVersion(1, command.document, now)],
    defaultVersionId: 'v1',
    nextVersion: 2,
    attachmentCount: 0,
    boundaryCount: 0,
  };
  tables.putPolicy(policy);
  return accepted(policy);
}

function deletePolicy(tables: IamTables, command: DeletePolicy): IamResult<'DeletePolicy'> {
  const policy = ownPolicy(tables, command);
  if (policy.attachmentCount > 0 || policy.boundaryCount > 0)
    refuse('DeleteConflict', 'Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1)
    refuse(
      'DeleteConflict',
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  tables.deletePolicy(policy);
  return DONE;
}

function createPolicyVersion(
  tables: IamTables,
  command: CreatePolicyVersion,
  now: number,
): IamResult<'CreatePolicyVersion'> {
  const policy = ownPolicy(tables, command);
  const version = newVersion(policy.nextVersion, command.document, now);
  if (policy.versions.length >= QUOTAS.VersionsPerPolicy)
    refuse(
      'LimitExceeded',
      `A managed policy can have up to ${QUOTAS.VersionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
    );
  tables.putPolicy({
    ...policy,
    updatedAt: now,
    versions: [...policy.versions, version],
    nextVersion: policy.nextVersion + 1,
    defaultVersionId: command.setAsDefault ? version.versionId : policy.defaultVersionId,
  });
  return accepted({ version, isDefault: command.setAsDefault });
}

function setDefaultPolicyVersion(
  tables: IamTables,
  command: SetDefaultPolicyVersion,
  now: number,
): IamResult<'SetDefaultPolicyVersion'> {
  const policy = ownPolicy(tables, command);
  const { versionId } = existingVersion(policy, command.versionId);
  tables.putPolicy({ ...policy, updatedAt: now, defaultVersionId: versionId });
  return DONE;
}

function deletePolicyVersion(
  tables: IamTables,
  command: DeletePolicyVersion,
  now: number,
): IamResult<'DeletePolicyVersion'> {
  const policy = ownPolicy(tables, command);
  const { versionId } = existingVersion(policy, command.versionId);
  if (versionId === policy.defaultVersionId) refuse('DeleteConflict', 'Cannot delete the default version of a policy.');
  tables.putPolicy({
    ...policy,
    updatedAt: now,
    versions: policy.versions.filter(version => version.versionId !== versionId),
  });
  return DONE;
}

/** The policy, provided it belongs to the account that asks; nobody changes the policies of AWS. */
export function ownPolicy(tables: IamTables, command: { policyArn: string; accountId: string }): ManagedPolicyRecord {
  const policy = policyByArn(tables, command.policyArn);
  if (policy !== undefined && policy.accountId === command.accountId) return policy;
  return refuse('NoSuchEntity', `Policy ${command.policyArn} was not found.`);
}

function existingVersion(policy: ManagedPolicyRecord, versionId: string): PolicyVersionRecord {
  const found = policy.versions.find(version => version.versionId === versionId);
  return (
    found ?? refuse('NoSuchEntity', `Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`)
  );
}

function newVersion(number: number, document: string, now: number): PolicyVersionRecord {
  parsePolicy(document, 'managed');
  withinPolicySize('PolicySize', document);
  return { versionId: `v${number}`, document, createdAt: now };
}
