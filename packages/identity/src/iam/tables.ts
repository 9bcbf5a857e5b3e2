/** The tables of the IAM state and their keys, and what is derived from them. */
import {
  type AccessKeyRecord,
  type AccountSettings,
  defaultVersion,
  type EntityKind,
  type EntityRecord,
  type ManagedPolicyRecord,
  type RoleRecord,
  type TokenKeyRecord,
  type UserRecord,
} from './records.ts';
import { Table } from './table.ts';

/** IAM treats names that differ only in case as the same name. */
export const keyOf = (accountId: string, name: string): string => `${accountId}/${name.toLowerCase()}`;

const generationKey = (generation: number): string => String(generation).padStart(12, '0');

/** Number of rows of each kind in one account, kept so that a quota costs no scan. */
interface AccountCounts {
  user: number;
  role: number;
  policy: number;
}

/** One line of a snapshot: a record and where it belongs. */
export type SnapshotRecord =
  | { readonly table: 'entity'; readonly record: EntityRecord }
  | { readonly table: 'access-key'; readonly record: AccessKeyRecord }
  | { readonly table: 'policy'; readonly record: ManagedPolicyRecord }
  | { readonly table: 'token-key'; readonly record: TokenKeyRecord }
  | { readonly table: 'account-settings'; readonly record: AccountSettings };

export class IamTables {
  readonly users = new Table<UserRecord>();
  readonly roles = new Table<RoleRecord>();
  readonly accessKeys = new Table<AccessKeyRecord>();
  readonly policies = new Table<ManagedPolicyRecord>();
  readonly tokenKeys = new Table<TokenKeyRecord>();
  readonly accountSettings = new Table<AccountSettings>();
  /** Grows whenever a managed policy begins or ceases to mean something, so that caches above know they are stale. */
  policyGeneration = 0;
  #counts = new Map<string, AccountCounts>();
  readonly #partition: string;

  constructor(partition: string) {
    this.#partition = partition;
  }

  get partition(): string {
    return this.#partition;
  }

  entity(accountId: string, kind: EntityKind, name: string): EntityRecord | undefined {
    return (kind === 'user' ? this.users : this.roles).get(keyOf(accountId, name));
  }

  /** Stores an entity, new or changed. */
  putEntity(record: EntityRecord): void {
    const key = keyOf(record.accountId, record.name);
    const isNew = !(record.kind === 'user' ? this.users : this.roles).has(key);
    if (record.kind === 'user') this.users.set(key, record);
    else this.roles.set(key, record);
    if (isNew) this.#countsOf(record.accountId)[record.kind]++;
  }

  deleteEntity(record: EntityRecord): void {
    (record.kind === 'user' ? this.users : this.roles).delete(keyOf(record.accountId, record.name));
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
    return lines(
      [this.users.frozen(), this.roles.frozen()],
      this.policies.frozen(),
      this.accessKeys.frozen(),
      this.tokenKeys.frozen(),
      this.accountSettings.frozen(),
    );
  }

  replaceAll(records: Iterable<SnapshotRecord>): void {
    const { users, roles, accessKeys, policies, tokenKeys, accountSettings } = this;
    for (const table of [users, roles, accessKeys, policies, tokenKeys, accountSettings]) table.clear();
    this.#counts = new Map();
    this.policyGeneration++;
    for (const line of records) this.#install(line);
  }

  #install(line: SnapshotRecord): void {
    switch (line.table) {
      case 'entity':
        return this.putEntity(line.record);
      case 'access-key':
        return this.accessKeys.set(line.record.id, line.record);
      case 'policy':
        return this.putPolicy(line.record);
      case 'token-key':
        return this.putTokenKey(line.record);
      case 'account-settings':
        return this.accountSettings.set(line.record.accountId, line.record);
    }
  }

  #countsOf(accountId: string): AccountCounts {
    let counts = this.#counts.get(accountId);
    if (counts === undefined) this.#counts.set(accountId, (counts = { user: 0, role: 0, policy: 0 }));
    return counts;
  }
}

// A function of its own, because the copies must be taken when the snapshot is asked for, not when it is first drawn.
function* lines(
  entities: readonly Iterable<EntityRecord>[],
  policies: Iterable<ManagedPolicyRecord>,
  accessKeys: Iterable<AccessKeyRecord>,
  tokenKeys: Iterable<TokenKeyRecord>,
  accountSettings: Iterable<AccountSettings>,
): IterableIterator<SnapshotRecord> {
  for (const table of entities) for (const record of table) yield { table: 'entity', record };
  for (const record of policies) yield { table: 'policy', record };
  for (const record of accessKeys) yield { table: 'access-key', record };
  for (const record of tokenKeys) yield { table: 'token-key', record };
  for (const record of accountSettings) yield { table: 'account-settings', record };
}
