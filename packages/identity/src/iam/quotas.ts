/** Quotas of IAM, as AWS sets them by default (IAM User Guide, "IAM and AWS STS quotas"). */
import { policySize } from '../policy-document.ts';
import { refuse } from './result.ts';

export const QUOTAS = {
  UsersPerAccount: 5000,
  GroupsPerAccount: 300,
  GroupsPerUser: 10,
  RolesPerAccount: 1000,
  /** AWS lets services make their roles when the quota is used up; here, so many. */
  ServiceLinkedRolesBeyondQuota: 500,
  PoliciesPerAccount: 1500,
  AccessKeysPerUser: 2,
  AttachedPoliciesPerUser: 10,
  AttachedPoliciesPerGroup: 10,
  AttachedPoliciesPerRole: 10,
  VersionsPerPolicy: 5,
  TagsPerEntity: 50,
  PolicySize: 6144,
  /** All inline policies of a user together; white space is free. */
  InlinePolicySizePerUser: 2048,
  InlinePolicySizePerGroup: 5120,
  InlinePolicySizePerRole: 10_240,
  ACLSizePerRole: 2048,
  InstanceProfilesPerAccount: 1000,
  OidcProvidersPerAccount: 100,
  ClientIdsPerOidcProvider: 100,
  ThumbprintsPerOidcProvider: 5,
} as const;

/** Refuses with IAM's words when `wanted` is over the quota. */
export function withinQuota(name: string, quota: number, wanted: number): void {
  if (wanted > quota) refuse('LimitExceeded', `Cannot exceed quota for ${name}: ${quota}`);
}

export function withinPolicySize(name: 'PolicySize' | 'ACLSizePerRole', document: string): void {
  withinQuota(name, QUOTAS[name], policySize(document));
}
