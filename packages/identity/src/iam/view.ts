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
  CredentialReportRecord,
  EntityRecord,
  GroupRecord,
  IdentityRecord,
  InstanceProfileRecord,
  ManagedPolicyRecord,
  OidcProviderRecord,
  RegionOptIn,
  RoleDeletionRecord,
  RoleRecord,
  TokenKeyRecord,
  TokenVersion,
  UserRecord,
} from './records.ts';
import type { Page, PageRequest } from './table.ts';
import { type IamTables, keyOf, regionKey, roleDeletionKey } from './tables.ts';
import { shownTrustPolicy } from './trust-policy.ts';

/** Lists are ordered by name without regard to case, as IAM's are. */
export interface ListRequest extends PageRequest {
  /** Only what lies under this path. */
  readonly pathPrefix?: string | undefined;
}

export interface AccountUsage {
  readonly users: number;
  readonly groups: number;
  readonly roles: number;
  readonly policies: number;
  readonly instanceProfiles: number;
  readonly oidcProviders: number;
}

export class IamView {
  readonly #tables: IamTables;
  readonly #compiled: CompiledPolicies;
  readonly #userPrincipals = new WeakMap<UserRecord, UserPrincipal>();
  readonly #admits: (accountId: string) => boolean;
  #tokenKeys: { readonly newest: TokenKeyRecord; readonly all: readonly TokenKeyRecord[] } | undefined;

  constructor(tables: IamTables, admits: (accountId: string) => boolean = () => true) {
    this.#tables = tables;
    this.#admits = admits;
    this.#compiled = new CompiledPolicies(tables);
  }

  get partition(): string {
    return this.#tables.partition;
  }

  // What handlers show.

  user(accountId: string, name: string): UserRecord | undefined {
    return this.#tables.users.get(keyOf(accountId, name));
  }

  group(accountId: string, name: string): GroupRecord | undefined {
    return this.#tables.groups.get(keyOf(accountId, name));
  }

  /** Groups of a user, in the order of their names. */
  groupsOf({ accountId, groups }: UserRecord): readonly GroupRecord[] {
    const keys = groups.map(name => keyOf(accountId, name)).sort();
    return keys.flatMap(key => this.#tables.groups.get(key) ?? []);
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

  listGroups(accountId: string, request: ListRequest): Page<GroupRecord> {
    return this.#tables.groups.page(`${accountId}/`, request, underPath(request));
  }

  /** Users in a group. A scan of the account. */
  listMembers({ accountId, name }: GroupRecord, request: PageRequest): Page<UserRecord> {
    return this.#tables.users.page(`${accountId}/`, request, user => user.groups.includes(name));
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

  /** Whoever in an account has the policy attached, or is bounded by it. A scan of the account. */
  entitiesWith(accountId: string, policyArn: string, as: 'attachment' | 'boundary'): readonly IdentityRecord[] {
    const found: IdentityRecord[] = [];
    const { users, groups, roles } = this.#tables;
    const bounded = (record: IdentityRecord) => record.kind !== 'group' && record.permissionsBoundary === policyArn;
    for (const table of [users, groups, roles])
      for (const [, record] of table.withPrefix(`${accountId}/`))
        if (as === 'boundary' ? bounded(record) : record.attachedPolicies.includes(policyArn)) found.push(record);
    return found;
  }

  usage(accountId: string): AccountUsage {
    const count = (kind: Parameters<IamTables['count']>[1]) => this.#tables.count(accountId, kind);
    return {
      users: count('user'),
      groups: count('group'),
      roles: count('role'),
      policies: count('policy'),
      instanceProfiles: count('instance-profile'),
      oidcProviders: count('oidc-provider'),
    };
  }

  instanceProfile(accountId: string, name: string): InstanceProfileRecord | undefined {
    return this.#tables.instanceProfiles.get(keyOf(accountId, name));
  }

  listInstanceProfiles(accountId: string, request: ListRequest): Page<InstanceProfileRecord> {
    return this.#tables.instanceProfiles.page(`${accountId}/`, request, underPath(request));
  }

  /** Instance profiles that have the role. A scan of those of the account. */
  listInstanceProfilesWith({ accountId, name }: RoleRecord, request: PageRequest): Page<InstanceProfileRecord> {
    return this.#tables.instanceProfiles.page(`${accountId}/`, request, profile => profile.roleName === name);
  }

  /** The deletion of a service-linked role, for as long as it is remembered. */
  roleDeletion(accountId: string, id: string): RoleDeletionRecord | undefined {
    return this.#tables.roleDeletions.get(roleDeletionKey({ accountId, id }));
  }

  /** The newest credential report, however old it is. */
  credentialReport(accountId: string): CredentialReportRecord | undefined {
    return this.#tables.credentialReports.get(accountId);
  }

  accountAlias(accountId: string): string | undefined {
    return this.#tables.accountAliases.get(accountId)?.alias;
  }

  /** The OIDC provider with this ARN, whatever account it belongs to. */
  oidcProvider(arn: string): OidcProviderRecord | undefined {
    return this.#tables.oidcProviders.get(arn);
  }

  /** In the order of their ARNs; an account has 100 at most. */
  oidcProviders(accountId: string): readonly OidcProviderRecord[] {
    const prefix = `arn:${this.partition}:iam::${accountId}:oidc-provider/`;
    return [...this.#tables.oidcProviders.withPrefix(prefix)].map(([, provider]) => provider);
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

  /** How an account and a region stand that it opts in to; undefined when it does not use it. */
  regionOptIn(accountId: string, region: string): RegionOptIn | undefined {
    return this.#tables.regions.get(regionKey({ accountId, region }));
  }

  /** Everybody who opts in to the region, or out of it. */
  regionOptIns(region: string): readonly RegionOptIn[] {
    return [...this.#tables.regions.frozen()].filter(row => row.region === region);
  }

  /** Whether the identities of the account are to be found here. Only regions that are opted in to lack some. */
  admits(accountId: string): boolean {
    return this.#admits(accountId);
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
