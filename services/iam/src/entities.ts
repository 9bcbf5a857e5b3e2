/** Finding what a call is about, in the words IAM uses when it is not there. */
import {
  type AwsManagedPolicy,
  defaultVersion,
  type ManagedPolicyRecord,
  type PolicyHolder,
  type RoleRecord,
  type UserRecord,
} from '@stormglass/identity';
import type { Call } from '@stormglass/service-kit';
import type { IamDeps } from './deps.ts';
import { noSuchEntity, userNameRequired } from './errors.ts';

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

export function findRole({ replica }: IamDeps, { accountId }: Call, name: string): RoleRecord {
  const role = replica.view.role(accountId, name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
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
