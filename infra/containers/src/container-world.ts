/**
 * The world of a region in containers: the front door, the certificate authority, the fault board and the control API.
 * It holds no state of the cloud; the power of containers is in the hands of whoever runs them.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import {
  type ChaosRequest,
  type ContributorReport,
  type DoctorReport,
  type FaultRequest,
  type GlobalStsMode,
  INTERNAL,
  type ObjectsReport,
  type RegionStatus,
  type ReplicaReport,
  type ToHost,
  WorldError,
  type ZoneStatus,
} from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { Link, LinkClient } from '@stormglass/link';
import type { MutualTlsServer } from '@stormglass/pki';
import { everyPlaceOf, RegionFolder, type Zone } from '@stormglass/region';
import {
  AuthorityService,
  ChaosApi,
  type Control,
  examine,
  FaultBoard,
  FrontDoor,
  HostFaultSwitches,
  serveControlApi,
  type Target,
  whenServing,
  type ZoneFitness,
  ZoneHealthProbe,
  type ZonePower,
  ZoneSettings,
} from '@stormglass/region/world';
import { HostCalls } from './host-calls.ts';
import { writeIdentities } from './identity-documents.ts';
import { siblingFolders, untilThereIsARoot } from './joined-root.ts';
import {
  AUTHORITY_FOLDER,
  EVERY_ADDRESS,
  gatewayName,
  hostName,
  linkName,
  PORTS,
  placesOf,
  ZONE_PARTS,
} from './parts.ts';
import type { ContainerSettings } from './settings.ts';
import { type Told, ToldHosts } from './told-hosts.ts';
import { serveWorldCalls } from './world-calls.ts';

export interface ContainerWorldOptions {
  readonly settings: ContainerSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Somebody asked for the end. */
  readonly onStop: () => void;
}

interface ZoneParts {
  readonly zone: Zone;
  readonly health: ZoneHealthProbe;
  readonly door: FrontDoor;
}

/** A machine that starts the containers of a zone has little left for the others: that is no silence of theirs. */
const PROBES = { intervalMs: 200, misses: 5 };
/** Zones hear one after the other that a log has lost its leader: before so long it is not known to be one zone alone. */
const ALONE_MS = 1500;
const CLIENTS = 'clients';

export class ContainerWorld implements Control {
  readonly #options: ContainerWorldOptions;
  readonly #links = new LinkRules();
  readonly #zones = new Map<string, ZoneParts>();
  readonly #startedAt: number;
  readonly #authority: AuthorityService;
  readonly #calls: HostCalls;
  readonly #front: FrontDoor;
  readonly #faults: FaultBoard;
  readonly #hostFaults: HostFaultSwitches;
  readonly #chaos: ChaosApi;
  readonly #told: ToldHosts;
  readonly #settings: ZoneSettings;
  readonly #dns: Link[] = [];
  #worldCalls: MutualTlsServer | undefined;
  #api: Server | undefined;
  #ready = false;
  #lastId = 0;

