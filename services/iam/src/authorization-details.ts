/** Users, groups, roles and policies as `GetAccountAuthorizationDetails` shows them: with everything that hangs on them. */
import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam';
import type {
  GroupRecord,
  IamView,
  IdentityRecord,
  ManagedPolicyRecord,
  RoleRecord,
  UserRecord,
} from '@stormglass/identity';
import { attachedPolicies } from './attached-policies.ts';
import { listedAwsPolicies } from './aws-policies.ts';
import { versionsOf } from './entities.ts';
import {
  encodeDocument,
  listedInstanceProfile,
  listedRole,
  shownGroup,
  shownPolicy,
  shownRole,
  shownTags,
  shownUser,
  shownVersion,
} from './shapes.ts';

const ALL = { max: Number.POSITIVE_INFINITY };

export const userDetail = (user: UserRecord): UserDetail => ({
  ...shownUser(user),
  // Unlike the other lists, this one is left out when it is empty.
  ...(user.inlinePolicies.length === 0 ? {} : { UserPolicyList: inlinePolicies(user) }),
  GroupList: [...user.groups],
  AttachedManagedPolicies: attached(user),
  Tags: shownTags(user.tags),
});

export const groupDetail = (group: GroupRecord): GroupDetail => ({
  ...shownGroup(group),
  GroupPolicyList: inlinePolicies(group),
  AttachedManagedPolicies: attached(group),
});

export function roleDetail(view: IamView, role: RoleRecord): RoleDetail {
  const trustPolicy = view.trustPolicyText(role);
  const profiles = view.listInstanceProfilesWith(role, ALL).items;
  return {
    ...shownRole(role, trustPolicy),
    InstanceProfileList: profiles.map(profile => listedInstanceProfile(profile, listedRole(role, trustPolicy))),
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

/** The policies of AWS that somebody in the account has, in the order of their names. */
export function awsPolicyDetails(view: IamView, accountId: string): readonly ManagedPolicyDetail[] {
  const policies = new Map(view.awsManagedPolicies().map(policy => [policy.arn, policy]));
  return listedAwsPolicies(view, accountId)
    .filter(shown => shown.AttachmentCount! + shown.PermissionsBoundaryUsageCount! > 0)
    .map(shown => {
      const policy = policies.get(shown.Arn!)!;
      return {
        ...shown,
        Description: policy.description,
        PolicyVersionList: versionsOf({ owner: 'aws', policy }).map(shownVersion),
      };
    });
}

const inlinePolicies = ({ inlinePolicies: policies }: IdentityRecord): PolicyDetail[] =>
  policies.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: encodeDocument(document) }));

const attached = (record: IdentityRecord): AttachedPolicy[] => [...attachedPolicies(record, undefined, ALL).items];
