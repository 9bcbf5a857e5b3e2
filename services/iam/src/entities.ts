/** Finding what a call is about, in the words IAM uses when it is not there. */
import type { Role } from '@aws-sdk/client-iam';
import {
  type AwsManagedPolicy,
  defaultVersion,
  type GroupRecord,
  type InstanceProfileRecord,
  type ManagedPolicyRecord,
  type OidcProviderRecord,
  type PolicyHolder,
  type RoleRecord,
  type UserRecord,
} from '@stormglass/identity';
import type { Call } from '@stormglass/service-kit';
import type { IamDeps } from './deps.ts';
import { noSuchEntity, userNameRequired } from './errors.ts';
import { listedRole } from './shapes.ts';

/** Whom a call names, or the calling user when it names nobody. */
export function userNameOf(input: { readonly UserName?: string | undefined }, { principal }: Call): string {
  if (input.UserName !== undefined) return input.UserName;
  if (principal.kind === 'user') return principal.userName;
  throw userNameRequired();
}

export function findUser({ replica }: IamDeps, { accountId }: Call, name: string): UserRecord {
  const user = replica.view.user(accountId, name);
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

/** Refuses when the user that a call is about does not exist; a root that names nobody asks about itself. */
export function refuseMissingUser(input: { readonly UserName?: string | undefined }, call: Call, deps: IamDeps): void {
  if (input.UserName === undefined && call.principal.kind === 'root') return;
  findUser(deps, call, userNameOf(input, call));
}

export function findRole({ replica }: IamDeps, { accountId }: Call, name: string): RoleRecord {
  const role = replica.view.role(accountId, name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function findGroup({ replica }: IamDeps, { accountId }: Call, name: string): GroupRecord {
  const group = replica.view.group(accountId, name);
  if (group === undefined) throw noSuchEntity(`The group with name ${name} cannot be found.`);
  return group;
}

export function findInstanceProfile({ replica }: IamDeps, { accountId }: Call, name: string): InstanceProfileRecord {
  const profile = replica.view.instanceProfile(accountId, name);
  if (profile === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

/** The role that an instance profile has, as lists show it. */
export function roleOf({ replica }: IamDeps, { accountId, roleName }: InstanceProfileRecord): Role | undefined {
  const role = roleName === undefined ? undefined : replica.view.role(accountId, roleName);
  return role && listedRole(role, replica.view.trustPolicyText(role));
}

/** The provider, provided it is the caller's account's: those of others do not exist for it. */
export function findOidcProvider({ replica }: IamDeps, { accountId }: Call, arn: string): OidcProviderRecord {
  const provider = replica.view.oidcProvider(arn);
  if (provider?.accountId !== accountId) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

/** A managed policy, the account's own or one of AWS. */
export type AnyManagedPolicy =
  | { readonly owner: 'account'; readonly policy: ManagedPolicyRecord }
  | { readonly owner: 'aws'; readonly policy: AwsManagedPolicy };

/** The policy, provided the caller's account may see it: policies of other accounts do not exist for it. */
export function findPolicy({ replica }: IamDeps, { accountId }: Call, arn: string): AnyManagedPolicy {
  const aws = replica.view.awsManagedPolicy(arn);
  if (aws !== undefined) return { owner: 'aws', policy: aws };
  const policy = replica.view.policy(arn);
  if (policy?.accountId !== accountId) throw noSuchEntity(`Policy ${arn} was not found.`);
  return { owner: 'account', policy };
}

/** A policy of the account itself; those of AWS have no tags to speak of. */
export function findOwnPolicy({ replica }: IamDeps, { accountId }: Call, arn: string): ManagedPolicyRecord {
  const policy = replica.view.policy(arn);
  if (policy?.accountId !== accountId) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

export interface ShownVersion extends PolicyHolder {
  readonly versionId: string;
  readonly createdAt: number;
  readonly isDefault: boolean;
}

/** All versions, newest first. */
export function versionsOf(found: AnyManagedPolicy): readonly ShownVersion[] {
  if (found.owner === 'aws') return [{ ...found.policy, isDefault: true }];
  const inForce = defaultVersion(found.policy);
  return found.policy.versions.map(version => ({ ...version, isDefault: version === inForce })).reverse();
}
