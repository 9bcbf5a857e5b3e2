/** Counts what an account has, and says how much of it IAM allows. */
import { QUOTAS } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';

export const getAccountSummary = operation<IamClient, 'GetAccountSummary', IamDeps>({
  name: 'GetAccountSummary',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['Counts what this IAM has: no groups, server certificates, providers or MFA devices appear.'],
  handle(_input, { accountId }, { replica }) {
    const { users, roles, policies } = replica.view.usage(accountId);
    const own = replica.view.listPolicies(accountId, { max: Number.POSITIVE_INFINITY }).items;
    return {
      SummaryMap: {
        Users: users,
        UsersQuota: QUOTAS.UsersPerAccount,
        Roles: roles,
        RolesQuota: QUOTAS.RolesPerAccount,
        Policies: policies,
        PoliciesQuota: QUOTAS.PoliciesPerAccount,
        PolicyVersionsInUse: own.reduce((sum, policy) => sum + policy.versions.length, 0),
        VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
        PolicySizeQuota: QUOTAS.PolicySize,
        UserPolicySizeQuota: QUOTAS.InlinePolicySizePerUser,
        RolePolicySizeQuota: QUOTAS.InlinePolicySizePerRole,
        AssumeRolePolicySizeQuota: QUOTAS.ACLSizePerRole,
        AttachedPoliciesPerUserQuota: QUOTAS.AttachedPoliciesPerUser,
        AttachedPoliciesPerRoleQuota: QUOTAS.AttachedPoliciesPerRole,
        AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
        Groups: 0,
        AccountMFAEnabled: 0,
        AccountAccessKeysPresent: 0,
      },
    };
  },
});
