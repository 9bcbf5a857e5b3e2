/** An authority whose zones are given once and stay as they are: names that never change, such as `localhost`. */
import type { Authority, Lookup, RecordType, ResourceRecord } from './authority.ts';
import { canonicalName, parentName } from './names.ts';

export interface StaticZone {
  readonly apex: string;
  /** The SOA record among them; NS records below the apex cut the zone there, with the addresses that stand below. */
  readonly records: readonly ResourceRecord[];
}

/**
 * Answers from memory, the same to everybody. There are no wildcards.
 * @throws RangeError for a zone without exactly one SOA record, and for a record outside its zone.
 */
export function staticAuthority(zones: readonly StaticZone[]): Authority {
  const tables = new Map(zones.map(zone => [canonicalName(zone.apex), new ZoneTable(zone)]));
  const zone = (apex: string): ZoneTable => {
    const found = tables.get(apex);
    if (found === undefined) throw new RangeError(`there is no zone ${apex}`);
    return found;
  };
  return {
    apexOf: name => {
      for (let at: string | undefined = name; at !== undefined; at = parentName(at)) if (tables.has(at)) return at;
      return undefined;
    },
    lookup: (apex, name, type) => zone(apex).lookup(name, type),
    soa: apex => zone(apex).soa,
  };
}

class ZoneTable {
  readonly soa: ResourceRecord;
  readonly #apex: string;
  readonly #records = new Map<string, Map<RecordType, ResourceRecord[]>>();
  readonly #hasCuts: boolean;

  constructor({ apex, records }: StaticZone) {
    this.#apex = canonicalName(apex);
    const soas = records.filter(({ type }) => type === 'SOA');
    if (soas.length !== 1) throw new RangeError(`the zone ${apex} has ${soas.length} SOA records`);
    this.soa = soas[0]!;
    for (const given of records) {
      const record = { ...given, name: canonicalName(given.name) };
      const path = this.#path(record.name);
      if (path === undefined) throw new RangeError(`${given.name} does not lie in the zone ${apex}`);
      // Names on the way to a record exist as well, without records (RFC 4592 2.2.2).
      for (const name of path) if (!this.#records.has(name)) this.#records.set(name, new Map());
      const types = this.#records.get(record.name)!;
      types.set(record.type, [...(types.get(record.type) ?? []), record]);
    }
    this.#hasCuts = this.#cut([...this.#records.keys()]) !== undefined;
  }

  lookup(name: string, type: RecordType): Lookup {
    const cut = this.#hasCuts ? this.#cut(this.#path(name) ?? []) : undefined;
    if (cut !== undefined) return { kind: 'delegation', records: this.#delegation(cut) };
    const types = this.#records.get(name);
    if (types === undefined) return { kind: 'no-such-name' };
    const records = types.get(type) ?? types.get('CNAME');
    return records === undefined ? { kind: 'no-data' } : { kind: 'answer', records };
  }

  /** The last of `names` where the zone is cut: for a path upwards, the cut closest to the apex. */
  #cut(names: readonly string[]): string | undefined {
    return names.findLast(name => name !== this.#apex && this.#records.get(name)?.has('NS'));
  }

  #delegation(cut: string): ResourceRecord[] {
    const servers = this.#records.get(cut)!.get('NS')!;
    const addresses = servers.flatMap(({ data }) => {
      const types = this.#records.get(canonicalName(String(data)));
      return [...(types?.get('A') ?? []), ...(types?.get('AAAA') ?? [])];
    });
    return [...servers, ...addresses];
  }

  /** The name and those above it up to the apex; undefined outside the zone. */
  #path(name: string): string[] | undefined {
    const path: string[] = [];
    for (let at: string | undefined = name; at !== undefined; at = parentName(at)) {
      path.push(at);
      if (at === this.#apex) return path;
    }
    return undefined;
  }
}
