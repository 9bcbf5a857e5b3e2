/** The tables of the state of Route 53 and their keys, and what is derived from them. */
import { reversedName } from './names.ts';
import { CHANGES_KEPT } from './quotas.ts';
import type { Change, HealthCheck, HostedZone, RecordSet, StoredRecordSet } from './records.ts';
import { Table } from './table.ts';

// Lower than anything a name contains, so that a name comes directly before what lies below it.
const END = '\t';

/** Orders the record sets of a zone as ListResourceRecordSets does: reversed name, type, set identifier. */
export const recordSetKey = (zoneId: string, { name, type, setIdentifier = '' }: RecordSet): string =>
  `${zoneId}${END}${reversedName(name)}${END}${type}${END}${setIdentifier}`;

/** Begins the keys of all record sets of a name, or of a name and type. */
export const nameKey = (zoneId: string, name: string): string => `${zoneId}${END}${reversedName(name)}${END}`;
export const groupKey = (zoneId: string, name: string, type: string): string => `${nameKey(zoneId, name)}${type}${END}`;
/** Begins the keys of a name and of everything below it. */
export const subtreeKey = (zoneId: string, name: string): string => `${zoneId}${END}${reversedName(name)}`;
export const zoneKey = (zoneId: string): string => `${zoneId}${END}`;

const seqKey = (seq: number): string => String(seq).padStart(16, '0');
const inAccount = (accountId: string, text: string): string => `${accountId}${END}${text}`;

/** One line of a snapshot: a record and where it belongs. */
export type SnapshotRecord =
  | { readonly table: 'zone'; readonly record: HostedZone }
  | { readonly table: 'record-set'; readonly record: StoredRecordSet }
  | { readonly table: 'health-check'; readonly record: HealthCheck }
  | { readonly table: 'change'; readonly record: Change };

export class Route53Tables {
  readonly zones = new Table<HostedZone>();
  readonly recordSets = new Table<StoredRecordSet>();
  readonly healthChecks = new Table<HealthCheck>();
  /** Grows whenever a health check begins, changes or ends, so that checkers know when to look. */
  healthCheckGeneration = 0;
  readonly #changes = new Table<Change>();
  /** Zones of each apex, oldest first. */
  readonly #zonesByApex = new Map<string, readonly string[]>();
  /** Keys end in zone ids, in the order of ListHostedZonesByName within an account. */
  readonly #zonesByName = new Table<string>();
  readonly #zonesByReference = new Map<string, string>();
  readonly #checksByReference = new Map<string, string>();
  readonly #changeKeys = new Map<string, string>();
  readonly #counts = new Map<string, { zones: number; checks: number }>();
  /** How many record sets name a health check, and how many calculated ones do. */
  readonly #checkUses = new Map<string, number>();
  #lastChange = 0;

