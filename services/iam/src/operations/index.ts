/**
 * The operations of IAM. Differences from AWS that belong to one operation stand in its file, as `gaps`; those of the
 * service as a whole are here. `docs/compatibility.md` is generated from both.
 */
import type { AnyOperation } from '@stormglass/service-kit';
import type { IamDeps } from '../deps.ts';
import { addClientIdToOpenIdConnectProvider } from './add-client-id-to-open-id-connect-provider.ts';
import { addRoleToInstanceProfile } from './add-role-to-instance-profile.ts';
import { addUserToGroup } from './add-user-to-group.ts';
import { attachGroupPolicy } from './attach-group-policy.ts';
import { attachRolePolicy } from './attach-role-policy.ts';
import { attachUserPolicy } from './attach-user-policy.ts';
import { createAccessKey } from './create-access-key.ts';
import { createAccountAlias } from './create-account-alias.ts';
import { createGroup } from './create-group.ts';
import { createInstanceProfile } from './create-instance-profile.ts';
import { createOpenIdConnectProvider } from './create-open-id-connect-provider.ts';
import { createPolicy } from './create-policy.ts';
import { createPolicyVersion } from './create-policy-version.ts';
import { createRole } from './create-role.ts';
import { createServiceLinkedRole } from './create-service-linked-role.ts';
import { createUser } from './create-user.ts';
import { deleteAccessKey } from './delete-access-key.ts';
import { deleteAccountAlias } from './delete-account-alias.ts';
import { deleteAccountPasswordPolicy } from './delete-account-password-policy.ts';
import { deleteGroup } from './delete-group.ts';
import { deleteGroupPolicy } from './delete-group-policy.ts';
import { deleteInstanceProfile } from './delete-instance-profile.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { deleteOpenIdConnectProvider } from './delete-open-id-connect-provider.ts';
import { deletePolicy } from './delete-policy.ts';
import { deletePolicyVersion } from './delete-policy-version.ts';
import { deleteRole } from './delete-role.ts';
import { deleteRolePermissionsBoundary } from './delete-role-permissions-boundary.ts';
import { deleteRolePolicy } from './delete-role-policy.ts';
import { deleteServiceLinkedRole } from './delete-service-linked-role.ts';
import { deleteUser } from './delete-user.ts';
import { deleteUserPermissionsBoundary } from './delete-user-permissions-boundary.ts';
import { deleteUserPolicy } from './delete-user-policy.ts';
import { detachGroupPolicy } from './detach-group-policy.ts';
import { detachRolePolicy } from './detach-role-policy.ts';
import { detachUserPolicy } from './detach-user-policy.ts';
import { generateCredentialReport } from './generate-credential-report.ts';
import { getAccessKeyLastUsed } from './get-access-key-last-used.ts';
import { getAccountAuthorizationDetails } from './get-account-authorization-details.ts';
import { getAccountPasswordPolicy } from './get-account-password-policy.ts';
import { getAccountSummary } from './get-account-summary.ts';
import { getContextKeysForCustomPolicy } from './get-context-keys-for-custom-policy.ts';
import { getContextKeysForPrincipalPolicy } from './get-context-keys-for-principal-policy.ts';
import { getCredentialReport } from './get-credential-report.ts';
import { getGroup } from './get-group.ts';
import { getGroupPolicy } from './get-group-policy.ts';
import { getInstanceProfile } from './get-instance-profile.ts';
import { getLoginProfile } from './get-login-profile.ts';
import { getOpenIdConnectProvider } from './get-open-id-connect-provider.ts';
import { getPolicy } from './get-policy.ts';
import { getPolicyVersion } from './get-policy-version.ts';
import { getRole } from './get-role.ts';
import { getRolePolicy } from './get-role-policy.ts';
import { getServiceLinkedRoleDeletionStatus } from './get-service-linked-role-deletion-status.ts';
import { getUser } from './get-user.ts';
import { getUserPolicy } from './get-user-policy.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { listAccountAliases } from './list-account-aliases.ts';
import { listAttachedGroupPolicies } from './list-attached-group-policies.ts';
import { listAttachedRolePolicies } from './list-attached-role-policies.ts';
import { listAttachedUserPolicies } from './list-attached-user-policies.ts';
import { listEntitiesForPolicy } from './list-entities-for-policy.ts';
import { listGroupPolicies } from './list-group-policies.ts';
import { listGroups } from './list-groups.ts';
import { listGroupsForUser } from './list-groups-for-user.ts';
import { listInstanceProfileTags } from './list-instance-profile-tags.ts';
import { listInstanceProfiles } from './list-instance-profiles.ts';
import { listInstanceProfilesForRole } from './list-instance-profiles-for-role.ts';
import { listMfaDevices } from './list-mfa-devices.ts';
import { listOpenIdConnectProviderTags } from './list-open-id-connect-provider-tags.ts';
import { listOpenIdConnectProviders } from './list-open-id-connect-providers.ts';
import { listPolicies } from './list-policies.ts';
import { listPoliciesGrantingServiceAccess } from './list-policies-granting-service-access.ts';
import { listPolicyTags } from './list-policy-tags.ts';
import { listPolicyVersions } from './list-policy-versions.ts';
import { listRolePolicies } from './list-role-policies.ts';
import { listRoleTags } from './list-role-tags.ts';
import { listRoles } from './list-roles.ts';
import { listSamlProviders } from './list-saml-providers.ts';
import { listServerCertificates } from './list-server-certificates.ts';
import { listServiceSpecificCredentials } from './list-service-specific-credentials.ts';
import { listSigningCertificates } from './list-signing-certificates.ts';
import { listSshPublicKeys } from './list-ssh-public-keys.ts';
import { listUserPolicies } from './list-user-policies.ts';
import { listUserTags } from './list-user-tags.ts';
import { listUsers } from './list-users.ts';
import { listVirtualMfaDevices } from './list-virtual-mfa-devices.ts';
import { putGroupPolicy } from './put-group-policy.ts';
import { putRolePermissionsBoundary } from './put-role-permissions-boundary.ts';
import { putRolePolicy } from './put-role-policy.ts';
import { putUserPermissionsBoundary } from './put-user-permissions-boundary.ts';
import { putUserPolicy } from './put-user-policy.ts';
import { removeClientIdFromOpenIdConnectProvider } from './remove-client-id-from-open-id-connect-provider.ts';
import { removeRoleFromInstanceProfile } from './remove-role-from-instance-profile.ts';
import { removeUserFromGroup } from './remove-user-from-group.ts';
import { setDefaultPolicyVersion } from './set-default-policy-version.ts';
import { setSecurityTokenServicePreferences } from './set-security-token-service-preferences.ts';
import { simulateCustomPolicy } from './simulate-custom-policy.ts';
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';
import { tagInstanceProfile } from './tag-instance-profile.ts';
import { tagOpenIdConnectProvider } from './tag-open-id-connect-provider.ts';
import { tagPolicy } from './tag-policy.ts';
import { tagRole } from './tag-role.ts';
import { tagUser } from './tag-user.ts';
import { untagInstanceProfile } from './untag-instance-profile.ts';
import { untagOpenIdConnectProvider } from './untag-open-id-connect-provider.ts';
import { untagPolicy } from './untag-policy.ts';
import { untagRole } from './untag-role.ts';
import { untagUser } from './untag-user.ts';
import { updateAccessKey } from './update-access-key.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';
import { updateGroup } from './update-group.ts';
import { updateOpenIdConnectProviderThumbprint } from './update-open-id-connect-provider-thumbprint.ts';
import { updateRole } from './update-role.ts';
import { updateRoleDescription } from './update-role-description.ts';
import { updateUser } from './update-user.ts';

