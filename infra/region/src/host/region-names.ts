/**
 * The names of a region, generated from its zones and services: an authority for the resolver of each zone. Nothing
 * below these apexes is anybody else's: what is not here does not exist, and no question for it leaves the region, so
 * that a rehearsal never reaches the real cloud.
 */
import { isDefaultRegion } from '@stormglass/base';
import type { GlobalStsMode } from '@stormglass/contracts';
import type { Asked, Authority, Lookup, RecordType, ResourceRecord } from '@stormglass/dns';
import { awsDomainsOf } from '../topology.ts';
import type { ZoneFitness } from '../zone-health.ts';

export interface NamedService {
  /** First label of the service's host names: `sts`. */
  readonly prefix: string;
  readonly isGlobal: boolean;
}

export interface NamedZone {
  readonly id: string;
  /** The zone's own, or the front door's where the machine has none to give. */
  readonly address: string;
  /** Where its hosts and its resolver are; this machine unless said otherwise. */
  readonly internalAddress?: string;
  readonly internalPort: number;
}

/** Another region, over the link to it. */
export interface NamedRegion {
  readonly name: string;
  readonly zones: readonly Omit<NamedZone, 'address'>[];
  /** Where the names of its services lead. */
  readonly gateway: string;
}

export interface RegionNamesOptions {
  readonly region: string;
  /** Where services that are global have their names lead, if there is a link to it; otherwise they lead here. */
  readonly homeRegion?: string | undefined;
  /** Those there are links to; none unless said. */
  readonly otherRegions?: readonly NamedRegion[] | undefined;
  readonly zones: readonly NamedZone[];
  readonly services: readonly NamedService[];
  readonly logPort: number;
  readonly certificateAuthorityPort: number;
  /** TTL of every record, in seconds: how long clients may go on using what is true no longer. */
  readonly ttlSeconds: number;
  /** Who answers for the global endpoint of STS, now; the home region unless said. */
  readonly globalSts?: (() => GlobalStsMode) | undefined;
  /** How a zone looks from here, now. */
  readonly fitnessOf: (zone: string) => ZoneFitness;
}

const DUAL_STACK = 'api.aws';
const LOCAL = 'stormglass.localhost';
const INTERNAL = 'stormglass.internal';

/** Regional services that have kept a name without a region (AWS General Reference, "Service endpoints"). */
const GLOBAL_NAME_AS_WELL: ReadonlySet<string> = new Set(['sts', 's3']);
/** Services whose resources are host names of their own (Amazon S3, "Virtual hosting of general purpose buckets"). */
const VIRTUAL_HOSTS: ReadonlySet<string> = new Set(['s3']);
/** Other names of a service, in front of the region, where resources or accounts are none (see the SDKs' endpoint rules). */
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['streams.dynamodb', 'streams-dynamodb', '*.ddb'],
};
/** A zone's resolver under more than one name: hosted zones name four servers (Route 53, "delegation set"). */
const NAME_SERVERS = ['ns', 'ns-1', 'ns-2', 'ns-3', 'ns-4'];
/** Where hosts and the world listen for each other. */
const HOST_ADDRESS = '127.0.0.1';

type Data = (asked: Asked) => readonly unknown[];

export class RegionNames implements Authority {
  readonly #options: RegionNamesOptions;
  readonly #aws: readonly string[];
  readonly #apexes: readonly string[];
  /** Records by name and type; names on the way to others are there without any (RFC 4592, "empty non-terminals"). */
  readonly #table = new Map<string, Map<RecordType, Data>>();