  putZone(zone: HostedZone): void {
    if (!this.zones.has(zone.id)) {
      const sameApex = [...this.zonesAt(zone.name), zone].sort(byAge);
      this.#zonesByApex.set(
        zone.name,
        sameApex.map(({ id }) => id),
      );
      this.#zonesByName.set(byNameKey(zone), zone.id);
      this.#zonesByReference.set(inAccount(zone.accountId, zone.callerReference), zone.id);
      this.#countsOf(zone.accountId).zones++;
    }
    this.zones.set(zone.id, zone);
  }

  deleteZone(zone: HostedZone): void {
    const rest = this.#zonesByApex.get(zone.name)!.filter(id => id !== zone.id);
    if (rest.length === 0) this.#zonesByApex.delete(zone.name);
    else this.#zonesByApex.set(zone.name, rest);
    this.#zonesByName.delete(byNameKey(zone));
    this.#zonesByReference.delete(inAccount(zone.accountId, zone.callerReference));
    this.#countsOf(zone.accountId).zones--;
    this.zones.delete(zone.id);
  }

  putRecordSet(zoneId: string, set: RecordSet): void {
    const key = recordSetKey(zoneId, set);
    this.#countUse(this.recordSets.get(key)?.set.healthCheckId, -1);
    this.#countUse(set.healthCheckId, 1);
    this.recordSets.set(key, { zoneId, set });
  }

  deleteRecordSet(zoneId: string, set: RecordSet): void {
    const key = recordSetKey(zoneId, set);
    this.#countUse(this.recordSets.get(key)?.set.healthCheckId, -1);
    this.recordSets.delete(key);
  }

  putHealthCheck(check: HealthCheck): void {
    const before = this.healthChecks.get(check.id);
    if (before === undefined) {
      this.#checksByReference.set(inAccount(check.accountId, check.callerReference), check.id);
      this.#countsOf(check.accountId).checks++;
    }
    for (const child of before?.config.children ?? []) this.#countUse(child, -1);
    for (const child of check.config.children ?? []) this.#countUse(child, 1);
    this.healthChecks.set(check.id, check);
    this.healthCheckGeneration++;
  }

  deleteHealthCheck(check: HealthCheck): void {
    for (const child of check.config.children ?? []) this.#countUse(child, -1);
    this.#checksByReference.delete(inAccount(check.accountId, check.callerReference));
    this.#countsOf(check.accountId).checks--;
    this.healthChecks.delete(check.id);
    this.healthCheckGeneration++;
  }

  /** Remembers a change under the next number; the oldest is forgotten when there are too many. */
  addChange(change: Omit<Change, 'number'>): Change {
    const numbered = { ...change, number: this.#lastChange + 1 };
    this.#putChange(numbered);
    if (this.#changes.size > CHANGES_KEPT) {
      const oldest = this.#changes.firstKey()!;
      this.#changeKeys.delete(this.#changes.get(oldest)!.id);
      this.#changes.delete(oldest);
    }
    return numbered;
  }

  change(id: string): Change | undefined {
    const key = this.#changeKeys.get(id);
    return key === undefined ? undefined : this.#changes.get(key);
  }

  zonesAt(name: string): readonly HostedZone[] {
    return (this.#zonesByApex.get(name) ?? []).map(id => this.zones.get(id)!);
  }

  zoneByReference(accountId: string, reference: string): HostedZone | undefined {
    return this.zones.get(this.#zonesByReference.get(inAccount(accountId, reference)) ?? '');
  }

  checkByReference(accountId: string, reference: string): HealthCheck | undefined {
    return this.healthChecks.get(this.#checksByReference.get(inAccount(accountId, reference)) ?? '');
  }

  /** Zones of an account by reversed name and id, beginning at a name and, within it, at an id. */
  *zonesByName(accountId: string, fromName?: string, fromId = ''): IterableIterator<HostedZone> {
    const prefix = inAccount(accountId, '');
    const from = fromName === undefined ? prefix : `${prefix}${reversedName(fromName)}${END}${fromId}`;
    for (const id of this.#zonesByName.withPrefix(prefix, from)) yield this.zones.get(id)!;
  }

  count(accountId: string): { readonly zones: number; readonly checks: number } {
    return this.#counts.get(accountId) ?? { zones: 0, checks: 0 };
  }

  isCheckUsed(id: string): boolean {
    return (this.#checkUses.get(id) ?? 0) > 0;
  }

  /** Everything there is as of this call; drawn lazily, and untouched by later commands. */
  freeze(): Iterable<SnapshotRecord> {
    return lines(this.zones.frozen(), this.recordSets.frozen(), this.healthChecks.frozen(), this.#changes.frozen());
  }

  replaceAll(records: Iterable<SnapshotRecord>): void {
    for (const table of [this.zones, this.recordSets, this.healthChecks, this.#changes, this.#zonesByName])
      table.clear();
    for (const index of [this.#zonesByApex, this.#zonesByReference, this.#checksByReference]) index.clear();
    for (const index of [this.#changeKeys, this.#counts, this.#checkUses]) index.clear();
    this.#lastChange = 0;
    this.healthCheckGeneration++;
    for (const line of records) this.#install(line);
  }

  #install(line: SnapshotRecord): void {
    switch (line.table) {
      case 'zone':
        return this.putZone(line.record);
      case 'record-set':
        return this.putRecordSet(line.record.zoneId, line.record.set);
      case 'health-check':
        return this.putHealthCheck(line.record);
      case 'change':
        return this.#putChange(line.record);
    }
  }

  #putChange(change: Change): void {
    const key = seqKey(change.number);
    this.#lastChange = change.number;
    this.#changeKeys.set(change.id, key);
    this.#changes.set(key, change);
  }

  #countUse(id: string | undefined, by: 1 | -1): void {
    if (id === undefined) return;
    const uses = (this.#checkUses.get(id) ?? 0) + by;
    if (uses === 0) this.#checkUses.delete(id);
    else this.#checkUses.set(id, uses);
  }

  #countsOf(accountId: string): { zones: number; checks: number } {
    let counts = this.#counts.get(accountId);
    if (counts === undefined) this.#counts.set(accountId, (counts = { zones: 0, checks: 0 }));
    return counts;
  }
}

const byNameKey = ({ accountId, name, id }: HostedZone): string =>
  `${inAccount(accountId, reversedName(name))}${END}${id}`;

// Commands of one log entry share its position; the id decides between them, in every replica alike.
const byAge = (a: HostedZone, b: HostedZone): number => a.seq - b.seq || (a.id < b.id ? -1 : 1);

// A function of its own, because the copies must be taken when the snapshot is asked for, not when it is first drawn.
function* lines(
  zones: Iterable<HostedZone>,
  recordSets: Iterable<StoredRecordSet>,
  healthChecks: Iterable<HealthCheck>,
  changes: Iterable<Change>,
): IterableIterator<SnapshotRecord> {
  for (const record of zones) yield { table: 'zone', record };
  for (const record of recordSets) yield { table: 'record-set', record };
  for (const record of healthChecks) yield { table: 'health-check', record };
  for (const record of changes) yield { table: 'change', record };
}
