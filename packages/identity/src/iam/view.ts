/**
 * Read access to the IAM state: what handlers list and show, and the short way that authentication and authorization
 * take on every request of every service.
 */
import type { CompiledPolicy } from '../policy-compiler.ts';
import type { UserPrincipal } from '../principal.ts';
import { type AwsManagedPolicy, awsManagedPolicies, awsManagedPolicy } from './aws-managed-policies.ts';
import { CompiledPolicies, type EntityPolicies } from './compiled-policies.ts';
import { policyByArn } from './policy-lookup.ts';
import type {
  AccessKeyRecord,
  EntityRecord,
  ManagedPolicyRecord,
  RoleRecord,
  TokenKeyRecord,
  TokenVersion,
  UserRecord,
} from './records.ts';
import type { Page, PageRequest } from './table.ts';
import { type IamTables, keyOf } from './tables.ts';
import { shownTrustPolicy } from './trust-policy.ts';

/** Lists are ordered by name without regard to case, as IAM's are. */
export interface ListRequest extends PageRequest {
  /** Only what lies under this path. */
  readonly pathPrefix?: string | undefined;
}

export interface AccountUsage {
  readonly users: number;
  readonly roles: number;
  readonly policies: number;
}

export class IamView {
  readonly #tables: IamTables;
  readonly #compiled: CompiledPolicies;
  readonly #userPrincipals = new WeakMap<UserRecord, UserPrincipal>();
  #tokenKeys: { readonly newest: TokenKeyRecord; readonly all: readonly TokenKeyRecord[] } | undefined;

  constructor(tables: IamTables) {
    this.#tables = tables;
    this.#compiled = new CompiledPolicies(tables);
  }

  get partition(): string {
    return this.#tables.partition;
  }

  // What handlers show.

  user(accountId: string, name: string): UserRecord | undefined {
    return this.#tables.users.get(keyOf(accountId, name));
  }

  role(accountId: string, name: string): RoleRecord | undefined {
    return this.#tables.roles.get(keyOf(accountId, name));
  }

  /** The trust policy of a role as IAM shows it: principals deleted since stand in it by their unique ids. */
  trustPolicyText(role: RoleRecord): string {
    return shownTrustPolicy(this.#tables, role.trustPolicy);
  }

  /** A customer managed policy by its ARN. */
  policy(arn: string): ManagedPolicyRecord | undefined {
    return policyByArn(this.#tables, arn);
  }

  awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
    return awsManagedPolicy(this.partition, arn);
  }

  awsManagedPolicies(): readonly AwsManagedPolicy[] {
    return [...awsManagedPolicies(this.partition).values()];
  }

  listUsers(accountId: string, request: ListRequest): Page<UserRecord> {
    return this.#tables.users.page(`${accountId}/`, request, underPath(request));
  }

  listRoles(accountId: string, request: ListRequest): Page<RoleRecord> {
    return this.#tables.roles.page(`${accountId}/`, request, underPath(request));
  }

  /** Customer managed policies; `onlyAttached` leaves out those that no user or role has. */
  listPolicies(
    accountId: string,
    request: ListRequest & { readonly onlyAttached?: boolean },
  ): Page<ManagedPolicyRecord> {
    const under = underPath(request);
    return this.#tables.policies.page(
      `${accountId}/`,
      request,
      policy => under(policy) && (!request.onlyAttached || policy.attachmentCount > 0),
    );
  }

  /** Keys of a user, oldest first. */
  accessKeysOf(user: UserRecord): readonly AccessKeyRecord[] {
    return user.accessKeyIds.map(id => this.#tables.accessKeys.get(id)!);
  }

  /** Users and roles of an account that have the policy attached, or are bounded by it. A scan of the account. */
  entitiesWith(accountId: string, policyArn: string, as: 'attachment' | 'boundary'): readonly EntityRecord[] {
    const found: EntityRecord[] = [];
    const has = (entity: EntityRecord) =>
      as === 'boundary' ? entity.permissionsBoundary === policyArn : entity.attachedPolicies.includes(policyArn);
    for (const [, user] of this.#tables.users.withPrefix(`${accountId}/`)) if (has(user)) found.push(user);
    for (const [, role] of this.#tables.roles.withPrefix(`${accountId}/`)) if (has(role)) found.push(role);
    return found;
  }

  usage(accountId: string): AccountUsage {
    const count = (kind: 'user' | 'role' | 'policy') => this.#tables.count(accountId, kind);
    return { users: count('user'), roles: count('role'), policies: count('policy') };
  }

  // The hot path.

  accessKey(id: string): AccessKeyRecord | undefined {
    return this.#tables.accessKeys.get(id);
  }

  /** The principal of a user, made once per version of its record. */
  principalForUser(user: UserRecord): UserPrincipal {
    let principal = this.#userPrincipals.get(user);
    if (principal !== undefined) return principal;
    const { accountId, arn, id: userId, name: userName, tags } = user;
    principal = { kind: 'user', accountId, arn, userId, userName, tags };
    this.#userPrincipals.set(user, principal);
    return principal;
  }

  /** The entity's own policies, compiled once. */
  policiesOf(entity: EntityRecord): EntityPolicies {
    return this.#compiled.of(entity);
  }

  trustPolicyOf(role: RoleRecord): CompiledPolicy {
    return this.#compiled.trust(role);
  }

  /** Any managed policy, AWS's own included, in its default version. */
  compiledManagedPolicy(arn: string): CompiledPolicy | undefined {
    return this.#compiled.managed(arn);
  }

  /** Which tokens the global endpoint of STS gives to an account; 1 until the account chose. */
  globalEndpointTokenVersion(accountId: string): TokenVersion {
    return this.#tables.settingsOf(accountId).globalEndpointTokenVersion;
  }

  /** Sealing keys, newest first. Empty until the first zone has added one. */
  tokenKeys(): readonly TokenKeyRecord[] {
    const newest = this.#tables.newestTokenKey();
    if (newest === undefined) return [];
    if (this.#tokenKeys?.newest !== newest)
      this.#tokenKeys = { newest, all: [...this.#tables.tokenKeys.frozen()].reverse() };
    return this.#tokenKeys.all;
  }
}

const underPath =
  ({ pathPrefix }: ListRequest) =>
  (record: { readonly path: string }): boolean =>
    pathPrefix === undefined || record.path.startsWith(pathPrefix);