export const GAPS: readonly string[] = [
  'There are no passwords, MFA devices, SSH keys, SAML providers or server certificates: lists of them are empty, and none can be made.',
  'A managed policy of AWS that is not built in does not exist.',
  'Changes are seen by every zone as soon as they are acknowledged; AWS takes seconds.',
];

export const OPERATIONS: readonly AnyOperation<IamDeps>[] = [
  addClientIdToOpenIdConnectProvider,
  addRoleToInstanceProfile,
  addUserToGroup,
  attachGroupPolicy,
  attachRolePolicy,
  attachUserPolicy,
  createAccessKey,
  createAccountAlias,
  createGroup,
  createInstanceProfile,
  createOpenIdConnectProvider,
  createPolicy,
  createPolicyVersion,
  createRole,
  createServiceLinkedRole,
  createUser,
  deleteAccessKey,
  deleteAccountAlias,
  deleteAccountPasswordPolicy,
  deleteGroup,
  deleteGroupPolicy,
  deleteInstanceProfile,
  deleteLoginProfile,
  deleteOpenIdConnectProvider,
  deletePolicy,
  deletePolicyVersion,
  deleteRole,
  deleteRolePermissionsBoundary,
  deleteRolePolicy,
  deleteServiceLinkedRole,
  deleteUser,
  deleteUserPermissionsBoundary,
  deleteUserPolicy,
  detachGroupPolicy,
  detachRolePolicy,
  detachUserPolicy,
  generateCredentialReport,
  getAccessKeyLastUsed,
  getAccountAuthorizationDetails,
  getAccountPasswordPolicy,
  getAccountSummary,
  getContextKeysForCustomPolicy,
  getContextKeysForPrincipalPolicy,
  getCredentialReport,
  getGroup,
  getGroupPolicy,
  getInstanceProfile,
  getLoginProfile,
  getOpenIdConnectProvider,
  getPolicy,
  getPolicyVersion,
  getRole,
  getRolePolicy,
  getServiceLinkedRoleDeletionStatus,
  getUser,
  getUserPolicy,
  listAccessKeys,
  listAccountAliases,
  listAttachedGroupPolicies,
  listAttachedRolePolicies,
  listAttachedUserPolicies,
  listEntitiesForPolicy,
  listGroupPolicies,
  listGroups,
  listGroupsForUser,
  listInstanceProfiles,
  listInstanceProfilesForRole,
  listInstanceProfileTags,
  listMfaDevices,
  listOpenIdConnectProviders,
  listOpenIdConnectProviderTags,
  listPolicies,
  listPoliciesGrantingServiceAccess,
  listPolicyTags,
  listPolicyVersions,
  listRolePolicies,
  listRoles,
  listRoleTags,
  listSamlProviders,
  listServerCertificates,
  listServiceSpecificCredentials,
  listSigningCertificates,
  listSshPublicKeys,
  listUserPolicies,
  listUsers,
  listUserTags,
  listVirtualMfaDevices,
  putGroupPolicy,
  putRolePermissionsBoundary,
  putRolePolicy,
  putUserPermissionsBoundary,
  putUserPolicy,
  removeClientIdFromOpenIdConnectProvider,
  removeRoleFromInstanceProfile,
  removeUserFromGroup,
  setDefaultPolicyVersion,
  setSecurityTokenServicePreferences,
  simulateCustomPolicy,
  simulatePrincipalPolicy,
  tagInstanceProfile,
  tagOpenIdConnectProvider,
  tagPolicy,
  tagRole,
  tagUser,
  untagInstanceProfile,
  untagOpenIdConnectProvider,
  untagPolicy,
  untagRole,
  untagUser,
  updateAccessKey,
  updateAssumeRolePolicy,
  updateGroup,
  updateOpenIdConnectProviderThumbprint,
  updateRole,
  updateRoleDescription,
  updateUser,
];
