/** Users, groups, roles and policies as `GetAccountAuthorizationDetails` shows them: with everything that hangs on them. */
import type {
  AttachedPolicy,
  GroupDetail,
  InstanceProfile,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import {
  defaultVersion,
  type GroupRecord,
  type IamView,
  type IdentityRecord,
  type InstanceProfileRecord,
  type ManagedPolicyRecord,
  type RoleRecord,
  type UserRecord,
} from '@stormglass/identity';
import { attachedPolicies } from './attached-policies.ts';
import { listedAwsPolicies } from './aws-policies.ts';
import { versionsOf } from './entities.ts';
import {
  dateOf,
  encodeDocument,
  listedRole,
  listedUser,
  shownPolicy,
  shownRole,
  shownTags,
  shownUser,
  shownVersion,
} from './shapes.ts';

const ALL = { max: Number.POSITIVE_INFINITY };

export const userDetail = (user: UserRecord): UserDetail => ({
  ...shownUser(user),
  // Unlike all other lists, this one is left out when it is empty.
  ...(user.inlinePolicies.length === 0 ? {} : { UserPolicyList: inlinePolicies(user) }),
  GroupList: [...user.groups],
  AttachedManagedPolicies: attached(user),
  Tags: shownTags(user.tags),
});

export const groupDetail = (group: GroupRecord): GroupDetail => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: dateOf(group.createdAt),
  GroupPolicyList: inlinePolicies(group),
  AttachedManagedPolicies: attached(group),
});

export function roleDetail(view: IamView, role: RoleRecord): RoleDetail {
  const profiles = view.listInstanceProfilesWith(role, ALL).items;
  return {
    ...shownRole(role, view.trustPolicyText(role)),
    InstanceProfileList: profiles.map(profile => instanceProfile(view, profile, role)),
    RolePolicyList: inlinePolicies(role),
    AttachedManagedPolicies: attached(role),
    Tags: shownTags(role.tags),
    RoleLastUsed: {},
  };
}

export const ownPolicyDetail = (policy: ManagedPolicyRecord): ManagedPolicyDetail => ({
  ...shownPolicy(policy),
  PolicyVersionList: versionsOf({ owner: 'account', policy }).map(shownVersion),
});
