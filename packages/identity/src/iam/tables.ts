/** The tables of the IAM state and their keys, and what is derived from them. */
import {
  type AccessKeyRecord,
  type AccountAlias,
  type AccountSettings,
  type CredentialReportRecord,
  defaultVersion,
  type EntityRecord,
  type GroupRecord,
  type IdentityKind,
  type IdentityRecord,
  type InstanceProfileRecord,
  type ManagedPolicyRecord,
  type OidcProviderRecord,
  type RegionOptIn,
  type RoleDeletionRecord,
  type RoleRecord,
  type TokenKeyRecord,
  type UserRecord,
} from './records.ts';
import { Table } from './table.ts';

/** IAM treats names that differ only in case as the same name. */
export const keyOf = (accountId: string, name: string): string => `${accountId}/${name.toLowerCase()}`;

export const regionKey = (about: { readonly accountId: string; readonly region: string }): string =>
  `${about.accountId}/${about.region}`;

export const roleDeletionKey = ({ accountId, id }: Pick<RoleDeletionRecord, 'accountId' | 'id'>): string =>
  `${accountId}/${id}`;

const generationKey = (generation: number): string => String(generation).padStart(12, '0');

/** Number of rows of each kind in one account, kept so that a quota costs no scan. */
type AccountCounts = Record<IdentityKind | 'policy' | 'instance-profile' | 'oidc-provider', number>;

/** One line of a snapshot: a record and where it belongs. */
export type SnapshotRecord =
  | { readonly table: 'entity'; readonly record: EntityRecord }
  | { readonly table: 'group'; readonly record: GroupRecord }
  | { readonly table: 'access-key'; readonly record: AccessKeyRecord }
  | { readonly table: 'policy'; readonly record: ManagedPolicyRecord }
  | { readonly table: 'instance-profile'; readonly record: InstanceProfileRecord }
  | { readonly table: 'role-deletion'; readonly record: RoleDeletionRecord }
  | { readonly table: 'oidc-provider'; readonly record: OidcProviderRecord }
  | { readonly table: 'token-key'; readonly record: TokenKeyRecord }
  | { readonly table: 'account-alias'; readonly record: AccountAlias }
  | { readonly table: 'account-settings'; readonly record: AccountSettings }
  | { readonly table: 'credential-report'; readonly record: CredentialReportRecord }
  | { readonly table: 'region'; readonly record: RegionOptIn };

type RecordOf<Kind extends SnapshotRecord['table']> = Extract<SnapshotRecord, { table: Kind }>['record'];

/** What became of one row: it is this now, or it was this and is no more. */
export type RowChange = { readonly put: SnapshotRecord } | { readonly drop: SnapshotRecord };

