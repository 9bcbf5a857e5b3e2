/** Counts what an account has, and says how much of it IAM allows. */
import type { SummaryKeyType } from '@aws-sdk/client-iam';
import { type IamView, QUOTAS } from '@stormglass/identity';
import { operation } from '@stormglass/service-kit';
import type { IamClient, IamDeps } from '../deps.ts';

export const getAccountSummary = operation<IamClient, 'GetAccountSummary', IamDeps>({
  name: 'GetAccountSummary',
  state: 'strong-read',
  permission: { resource: () => '*' },
  gaps: ['There are no passwords, MFA devices, certificates or keys of the root: their counts are zero.'],
  handle: (_input, { accountId }, { replica }) => ({
    SummaryMap: { ...counts(replica.view, accountId), ...ABSENT, ...ALLOWED },
  }),
});

type Summary = Partial<Record<SummaryKeyType, number>>;

function counts(view: IamView, accountId: string): Summary {
  const { users, groups, roles, policies, instanceProfiles, oidcProviders } = view.usage(accountId);
  const own = view.listPolicies(accountId, { max: Number.POSITIVE_INFINITY }).items;
  return {
    Users: users,
    Groups: groups,
    Roles: roles,
    Policies: policies,
    PolicyVersionsInUse: own.reduce((sum, policy) => sum + policy.versions.length, 0),
    InstanceProfiles: instanceProfiles,
    Providers: oidcProviders,
    GlobalEndpointTokenVersion: view.globalEndpointTokenVersion(accountId),
  };
}

/** What nobody has here. */
const ABSENT: Summary = {
  AccountAccessKeysPresent: 0,
  AccountMFAEnabled: 0,
  AccountPasswordPresent: 0,
  AccountSigningCertificatesPresent: 0,
  MFADevices: 0,
  MFADevicesInUse: 0,
  ServerCertificates: 0,
};

const ALLOWED: Summary = {
  AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
  AssumeRolePolicySizeQuota: QUOTAS.ACLSizePerRole,
  AttachedPoliciesPerGroupQuota: QUOTAS.AttachedPoliciesPerGroup,
  AttachedPoliciesPerRoleQuota: QUOTAS.AttachedPoliciesPerRole,
  AttachedPoliciesPerUserQuota: QUOTAS.AttachedPoliciesPerUser,
  GroupPolicySizeQuota: QUOTAS.InlinePolicySizePerGroup,
  GroupsPerUserQuota: QUOTAS.GroupsPerUser,
  GroupsQuota: QUOTAS.GroupsPerAccount,
  InstanceProfilesQuota: QUOTAS.InstanceProfilesPerAccount,
  PoliciesQuota: QUOTAS.PoliciesPerAccount,
  PolicySizeQuota: QUOTAS.PolicySize,
  PolicyVersionsInUseQuota: 10_000,
  RolePolicySizeQuota: QUOTAS.InlinePolicySizePerRole,
  RolesQuota: QUOTAS.RolesPerAccount,
  ServerCertificatesQuota: 20,
  SigningCertificatesPerUserQuota: 2,
  UserPolicySizeQuota: QUOTAS.InlinePolicySizePerUser,
  UsersQuota: QUOTAS.UsersPerAccount,
  VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
};
