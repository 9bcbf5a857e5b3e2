/** Read access to the state of Route 53: what handlers list and show, and what answers to names are made of. */
import { reversedName } from './names.ts';
import type { Change, HealthCheck, HostedZone, RecordSet } from './records.ts';
import { groupKey, nameKey, type Route53Tables, subtreeKey, zoneKey } from './tables.ts';

/** Where a list of record sets begins; later members count only with the earlier ones. */
export interface RecordSetStart {
  readonly name: string;
  readonly type?: string | undefined;
  readonly setIdentifier?: string | undefined;
}

export class HostedZonesView {
  readonly #tables: Route53Tables;

  constructor(tables: Route53Tables) {
    this.#tables = tables;
  }

  zone(id: string): HostedZone | undefined {
    return this.#tables.zones.get(id);
  }

  /** All zones whose apex is `name`, the oldest first. */
  zonesAt(name: string): readonly HostedZone[] {
    return this.#tables.zonesAt(name);
  }

  /** Zones of an account in the order of their reversed names. */
  zonesByName(accountId: string, fromName?: string, fromId?: string): Iterable<HostedZone> {
    return this.#tables.zonesByName(accountId, fromName, fromId);
  }

  /** Zones of all accounts in the order of their ids, from one on. */
  zonesById(fromId: string): Iterable<HostedZone> {
    return this.#tables.zones.withPrefix('', fromId);
  }

  /** Record sets of a zone in the order of ListResourceRecordSets. */
  *recordSets(zoneId: string, start?: RecordSetStart): IterableIterator<RecordSet> {
    const prefix = zoneKey(zoneId);
    const from = start === undefined ? prefix : startKey(zoneId, start);
    for (const { set } of this.#tables.recordSets.withPrefix(prefix, from)) yield set;
  }

  /** Record sets of a name, and perhaps of one type, in a zone. */
  recordSetsAt(zoneId: string, name: string, type?: string): RecordSet[] {
    const prefix = type === undefined ? nameKey(zoneId, name) : groupKey(zoneId, name, type);
    return [...this.#tables.recordSets.withPrefix(prefix)].map(({ set }) => set);
  }

  /** Whether a name, or one below it, has record sets: RFC 4592's existing names, empty non-terminals included. */
  nameExists(zoneId: string, name: string): boolean {
    return this.#tables.recordSets.hasPrefix(subtreeKey(zoneId, name));
  }

  healthCheck(id: string): HealthCheck | undefined {
    return this.#tables.healthChecks.get(id);
  }

  /** Health checks of all accounts in the order of their ids, from one on. */
  healthChecks(fromId = ''): Iterable<HealthCheck> {
    return this.#tables.healthChecks.withPrefix('', fromId);
  }

  /** Grows whenever a health check begins, changes or ends. */
  get healthCheckGeneration(): number {
    return this.#tables.healthCheckGeneration;
  }

  change(id: string): Change | undefined {
    return this.#tables.change(id);
  }

  usage(accountId: string): { readonly zones: number; readonly checks: number } {
    return this.#tables.count(accountId);
  }
}

function startKey(zoneId: string, { name, type, setIdentifier }: RecordSetStart): string {
  const parts = [zoneId, reversedName(name), ...(type === undefined ? [] : [type])];
  if (type !== undefined && setIdentifier !== undefined) parts.push(setIdentifier);
  return parts.join('\t');
}