export class IamTables {
  readonly users = new Table<UserRecord>();
  readonly groups = new Table<GroupRecord>();
  readonly roles = new Table<RoleRecord>();
  readonly accessKeys = new Table<AccessKeyRecord>();
  readonly policies = new Table<ManagedPolicyRecord>();
  readonly instanceProfiles = new Table<InstanceProfileRecord>();
  readonly roleDeletions = new Table<RoleDeletionRecord>();
  /** By ARN. */
  readonly oidcProviders = new Table<OidcProviderRecord>();
  readonly tokenKeys = new Table<TokenKeyRecord>();
  /** By account. */
  readonly accountAliases = new Table<AccountAlias>();
  readonly accountSettings = new Table<AccountSettings>();
  readonly credentialReports = new Table<CredentialReportRecord>();
  readonly regions = new Table<RegionOptIn>();
  /**
   * Grows whenever a managed policy or the policies of a group begin or cease to mean something, so that caches above
   * know they are stale.
   */
  policyGeneration = 0;
  // Complete, or it does not compile: what is not here would not be mirrored in other regions.
  readonly #tables: { readonly [Kind in SnapshotRecord['table']]: readonly Table<RecordOf<Kind>>[] } = {
    entity: [this.users, this.roles],
    group: [this.groups],
    policy: [this.policies],
    'access-key': [this.accessKeys],
    'instance-profile': [this.instanceProfiles],
    'role-deletion': [this.roleDeletions],
    'oidc-provider': [this.oidcProviders],
    'token-key': [this.tokenKeys],
    'account-alias': [this.accountAliases],
    'account-settings': [this.accountSettings],
    'credential-report': [this.credentialReports],
    region: [this.regions],
  };
  #counts = new Map<string, AccountCounts>();
  readonly #partition: string;

  constructor(partition: string) {
    this.#partition = partition;
  }

  get partition(): string {
    return this.#partition;
  }

  /** Stores a user, group or role, new or changed. */
  putEntity(record: IdentityRecord): void {
    const key = keyOf(record.accountId, record.name);
    const table = this.#tableOf(record.kind);
    if (!table.has(key)) this.#countsOf(record.accountId)[record.kind]++;
    table.set(key, record);
    if (record.kind === 'group') this.policyGeneration++;
  }

  deleteEntity(record: IdentityRecord): void {
    this.#tableOf(record.kind).delete(keyOf(record.accountId, record.name));
    this.#countsOf(record.accountId)[record.kind]--;
  }

  putPolicy(record: ManagedPolicyRecord): void {
    const key = keyOf(record.accountId, record.name);
    const before = this.policies.get(key);
    if (before === undefined) this.#countsOf(record.accountId).policy++;
    else if (defaultVersion(before) !== defaultVersion(record)) this.policyGeneration++;
    this.policies.set(key, record);
  }

  deletePolicy(record: ManagedPolicyRecord): void {
    this.policies.delete(keyOf(record.accountId, record.name));
    this.#countsOf(record.accountId).policy--;
    this.policyGeneration++;
  }

  putInstanceProfile(record: InstanceProfileRecord): void {
    const key = keyOf(record.accountId, record.name);
    if (!this.instanceProfiles.has(key)) this.#countsOf(record.accountId)['instance-profile']++;
    this.instanceProfiles.set(key, record);
  }

  deleteInstanceProfile(record: InstanceProfileRecord): void {
    this.instanceProfiles.delete(keyOf(record.accountId, record.name));
    this.#countsOf(record.accountId)['instance-profile']--;
  }

  putOidcProvider(record: OidcProviderRecord): void {
    if (!this.oidcProviders.has(record.arn)) this.#countsOf(record.accountId)['oidc-provider']++;
    this.oidcProviders.set(record.arn, record);
  }

  deleteOidcProvider(record: OidcProviderRecord): void {
    this.oidcProviders.delete(record.arn);
    this.#countsOf(record.accountId)['oidc-provider']--;
  }

  putTokenKey(record: TokenKeyRecord): void {
    this.tokenKeys.set(generationKey(record.generation), record);
  }

  deleteTokenKey(record: TokenKeyRecord): void {
    this.tokenKeys.delete(generationKey(record.generation));
  }

  newestTokenKey(): TokenKeyRecord | undefined {
    return this.tokenKeys.last();
  }

  settingsOf(accountId: string): AccountSettings {
    return this.accountSettings.get(accountId) ?? { accountId, globalEndpointTokenVersion: 1 };
  }

  count(accountId: string, kind: keyof AccountCounts): number {
    return this.#counts.get(accountId)?.[kind] ?? 0;
  }

  /** Everything there is as of this call; drawn lazily, and untouched by later commands. */
  freeze(): Iterable<SnapshotRecord> {
    // The copies must be taken now, not when the first line is drawn.
    return linesOf(this.#all().map(([kind, table]) => [kind, table.frozen()]));
  }

  replaceAll(records: Iterable<SnapshotRecord>): void {
    for (const [, table] of this.#all()) table.clear();
    this.#counts = new Map();
    this.policyGeneration++;
    for (const line of records) this.put(line);
  }

  /** Tells of every row that changes from now on, before it does; `replaceAll` is not told. */
  watch(onChange: (change: RowChange) => void): void {
    for (const [table, rows] of this.#all()) {
      const line = (record: unknown) => ({ table, record }) as SnapshotRecord;
      rows.watch((before, after) => {
        if (after !== undefined) onChange({ put: line(after) });
        else if (before !== undefined) onChange({ drop: line(before) });
      });
    }
  }

  #all(): [kind: SnapshotRecord['table'], table: Table<unknown>][] {
    const kinds = Object.entries(this.#tables) as [SnapshotRecord['table'], readonly Table<unknown>[]][];
    return kinds.flatMap(([kind, tables]) => tables.map((table): [typeof kind, Table<unknown>] => [kind, table]));
  }

  /** Stores a row as a snapshot, or another region, tells of it. */
  put(line: SnapshotRecord): void {
    switch (line.table) {
      case 'entity':
        return this.putEntity(withGroups(line.record));
      case 'group':
        return this.putEntity(line.record);
      case 'access-key':
        return this.accessKeys.set(line.record.id, line.record);
      case 'policy':
        return this.putPolicy(line.record);
      case 'instance-profile':
        return this.putInstanceProfile(line.record);
      case 'role-deletion':
        return this.roleDeletions.set(roleDeletionKey(line.record), line.record);
      case 'oidc-provider':
        return this.putOidcProvider(line.record);
      case 'token-key':
        return this.putTokenKey(line.record);
      case 'account-alias':
        return this.accountAliases.set(line.record.accountId, line.record);
      case 'account-settings':
        return this.accountSettings.set(line.record.accountId, line.record);
      case 'credential-report':
        return this.credentialReports.set(line.record.accountId, line.record);
      case 'region':
        return this.regions.set(regionKey(line.record), line.record);
    }
    line satisfies never;
  }

  /** Takes away a row, by what it was. */
  drop(line: SnapshotRecord): void {
    switch (line.table) {
      case 'entity':
      case 'group':
        return this.deleteEntity(line.record);
      case 'access-key':
        return this.accessKeys.delete(line.record.id);
      case 'policy':
        return this.deletePolicy(line.record);
      case 'instance-profile':
        return this.deleteInstanceProfile(line.record);
      case 'role-deletion':
        return this.roleDeletions.delete(roleDeletionKey(line.record));
      case 'oidc-provider':
        return this.deleteOidcProvider(line.record);
      case 'token-key':
        return this.deleteTokenKey(line.record);
      case 'account-alias':
        return this.accountAliases.delete(line.record.accountId);
      case 'account-settings':
        return this.accountSettings.delete(line.record.accountId);
      case 'credential-report':
        return this.credentialReports.delete(line.record.accountId);
      case 'region':
        return this.regions.delete(regionKey(line.record));
    }
    line satisfies never;
  }

  // A row belongs into the table of its own kind, which TypeScript cannot follow through the choice.
  #tableOf(kind: IdentityKind): Table<IdentityRecord> {
    const { users: user, groups: group, roles: role } = this;
    return { user, group, role }[kind] as Table<IdentityRecord>;
  }

  #countsOf(accountId: string): AccountCounts {
    let counts = this.#counts.get(accountId);
    if (counts === undefined)
      this.#counts.set(
        accountId,
        (counts = { user: 0, group: 0, role: 0, policy: 0, 'instance-profile': 0, 'oidc-provider': 0 }),
      );
    return counts;
  }
}

/** Snapshots of builds that had no groups do not say that a user is in none. */
const withGroups = (record: EntityRecord): EntityRecord =>
  record.kind === 'user' ? { ...record, groups: record.groups ?? [] } : record;

function* linesOf(
  tables: readonly (readonly [kind: SnapshotRecord['table'], rows: Iterable<unknown>])[],
): IterableIterator<SnapshotRecord> {
  for (const [table, rows] of tables) for (const record of rows) yield { table, record } as SnapshotRecord;
}