  constructor(options: RegionNamesOptions) {
    this.#options = options;
    this.#aws = awsDomainsOf(options.region);
    this.#apexes = [...this.#aws, DUAL_STACK, LOCAL, INTERNAL];
    for (const service of options.services) this.#addService(service);
    this.#addInternal();
    for (const other of options.otherRegions ?? []) this.#addOther(other);
    const { region, zones } = options;
    this.#addAddress(`${region}.${LOCAL}`, this.#inOrder);
    for (const zone of zones) this.#addAddress(`${zone.id}.${region}.${LOCAL}`, () => addressOf(zone));
    for (const apex of this.#apexes) {
      this.#add(apex, 'SOA', asked => [this.soa(apex, asked).data]);
      this.#add(apex, 'NS', asked => this.#ownFirst(asked).map(zone => this.#internal('ns', zone.id)));
    }
  }

  apexOf(name: string): string | undefined {
    return this.#apexes.find(apex => name === apex || (name.endsWith(`.${apex}`) && !name.endsWith(`\\.${apex}`)));
  }

  lookup(_apex: string, name: string, type: RecordType, asked: Asked): Lookup {
    const types = this.#table.get(name) ?? this.#table.get(`*.${this.#encloser(name)}`);
    if (types === undefined) return { kind: 'no-such-name' };
    const data = types.get(type);
    if (data === undefined) return { kind: 'no-data' };
    const ttl = this.#options.ttlSeconds;
    return { kind: 'answer', records: data(asked).map(each => ({ name, type, ttl, data: each })) };
  }

  soa(apex: string, { zone }: Pick<Asked, 'zone'>): ResourceRecord {
    const { region, ttlSeconds: ttl } = this.#options;
    const rname = `hostmaster.${region}.${INTERNAL}`;
    const times = { serial: 1, refresh: 3600, retry: 60, expire: 86_400, minimum: ttl };
    return { name: apex, type: 'SOA', ttl, data: { mname: this.#internal('ns', zone), rname, ...times } };
  }

  #addService({ prefix, isGlobal }: NamedService): void {
    const { region, zones, homeRegion, otherRegions = [] } = this.#options;
    const home = otherRegions.find(({ name }) => name === homeRegion);
    const atHome = home === undefined ? this.#inOrder : leadsTo(home);
    this.#addEndpoints(prefix, region, this.#inOrder);
    for (const other of otherRegions) this.#addEndpoints(prefix, other.name, leadsTo(other));
    const ofAll = prefix === 'sts' ? this.#globalSts(atHome) : atHome;
    if (isGlobal || GLOBAL_NAME_AS_WELL.has(prefix))
      for (const apex of this.#aws) this.#addEndpoint(prefix, `${prefix}.${apex}`, ofAll);
    if (isGlobal) this.#addEndpoint(prefix, `${prefix}.global.${DUAL_STACK}`, atHome);
    // Whoever names a zone wants that zone, however it is.
    for (const zone of zones)
      for (const apex of [...this.#aws, LOCAL])
        for (const label of labelsOf(prefix))
          this.#addAddress(`${label}.${zone.id}.${region}.${apex}`, () => addressOf(zone));
  }

  /** Whoever asks here is answered here where this region may, or else at home: there is no third. */
  #globalSts(atHome: (asked: Asked) => readonly string[]): (asked: Asked) => readonly string[] {
    const { region, globalSts } = this.#options;
    if (globalSts === undefined || !isDefaultRegion(region)) return atHome;
    return asked => (globalSts() === 'regional' ? this.#inOrder(asked) : atHome(asked));
  }

  /** The names of a service in one region. */
  #addEndpoints(prefix: string, region: string, data: (asked: Asked) => readonly string[]): void {
    for (const apex of [...this.#aws, DUAL_STACK, LOCAL])
      for (const label of labelsOf(prefix)) this.#addEndpoint(prefix, `${label}.${region}.${apex}`, data);
  }

  #addEndpoint(prefix: string, name: string, data: (asked: Asked) => readonly string[]): void {
    this.#addAddress(name, data);
    if (VIRTUAL_HOSTS.has(prefix)) this.#addAddress(`*.${name}`, data);
  }

  /** Where its hosts are, and what leads to it as a whole. */
  #addOther(other: NamedRegion): void {
    const { name, zones } = other;
    this.#addAddress(`${name}.${LOCAL}`, leadsTo(other));
    for (const zone of zones) {
      const { id, internalPort } = zone;
      const host = `host.${id}.${name}.${INTERNAL}`;
      this.#addAddress(host, () => [zone.internalAddress ?? HOST_ADDRESS].filter(isKnown));
      this.#addPort('internal', `${id}.${name}.${INTERNAL}`, host, internalPort);
    }
  }

  #addPort(service: string, below: string, target: string, port: number): void {
    this.#add(`_${service}._tcp.${below}`, 'SRV', () => [{ priority: 0, weight: 0, port, target }]);
  }

  /** Where the parts of the region find each other. */
  #addInternal(): void {
    const { region, zones, logPort, certificateAuthorityPort } = this.#options;
    for (const zone of zones) {
      const { id, internalPort } = zone;
      const where = () => [zone.internalAddress ?? HOST_ADDRESS].filter(isKnown);
      for (const label of [...NAME_SERVERS, 'host']) this.#addAddress(this.#internal(label, id), where);
      this.#addPort('internal', `${id}.${region}.${INTERNAL}`, this.#internal('host', id), internalPort);
    }
    const world = `world.${region}.${INTERNAL}`;
    this.#addAddress(world, () => [HOST_ADDRESS]);
    this.#addPort('log', `${region}.${INTERNAL}`, world, logPort);
    this.#addPort('ca', `${region}.${INTERNAL}`, world, certificateAuthorityPort);
  }

  #internal(label: string, zone: string): string {
    return `${label}.${zone}.${this.#options.region}.${INTERNAL}`;
  }

