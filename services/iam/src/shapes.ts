/** Records as IAM shows them. Pure: answers to writes are made from the result of the command alone. */
import type {
  AttachedPermissionsBoundary,
  Group,
  InstanceProfile,
  Policy,
  PolicyVersion,
  Role,
  Tag as SdkTag,
  User,
} from '@aws-sdk/client-iam';
import { defined } from '@stormglass/base';
import type {
  EntityRecord,
  GroupRecord,
  InstanceProfileRecord,
  ManagedPolicyRecord,
  RoleRecord,
  Tag,
  UserRecord,
} from '@stormglass/identity';
import type { ShownVersion } from './entities.ts';

/** IAM counts time in seconds. */
export const dateOf = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

/** Policy documents travel percent-encoded (RFC 3986), as IAM has them since before XML could be trusted with JSON. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

export const shownTags = (tags: readonly Tag[]): SdkTag[] => tags.map(({ key, value }) => ({ Key: key, Value: value }));

export const givenTags = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): readonly Tag[] | undefined => tags?.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));

/** A user in a list: without its tags and boundary, as IAM leaves them out there. */
export const listedUser = (user: UserRecord): User => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: dateOf(user.createdAt),
});

export const shownUser = (user: UserRecord): User => ({ ...listedUser(user), ...tagsAndBoundary(user) });

/** A role in a list. */
export const listedRole = (role: RoleRecord, trustPolicy: string = role.trustPolicy.document): Role => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: dateOf(role.createdAt),
  AssumeRolePolicyDocument: encodeDocument(trustPolicy),
  ...(role.description === '' ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionDurationSeconds,
});

export const shownRole = (role: RoleRecord, trustPolicy?: string): Role => ({
  ...listedRole(role, trustPolicy),
  ...tagsAndBoundary(role),
});

export const shownGroup = (group: GroupRecord): Group => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: dateOf(group.createdAt),
});

/** An instance profile in a list: without its tags. */
export const listedInstanceProfile = (profile: InstanceProfileRecord, role: Role | undefined): InstanceProfile => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: profile.arn,
  CreateDate: dateOf(profile.createdAt),
  Roles: role === undefined ? [] : [role],
});

export const shownInstanceProfile = (profile: InstanceProfileRecord, role: Role | undefined): InstanceProfile => ({
  ...listedInstanceProfile(profile, role),
  Tags: shownTags(profile.tags),
});

function tagsAndBoundary({ tags, permissionsBoundary: arn }: EntityRecord) {
  return defined({
    Tags: tags.length === 0 ? undefined : shownTags(tags),
    PermissionsBoundary: arn === undefined ? undefined : boundary(arn),
  });
}

// On the wire it says `Policy`; the enumeration in the model has another word, which IAM never sends.
const boundary = (arn: string): AttachedPermissionsBoundary => ({
  PermissionsBoundaryType: 'Policy' as AttachedPermissionsBoundary['PermissionsBoundaryType'],
  PermissionsBoundaryArn: arn,
});

/** A customer managed policy in a list. */
export const listedPolicy = (policy: ManagedPolicyRecord): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersionId,
  AttachmentCount: policy.attachmentCount,
  PermissionsBoundaryUsageCount: policy.boundaryCount,
  IsAttachable: true,
  CreateDate: dateOf(policy.createdAt),
  UpdateDate: dateOf(policy.updatedAt),
});

export const shownPolicy = (policy: ManagedPolicyRecord): Policy => ({
  ...listedPolicy(policy),
  ...(policy.description === '' ? {} : { Description: policy.description }),
  Tags: shownTags(policy.tags),
});

/** A version without its document. */
export const listedVersion = (version: Omit<ShownVersion, 'document'>): PolicyVersion => ({
  VersionId: version.versionId,
  IsDefaultVersion: version.isDefault,
  CreateDate: dateOf(version.createdAt),
});

export const shownVersion = (version: ShownVersion): PolicyVersion => ({
  Document: encodeDocument(version.document),
  ...listedVersion(version),
});
