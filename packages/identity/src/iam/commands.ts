/**
 * The commands of the IAM log. Each is complete: ids and secrets were drawn by the handler that proposed it, and the
 * time is the log's. Names follow the AWS operations; where users, groups and roles are treated alike, one command serves
 * them all.
 */
import type { Tag } from '../principal.ts';
import type { GroupCommand } from './group-commands.ts';
import type { InstanceProfileCommand } from './instance-profile-commands.ts';
import type { OidcProviderCommand } from './oidc-provider-commands.ts';
import type { EntityKind, IdentityKind, TokenVersion } from './records.ts';
import type { ServiceLinkedRoleCommand } from './service-linked-role-commands.ts';

/** What has tags and is no principal. */
export type ResourceRef =
  | { readonly kind: 'policy' | 'oidc-provider'; readonly arn: string }
  | { readonly kind: 'instance-profile'; readonly name: string };

/** Whom a command is about, inside its account. */
export interface EntityRef {
  readonly kind: EntityKind;
  readonly name: string;
}

export interface IdentityRef {
  readonly kind: IdentityKind;
  readonly name: string;
}

export interface InAccount {
  readonly accountId: string;
}

interface AboutUser extends InAccount {
  readonly userName: string;
}

interface AboutRole extends InAccount {
  readonly roleName: string;
}

interface AboutEntity extends InAccount {
  readonly entity: EntityRef;
}

interface AboutIdentity extends InAccount {
  readonly entity: IdentityRef;
}

interface AboutPolicy extends InAccount {
  readonly policyArn: string;
}

export interface CreateUser extends AboutUser {
  readonly type: 'CreateUser';
  readonly userId: string;
  readonly path: string;
  readonly tags?: readonly Tag[];
  readonly permissionsBoundary?: string;
}

export interface UpdateUser extends AboutUser {
  readonly type: 'UpdateUser';
  readonly newUserName?: string;
  readonly newPath?: string;
}

export interface DeleteUser extends AboutUser {
  readonly type: 'DeleteUser';
}