  #addAddress(name: string, data: (asked: Asked) => readonly string[]): void {
    this.#add(name, 'A', data);
  }

  #add(name: string, type: RecordType, data: Data): void {
    const apex = this.apexOf(name)!;
    for (let at = name; at !== apex; at = parentOf(at)) if (!this.#table.has(at)) this.#table.set(at, new Map());
    if (!this.#table.has(apex)) this.#table.set(apex, new Map());
    this.#table.get(name)!.set(type, data);
  }

  /** The closest name above that exists: a wildcard counts only right below it (RFC 4592, section 3.3.1). */
  #encloser(name: string): string {
    let at = parentOf(name);
    while (at !== '' && !this.#table.has(at)) at = parentOf(at);
    return at;
  }

  /**
   * Addresses that clients of a zone should use: their own zone's first, then the others, so that each zone's clients
   * fail over to another zone. Fit zones only; failing those, whoever answers; failing those, all (failing open): an
   * answer that may be wrong is better than none.
   */
  readonly #inOrder = (asked: Asked): readonly string[] => {
    const zones = this.#ownFirst(asked);
    const fitness = zones.map(({ id }) => this.#options.fitnessOf(id));
    const best = fitness.includes('fit') ? 'fit' : fitness.includes('limited') ? 'limited' : 'silent';
    return [...new Set(zones.filter((_, i) => fitness[i] === best).flatMap(addressOf))];
  };

  #ownFirst({ zone }: Pick<Asked, 'zone'>): readonly NamedZone[] {
    const { zones } = this.#options;
    const own = Math.max(
      0,
      zones.findIndex(({ id }) => id === zone),
    );
    return [...zones.slice(own), ...zones.slice(0, own)];
  }
}

/** Addresses may be looked up, and not be known yet. */
const isKnown = (address: string): boolean => address !== '';
const leadsTo = (region: NamedRegion) => (): readonly string[] => [region.gateway].filter(isKnown);
const addressOf = ({ address }: NamedZone): readonly string[] => [address].filter(isKnown);

const labelsOf = (prefix: string): readonly string[] => [prefix, ...(ALSO_CALLED[prefix] ?? [])];
const parentOf = (name: string): string => (name.includes('.') ? name.slice(name.indexOf('.') + 1) : '');
