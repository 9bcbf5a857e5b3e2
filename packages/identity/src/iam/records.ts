/**
 * What the IAM state keeps. Records are plain JSON and never change: an update makes a new record, because snapshots,
 * views and caches hold on to the old one.
 */
import type { Tag } from '../principal.ts';
import type { TokenKey } from '../session-token.ts';

/** Anything with a policy text; compiled once per object, so an unchanged policy keeps its object. */
export interface PolicyHolder {
  readonly document: string;
}

export interface InlinePolicy extends PolicyHolder {
  readonly name: string;
}

export interface TrustPolicy extends PolicyHolder {
  /** Unique ids of the users and roles that its ARNs meant when it was written. */
  readonly principalIds: Readonly<Record<string, string>>;
}

/** What users, groups and roles have in common. Times are ms since the epoch. */
interface Identity {
  readonly accountId: string;
  readonly name: string;
  /** `AIDA...`, `AGPA...` or `AROA...`. */
  readonly id: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  /** Ordered by name. */
  readonly inlinePolicies: readonly InlinePolicy[];
  /** ARNs of managed policies, in the order of attachment. */
  readonly attachedPolicies: readonly string[];
}

/** What can be a principal: users and roles. */
interface Entity extends Identity {
  readonly tags: readonly Tag[];
  /** ARN of the managed policy that bounds it. */
  readonly permissionsBoundary?: string;
}

export interface UserRecord extends Entity {
  readonly kind: 'user';
  /** Ids of its access keys, oldest first. */
  readonly accessKeyIds: readonly string[];
  /** Names of its groups, in the order in which it joined them. */
  readonly groups: readonly string[];
}

export interface RoleRecord extends Entity {
  readonly kind: 'role';
  readonly description: string;
  readonly maxSessionDurationSeconds: number;
  readonly trustPolicy: TrustPolicy;
}

/** Its members say so themselves: see `UserRecord.groups`. */
export interface GroupRecord extends Identity {
  readonly kind: 'group';
}

export type EntityRecord = UserRecord | RoleRecord;
export type EntityKind = EntityRecord['kind'];

/** Whatever has policies of its own. */
export type IdentityRecord = EntityRecord | GroupRecord;
export type IdentityKind = IdentityRecord['kind'];

export interface AccessKeyRecord {
  readonly id: string;
  readonly accountId: string;
  readonly userName: string;
  readonly secret: string;
  readonly status: 'Active' | 'Inactive';
  readonly createdAt: number;
}

export interface PolicyVersionRecord extends PolicyHolder {
  /** `v1`, `v2`, ...; never used twice. */
  readonly versionId: string;
  readonly createdAt: number;
}

export interface ManagedPolicyRecord {
  readonly accountId: string;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: readonly Tag[];
  /** Oldest first; at least one. */
  readonly versions: readonly PolicyVersionRecord[];
  readonly defaultVersionId: string;
  readonly nextVersion: number;
  /** Users, groups and roles it is attached to. */
  readonly attachmentCount: number;
  /** Users and roles it bounds. */
  readonly boundaryCount: number;
}

/** Whom an account trusts to sign web identity tokens. */
export interface OidcProviderRecord {
  readonly accountId: string;
  /** `arn:aws:iam::123456789012:oidc-provider/` and the issuer without its scheme. */
  readonly arn: string;
  /** The issuer as it was given, scheme included: what `iss` says in its tokens. */
  readonly issuer: string;
  readonly createdAt: number;
  /** Audiences, in the order in which they came. */
  readonly clientIds: readonly string[];
  /** SHA-1 of certificates that may vouch for the issuer's host, 40 hexadecimal digits each. */
  readonly thumbprints: readonly string[];
  readonly tags: readonly Tag[];
}

/** What hands a role to an instance. */
export interface InstanceProfileRecord {
  readonly accountId: string;
  readonly name: string;
  /** `AIPA...`. */
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  /** One at most. */
  readonly roleName?: string;
  readonly tags: readonly Tag[];
}

/** The deletion of a service-linked role: done when it is recorded, because nothing here holds on to such a role. */
export interface RoleDeletionRecord {
  readonly accountId: string;
  /** `task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/` and a UUID. */
  readonly id: string;
  readonly createdAt: number;
}

/** A name for an account that no other account of the partition has. */
export interface AccountAlias {
  readonly accountId: string;
  readonly alias: string;
}

export interface TokenKeyRecord extends TokenKey {
  /** 1, 2, 3, ...: the highest is the newest. */
  readonly generation: number;
}

/** Tokens of version 1 are valid in regions that every account uses; those of version 2 in all. */
export type TokenVersion = 1 | 2;

/** Settings of an account; there is no record while all of them are as they were at first. */
export interface AccountSettings {
  readonly accountId: string;
  /** What the global endpoint of STS gives out. */
  readonly globalEndpointTokenVersion: TokenVersion;
}

/** Who had which credentials in an account, at one moment. */
export interface CredentialReportRecord {
  readonly accountId: string;
  /** Ms since the epoch. */
  readonly generatedAt: number;
  /** Comma-separated values. */
  readonly content: string;
}

/** The version in force. */
export function defaultVersion(policy: ManagedPolicyRecord): PolicyVersionRecord {
  const { versions, defaultVersionId } = policy;
  return versions.find(version => version.versionId === defaultVersionId) ?? versions[0]!;
}

/** An account and a region it opts in to; an account that does not use the region has none. */
export interface RegionOptIn {
  readonly accountId: string;
  readonly region: string;
  readonly status: 'ENABLING' | 'ENABLED' | 'DISABLING';
  /** Names the account's last change. */
  readonly changeId: string;
}