  constructor(options: ContainerWorldOptions) {
    const { settings, clock, random, logger } = options;
    const { region, folder } = settings;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#authority = new AuthorityService({
      ...{ region, host: settings.publicAddress, clock, random, logger },
      folder: join(folder, AUTHORITY_FOLDER),
      siblingFolders: siblingFolders(settings.joinedFolder),
      port: PORTS.authority,
      listenHost: EVERY_ADDRESS,
      certificateLifeMs: settings.certificateLifeMs,
    });
    this.#calls = new HostCalls(this.#authority.identity, region.name, clock);
    for (const zone of region.zones) this.#zones.set(zone.id, this.#zoneParts(zone));
    this.#front = this.#doorTo([...this.#zones.values()], 'region');
    const ids = region.zones.map(({ id }) => id);
    this.#settings = new ZoneSettings(ids, settings.globalSts);
    const hosts = new Map(
      ids.map(id => [
        id,
        {
          send: ({ type }: ToHost) => (type === 'renew' ? this.#renew(id) : this.#tell()),
          limitCpu: () => powerless(),
        },
      ]),
    );
    this.#hostFaults = new HostFaultSwitches(this.#authority, hosts);
    this.#faults = new FaultBoard({
      ...{ zones: new Map(ids.map(id => [id, POWERLESS])), links: this.#links, clock, random },
      places: placesOf(region, settings.otherRegions),
      regions: new Map([region, ...settings.otherRegions].map(({ name }) => [name, everyPlaceOf(name)])),
      switches: this.#hostFaults.switches,
    });
    this.#chaos = new ChaosApi({
      board: this.#faults,
      zones: ids,
      together: change => this.#hostFaults.together(change),
    });
    this.#told = new ToldHosts([...this.#toldLinks(ids), ...this.#toldHosts(ids)], clock, logger);
    this.#links.onChange(() => this.#tell());
  }

  /** Resolves when everything listens; the zones come up in their own time. */
  async start(): Promise<void> {
    const { settings, clock, random, logger } = this.#options;
    const { region, folder, identityFolder, log, joinedFolder } = settings;
    await untilThereIsARoot(siblingFolders(joinedFolder), clock, logger);
    await this.#authority.start();
    const folders = new Map(region.zones.map(({ id }, i) => [id, join(identityFolder, String(i + 1))]));
    for (const folder of folders.values()) mkdirSync(folder, { recursive: true });
    const objectKey = new RegionFolder(folder).objectKey(random);
    await writeIdentities({ authority: this.#authority, folders, log, objectKey, now: clock.now() });
    await this.#front.listen(PORTS.clients, EVERY_ADDRESS);
    for (const [i, { door }] of [...this.#zones.values()].entries()) {
      await door.listen(PORTS.clients + 1 + i, EVERY_ADDRESS);
    }
    for (const [i, { id }] of region.zones.entries()) this.#dns.push(await this.#dnsOf(id, PORTS.dnsPublished + i));
    this.#worldCalls = await serveWorldCalls({
      ...{ identity: this.#authority.identity, region: region.name, chaos: this.chaos, clock, logger },
    });
    this.#api = await serveControlApi(this, { port: PORTS.control, host: settings.controlHost });
    logger.info('world listens', { clients: PORTS.clients, control: PORTS.control });
  }

  get isServing(): boolean {
    return this.#api !== undefined;
  }

  status(): RegionStatus {
    const { settings } = this.#options;
    return {
      region: settings.region.name,
      endpoint: `http://localhost:${PORTS.clients}`,
      engine: settings.log,
      ready: this.#ready,
      pid: process.pid,
      startedAt: this.#startedAt,
      folder: settings.folder,
      rootFile: join(settings.folder, AUTHORITY_FOLDER, 'root.pem'),
      ephemeral: false,
      zones: [...this.#zones.values()].map((parts, i) => this.#zoneStatus(parts, i)),
      faults: this.#faults.list(),
    };
  }

  /** @throws WorldError when the region does not serve in time */
  async wait(timeoutMs: number): Promise<RegionStatus> {
    const serves = () => [...this.#zones.values()].every(({ health }) => health.serves);
    await whenServing({ clock: this.#options.clock, timeoutMs, serves });
    this.#ready = true;
    return this.status();
  }

  addFault = (fault: FaultRequest) => {
    const { name } = this.#options.settings.region;
    if (fault.region === undefined || fault.region === name) return this.#faults.add(fault);
    throw new WorldError(`what is done to ${fault.region} is done by its own fault board; this is that of ${name}`);
  };
  clearFaults = (id?: string) => this.#faults.clear(id);
  chaos = (asked: ChaosRequest) => this.#chaos.answer(asked);
  enableZone = (zone: string) => this.#faults.enable(zone);
  certificates = () => this.#authority.certificates();
  revocationLists = () => this.#authority.revocationLists();
  revokeCertificate = (serial: string) => this.#authority.revoke(serial);
  rotateAuthority = () => this.#authority.rotate();
  stop = () => this.#options.onStop();
  setGlobalSts = (mode: GlobalStsMode, zone?: string) => {
    this.#settings.setGlobalSts(mode, zone);
    this.#tell();
  };

  async doctor(): Promise<DoctorReport> {
    const asked = this.#everyHost().map(host => this.#calls.get<readonly ReplicaReport[]>(host, INTERNAL.replicas));
    const reports = asked.map(report => report.catch(() => []));
    const objects = this.objects();
    return examine(this.status(), (await Promise.all(reports)).flat(), undefined, await objects);
  }

  async objects(): Promise<readonly ObjectsReport[]> {
    const asked = [...this.#zones.keys()].map(zone =>
      this.#calls.get<ObjectsReport>({ zone, part: 's3' }, INTERNAL.objects).catch(() => undefined),
    );
    return (await Promise.all(asked)).filter(report => report !== undefined);
  }

  /** @throws WorldError when there is no such zone */
  async scrubObjects(only?: string): Promise<readonly string[]> {
    if (only !== undefined && !this.#zones.has(only)) throw new WorldError(`unknown zone ${only}`);
    const asked = [...this.#zones.keys()].filter(zone => only === undefined || zone === only);
    const begun = asked.map(zone =>
      this.#calls.put({ zone, part: 's3' }, INTERNAL.scrubObjects, null).then(
        () => [zone],
        () => [],
      ),
    );
    return (await Promise.all(begun)).flat();
  }

  async contributors(): Promise<readonly ContributorReport[]> {
    const asked = this.#everyHost().map(host => this.#calls.get<ContributorReport>(host, INTERNAL.contributors));
    const found = await Promise.all(asked.map(report => report.catch(() => undefined)));
    return found.filter(report => report !== undefined);
  }

  async close(): Promise<void> {
    this.#faults.close();
    this.#told.close();
    this.#front.close();
    for (const { health, door } of this.#zones.values()) {
      door.close();
      health.close();
    }
    for (const link of this.#dns) link.close();
    this.#calls.close();
    await this.#worldCalls?.close();
    this.#api?.close();
    await this.#authority.close();
  }

  #zoneParts(zone: Zone): ZoneParts {
    const { clock } = this.#options;
    const health = new ZoneHealthProbe({
      ...{ zone: zone.id, from: CLIENTS, host: hostName('entrance', zone.id), port: PORTS.clients, ...PROBES },
      ...{ clock, links: this.#links },
      onChange: fitness => this.#onFitness(zone.id, fitness),
    });
    return { zone, health, door: this.#doorTo([{ zone, health }], 'zone') };
  }

  #doorTo(zones: readonly Pick<ZoneParts, 'zone' | 'health'>[], of: 'region' | 'zone'): FrontDoor {
    const { clock, logger } = this.#options;
    const target = ({ zone, health }: Pick<ZoneParts, 'zone' | 'health'>): Target => ({
      ...{ zone: zone.id, host: hostName('entrance', zone.id), port: PORTS.clients },
      get healthy() {
        return health.healthy;
      },
      get fit() {
        return health.fitness === 'fit';
      },
      // Whether its containers run is not seen from here; one that does not refuses by itself.
      running: of === 'zone',
    });
    const nextId = () => ++this.#lastId;
    return new FrontDoor({ targets: zones.map(target), of, nextId, links: this.#links, clock, logger });
  }

  /** DNS of a zone for clients outside, over the link between them. */
  #dnsOf(zone: string, port: number): Promise<Link> {
    const { clock, logger } = this.#options;
    const ports = [{ listen: port, target: PORTS.dnsOutside }];
    return Link.start({
      ...{ from: CLIENTS, address: EVERY_ADDRESS, tcp: ports, udp: ports, rules: this.#links, clock, logger },
      choose: target => ({ to: zone, host: hostName('resolver', zone), port: target }),
    });
  }

  /** Clients of a zone that is silent, or for a while worse off than others, turn to another one. */
  #onFitness(zone: string, fitness: ZoneFitness): void {
    const { clock, logger } = this.#options;
    logger.info('zone health', { zone, fitness });
    if (fitness === 'silent') this.#endAll(zone);
    else if (fitness === 'limited') clock.after(ALONE_MS, () => this.#isAloneLimited(zone) && this.#endAll(zone));
  }

  #isAloneLimited(zone: string): boolean {
    const fitnessOf = (id: string) => this.#zones.get(id)?.health.fitness;
    return fitnessOf(zone) === 'limited' && [...this.#zones.keys()].some(id => id !== zone && fitnessOf(id) === 'fit');
  }

  #endAll(zone: string): void {
    this.#front.endAll(zone);
    this.#zones.get(zone)?.door.endAll(zone);
  }

  #tell(): boolean {
    this.#told.changed();
    return true;
  }

  /** Has every host of the zone renew its certificates; one that cannot be reached does so when their time comes. */
  #renew(zone: string): boolean {
    for (const part of ZONE_PARTS) void this.#calls.put({ zone, part }, INTERNAL.renew, null).catch(() => {});
    return true;
  }

  #toldLinks(ids: readonly string[]): Told[] {
    const linksFrom = (from: string) =>
      ids.flatMap((to, i) => (to === from ? [] : [{ name: linkName(from, to), port: PORTS.linkApi + i }]));
    const { otherRegions } = this.#options.settings;
    const gateways = otherRegions.map(({ name }) => ({ name: gatewayName(name), port: PORTS.linkApi }));
    return [...ids.flatMap(linksFrom), ...gateways].map(({ name, port }) => {
      const endpoint = `http://${name}:${port}`;
      const client = new LinkClient({ endpoint, clock: this.#options.clock });
      return { name, tell: () => client.replace(this.#links.all) };
    });
  }

  #toldHosts(ids: readonly string[]): Told[] {
    const told = (zone: string, part: (typeof ZONE_PARTS)[number]): Told => ({
      name: hostName(part, zone),
      tell: () => this.#calls.put({ zone, part }, INTERNAL.faults, this.#hostFaults.rulesOf(zone)),
    });
    const settings = (zone: string): Told => ({
      name: `${hostName('resolver', zone)} (settings)`,
      tell: () => this.#calls.put({ zone, part: 'resolver' }, INTERNAL.settings, this.#settings.of(zone)),
    });
    return ids.flatMap(zone => [...ZONE_PARTS.map(part => told(zone, part)), settings(zone)]);
  }

  #everyHost() {
    return [...this.#zones.keys()].flatMap(zone => ZONE_PARTS.map(part => ({ zone, part })));
  }

  #zoneStatus({ zone, health, door }: ZoneParts, index: number): ZoneStatus {
    return {
      id: zone.id,
      name: zone.name,
      condition: health.healthy ? 'running' : 'off',
      healthy: health.healthy,
      serves: health.serves,
      log: health.report?.log,
      globalSts: this.#settings.of(zone.id).globalSts,
      disk: health.report?.disk,
      identity: health.report?.identity,
      certificates: health.report?.certificates,
      outages: this.#faults.outagesOf(zone.id),
      pid: undefined,
      endpoint: `http://localhost:${PORTS.clients + 1 + index}`,
      address: undefined,
      dns: `127.0.0.1:${PORTS.dnsPublished + index}`,
      restarts: 0,
      connections: this.#front.connectionsOf(zone.id) + door.connectionsOf(zone.id),
    };
  }
}

const powerless = (): never => {
  throw new WorldError(
    'containers are powered, frozen and limited by whoever runs them: `docker kill`, `pause`, `update`',
  );
};
const POWERLESS: ZonePower = { powerOff: powerless, powerOn: powerless, freeze: powerless, thaw: powerless };