export interface CreateAccessKey extends AboutUser {
  readonly type: 'CreateAccessKey';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface UpdateAccessKey extends AboutUser {
  readonly type: 'UpdateAccessKey';
  readonly accessKeyId: string;
  readonly status: 'Active' | 'Inactive';
}

export interface DeleteAccessKey extends AboutUser {
  readonly type: 'DeleteAccessKey';
  readonly accessKeyId: string;
}

export interface CreateRole extends AboutRole {
  readonly type: 'CreateRole';
  readonly roleId: string;
  readonly path: string;
  readonly trustPolicy: string;
  readonly description?: string;
  readonly maxSessionDurationSeconds?: number;
  readonly tags?: readonly Tag[];
  readonly permissionsBoundary?: string;
}

export interface UpdateRole extends AboutRole {
  readonly type: 'UpdateRole';
  readonly description?: string;
  readonly maxSessionDurationSeconds?: number;
}

export interface UpdateAssumeRolePolicy extends AboutRole {
  readonly type: 'UpdateAssumeRolePolicy';
  readonly trustPolicy: string;
}

export interface DeleteRole extends AboutRole {
  readonly type: 'DeleteRole';
}

export interface PutInlinePolicy extends AboutIdentity {
  readonly type: 'PutInlinePolicy';
  readonly policyName: string;
  readonly document: string;
}

export interface DeleteInlinePolicy extends AboutIdentity {
  readonly type: 'DeleteInlinePolicy';
  readonly policyName: string;
}

export interface AttachPolicy extends AboutIdentity, AboutPolicy {
  readonly type: 'AttachPolicy';
}

export interface DetachPolicy extends AboutIdentity, AboutPolicy {
  readonly type: 'DetachPolicy';
}

export interface PutPermissionsBoundary extends AboutEntity, AboutPolicy {
  readonly type: 'PutPermissionsBoundary';
}

export interface DeletePermissionsBoundary extends AboutEntity {
  readonly type: 'DeletePermissionsBoundary';
}

export interface TagEntity extends AboutEntity {
  readonly type: 'TagEntity';
  readonly tags: readonly Tag[];
}

export interface UntagEntity extends AboutEntity {
  readonly type: 'UntagEntity';
  readonly tagKeys: readonly string[];
}

export interface TagResource extends InAccount {
  readonly type: 'TagResource';
  readonly resource: ResourceRef;
  readonly tags: readonly Tag[];
}

export interface UntagResource extends InAccount {
  readonly type: 'UntagResource';
  readonly resource: ResourceRef;
  readonly tagKeys: readonly string[];
}

export interface CreatePolicy extends InAccount {
  readonly type: 'CreatePolicy';
  readonly policyName: string;
  readonly policyId: string;
  readonly path: string;
  readonly document: string;
  readonly description?: string;
  readonly tags?: readonly Tag[];
}

export interface DeletePolicy extends AboutPolicy {
  readonly type: 'DeletePolicy';
}

export interface CreatePolicyVersion extends AboutPolicy {
  readonly type: 'CreatePolicyVersion';
  readonly document: string;
  readonly setAsDefault: boolean;
}

export interface SetDefaultPolicyVersion extends AboutPolicy {
  readonly type: 'SetDefaultPolicyVersion';
  readonly versionId: string;
}

export interface DeletePolicyVersion extends AboutPolicy {
  readonly type: 'DeletePolicyVersion';
  readonly versionId: string;
}

/**
 * Adds a sealing key for session tokens, provided the newest key is still the one its proposer saw. Three zones may
 * start, or rotate, at the same moment: the first command in the log wins, and the others change nothing.
 */
export interface AddTokenKey {
  readonly type: 'AddTokenKey';
  readonly keyId: string;
  /** 32 bytes in base64. */
  readonly key: string;
  /** Id of the newest key when this was proposed; null when there was none. */
  readonly after: string | null;
}

export interface CreateAccountAlias extends InAccount {
  readonly type: 'CreateAccountAlias';
  readonly alias: string;
}

export interface DeleteAccountAlias extends InAccount {
  readonly type: 'DeleteAccountAlias';
  readonly alias: string;
}

/** Which tokens the global endpoint of STS gives to the account. */
export interface SetTokenVersion extends InAccount {
  readonly type: 'SetTokenVersion';
  readonly version: TokenVersion;
}

interface AboutRegion extends InAccount {
  readonly region: string;
}

/** `changeId`: what the region names when it confirms the change. */
export interface EnableRegion extends AboutRegion {
  readonly type: 'EnableRegion';
  readonly changeId: string;
}

export interface DisableRegion extends AboutRegion {
  readonly type: 'DisableRegion';
  readonly changeId: string;
}

/** The region holds the identities of the account, or has let go of them, as the account asked. */
export interface ConfirmRegion extends AboutRegion {
  readonly type: 'ConfirmRegion';
  readonly changeId: string;
}

/** Makes the account's credential report, unless there is one that is good still. */
export interface GenerateCredentialReport extends InAccount {
  readonly type: 'GenerateCredentialReport';
}

export type IamCommand =
  | CreateUser
  | UpdateUser
  | DeleteUser
  | CreateAccessKey
  | UpdateAccessKey
  | DeleteAccessKey
  | CreateRole
  | UpdateRole
  | UpdateAssumeRolePolicy
  | DeleteRole
  | PutInlinePolicy
  | DeleteInlinePolicy
  | AttachPolicy
  | DetachPolicy
  | PutPermissionsBoundary
  | DeletePermissionsBoundary
  | TagEntity
  | UntagEntity
  | TagResource
  | UntagResource
  | CreatePolicy
  | DeletePolicy
  | CreatePolicyVersion
  | SetDefaultPolicyVersion
  | DeletePolicyVersion
  | GroupCommand
  | InstanceProfileCommand
  | ServiceLinkedRoleCommand
  | OidcProviderCommand
  | CreateAccountAlias
  | DeleteAccountAlias
  | AddTokenKey
  | EnableRegion
  | DisableRegion
  | ConfirmRegion
  | SetTokenVersion
  | GenerateCredentialReport;

/** The command of one type. */
export type CommandOf<Type extends IamCommand['type']> = Extract<IamCommand, { type: Type }>;
