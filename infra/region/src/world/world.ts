/**
 * The physics outside the zones of one region: powers their hosts, carries their links, runs the front door and the
 * embedded engine's sequencer. It is not part of the cloud, and nothing in a zone depends on it to serve what is local;
 * killing it ends the experiment, and the next one finds everything that was acknowledged. What regions have in common
 * is in `regions.ts`.
 */

import { writeFileSync } from 'node:fs';
import { type Clock, defined, type Logger, type Random } from '@stormglass/base';
import type {
  ChaosAnswer,
  ChaosRequest,
  ContributorReport,
  GlobalStsMode,
  ObjectsReport,
  OneRegionStatus,
  OtherRegion,
  Periods,
  ReplicaReport,
  ResolverConfig,
  ZoneHostConfig,
  ZoneOutage,
  ZoneStatus,
} from '@stormglass/contracts';
import type { LinkRules } from '@stormglass/faults';
import type { SequencerStatus } from '@stormglass/replicated-state';
import type { RegionPorts, ZonePorts } from '../ports.ts';
import type { RegionFolder } from '../state-folder.ts';
import type { Region, Zone } from '../topology.ts';
import { type ZoneFitness, ZoneHealthProbe } from '../zone-health.ts';
import { askContributors, askObjects, askReplicas, scrubObjects } from './ask-replicas.ts';
import { AuthorityService } from './certificates/authority-service.ts';
import { Doors, type GatewayPlan } from './doors.ts';
import { type ExternalLog, serversOf } from './external-log.ts';
import type { Target } from './front-door.ts';
import { HostFaultSwitches } from './host-faults.ts';
import { LogService } from './log-service.ts';
import { ZoneProcess } from './zone-process.ts';
import { ZoneSettings } from './zone-settings.ts';

export interface WorldOptions {
  readonly region: Region;
  /** The other regions of the partition. */
  readonly otherRegions: readonly OtherRegion[];
  /** The gateways through which they reach this one. */
  readonly gateways: readonly GatewayPlan[];
  readonly folder: RegionFolder;
  /** Folders of the authorities of the partition's other regions. */
  readonly siblingFolders: readonly string[];
  readonly host: string;
  readonly ports: RegionPorts;
  /** Addresses of the zones' own by zone id; empty when they have none. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Of the zones' own addresses: the same in every region, so that a name and one port lead everywhere. */
  readonly zonalPort: number;
  /** What the zones' resolvers are told, but for their own ports. */
  readonly dns: Omit<ResolverConfig, 'port' | 'queryLogFile'>;
  readonly acmeHttpPort: number;
  /** Who answers the global endpoint of STS at first. */
  readonly globalSts: GlobalStsMode;
  readonly throttle: ZoneHostConfig['throttle'] | undefined;
  readonly periods: Periods;
  readonly queryLog: boolean;
  /** A log outside the region; without one the embedded engine is used. */
  readonly externalLog: ExternalLog | undefined;
  readonly logLevel: ZoneHostConfig['logLevel'];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
}

/** What a region has in common with the others. */
export interface Surroundings {
  /** The rules on all links of the machine. */
  readonly links: LinkRules;
  outagesOf(zone: string): readonly ZoneOutage[];
  /** Serial numbers of certificates that the other regions of a partition have revoked. */
  revokedOutside(region: Region): readonly string[];
  /** A client asks something of the fault board. */
  chaos(asked: ChaosRequest): Promise<ChaosAnswer>;
  /** A host came or went. */
  onHosts(): void;
}

interface ZoneParts {
  readonly zone: Zone;
  readonly ports: ZonePorts;
  readonly process: ZoneProcess;
  readonly health: ZoneHealthProbe;
}

const PROBES = { intervalMs: 200, misses: 3 };

export class World {
  readonly #options: WorldOptions;
  readonly #around: Surroundings;
  readonly #zones = new Map<string, ZoneParts>();
  readonly #powers = new Map<string, ZoneProcess>();
  readonly #doors: Doors;
  readonly authority: AuthorityService;
  readonly #settings: ZoneSettings;
  /** What is broken in its hosts. */
  readonly hostFaults: HostFaultSwitches;
  #log: LogService | undefined;
  #port = 0;

  /** Powers its zones on: they need no one to be there first. Everything else follows with `open`. */
  constructor(options: WorldOptions, around: Surroundings) {
    this.#options = options;
    this.#around = around;
    const { region, folder, siblingFolders, clock, random, logger, host, ports } = options;
    this.authority = new AuthorityService({
      ...{ region, siblingFolders, host, clock, random, logger },
      folder: folder.authorityFolder,
      revokedElsewhere: () => around.revokedOutside(region),
      port: ports.certificateAuthority,
      certificateLifeMs: options.certificateLifeMs,
    });
    this.#settings = new ZoneSettings(
      region.zones.map(({ id }) => id),
      options.globalSts,
    );
    this.hostFaults = new HostFaultSwitches(this.authority, this.#powers);
    for (const [i, zone] of region.zones.entries()) this.#addZone(zone, ports.zones[i]!);
    this.#doors = new Doors({
      targets: [...this.#zones.values()].map(parts => this.#target(parts)),
      ...{ addresses: options.addresses, gateways: options.gateways, links: around.links, clock, logger },
    });
    around.links.onChange(() => this.#tellLinks());
  }

  get region(): Region {
    return this.#options.region;
  }
  get endpoint(): string {
    return `http://localhost:${this.#port}`;
  }
  get powers(): ReadonlyMap<string, ZoneProcess> {
    return this.#powers;
  }
  /** Whether every zone serves that is not held down. */
  get serves(): boolean {
    return [...this.#zones.values()].every(({ zone, health }) => {
      if (this.#around.outagesOf(zone.id).length > 0) return true;
      return health.serves;
    });
  }

  /**
   * Opens log, authority and doors.
   * @throws Error (`EADDRINUSE`, ...) when a port cannot be had
   */
  async open(): Promise<void> {
    const { folder, host, ports, zonalPort, externalLog } = this.#options;
    if (externalLog === undefined) this.#log = await this.#startLog();
    await this.authority.start();
    writeFileSync(folder.rootFile, this.authority.root);
    this.#port = await this.#doors.listen({ port: ports.frontDoor, host, zonalPort });
  }

  status(ready: boolean): OneRegionStatus {
    const { region, folder, externalLog } = this.#options;
    return {
      region: region.name,
      partition: region.partition,
      endpoint: this.endpoint,
      engine: externalLog?.kind ?? 'embedded',
      ready,
      folder: folder.path,
      rootFile: folder.rootFile,
      zones: [...this.#zones.values()].map(parts => this.#zoneStatus(parts)),
    };
  }

  /**
   * Sets who answers the global endpoint of STS to those who ask the resolver of a zone, or of any zone.
   * @throws WorldError
   */
  setGlobalSts(mode: GlobalStsMode, zone?: string): void {
    for (const id of this.#settings.setGlobalSts(mode, zone)) {
      this.#powers.get(id)?.send({ type: 'settings', settings: this.#settings.of(id) });
    }
  }

  logs = (): Readonly<Record<string, SequencerStatus>> | undefined => this.#log?.status();

  async replicas(): Promise<readonly ReplicaReport[]> {
    const { identity } = this.authority;
    const reports = [...this.#zones].map(([zone, { ports }]) => askReplicas(identity, zone, ports.internal));
    return (await Promise.all(reports)).flat();
  }

  async contributors(): Promise<readonly ContributorReport[]> {
    const { identity } = this.authority;
    const reports = [...this.#zones].map(([zone, { ports }]) => askContributors(identity, zone, ports.internal));
    return (await Promise.all(reports)).filter(report => report !== undefined);
  }

  async objects(): Promise<readonly ObjectsReport[]> {
    const { identity } = this.authority;
    const reports = [...this.#zones].map(([zone, { ports }]) => askObjects(identity, zone, ports.internal));
    return (await Promise.all(reports)).filter(report => report !== undefined);
  }

  /** Has a zone, or all of them, read their blobs again; those that have begun. */
  async scrubObjects(zone?: string): Promise<readonly string[]> {
    const { identity } = this.authority;
    const asked = [...this.#zones].filter(([id]) => zone === undefined || id === zone);
    const begun = asked.map(async ([id, { ports }]) =>
      (await scrubObjects(identity, id, ports.internal)) ? [id] : [],
    );
    return (await Promise.all(begun)).flat();
  }

  /** Takes everything down in order; what was acknowledged is on disk long before. */
  async close(): Promise<void> {
    this.#doors.close();
    for (const { health } of this.#zones.values()) health.close();
    await Promise.all([...this.#zones.values()].map(({ process }) => process.stop()));
    await this.#log?.close();
    await this.authority.close();
  }

  async #startLog(): Promise<LogService> {
    const { folder, clock, random, logger, region, ports } = this.#options;
    const record = folder.readRegion() ?? { region: region.name, engine: 'embedded', logIds: {} };
    folder.writeRegion(record);
    const log = new LogService({
      region: region.name,
      zones: region.zones.map(({ id }) => id),
      identity: this.authority.identity,
      clock,
      random,
      logger,
      links: this.#around.links,
      knownLogIds: new Map(Object.entries(record.logIds)),
      onLogId: (name, logId) => {
        const current = folder.readRegion() ?? record;
        if (current.logIds[name] !== logId)
          folder.writeRegion({ ...current, logIds: { ...current.logIds, [name]: logId } });
      },
    });
    await log.listen(ports.log);
    return log;
  }

  #addZone(zone: Zone, ports: ZonePorts): void {
    const { clock, logger } = this.#options;
    const process = new ZoneProcess({
      zone: zone.id,
      config: () => this.#hostConfig(zone, ports),
      clock,
      logger,
      onMessage: message => {
        switch (message.type) {
          case 'closed':
            return this.#doors.onClosed(message.id);
          case 'chaos':
            return void this.#around
              .chaos(message.asked)
              .then(answer => process.send({ type: 'chaos', id: message.id, answer }));
          case 'heard':
            return this.hostFaults.heard(zone.id, message.version);
          case 'ready':
            process.send({ type: 'links', rules: this.#around.links.all });
            this.hostFaults.tell(zone.id);
        }
      },
      onChange: pid => this.#onProcess(zone.id, pid),
    });
    this.#powers.set(zone.id, process);
    process.powerOn();
    const health = new ZoneHealthProbe({
      zone: zone.id,
      from: 'clients',
      port: ports.clients,
      ...PROBES,
      clock,
      links: this.#around.links,
      onChange: fitness => this.#onFitness(zone.id, fitness),
    });
    this.#zones.set(zone.id, { zone, ports, process, health });
  }

  #hostConfig(zone: Zone, ports: ZonePorts): ZoneHostConfig {
    const { region, folder, externalLog, logLevel, dns, queryLog, acmeHttpPort, throttle, periods } = this.#options;
    const others = region.zones.filter(z => z.id !== zone.id);
    return {
      partition: region.partition,
      region: region.name,
      homeRegion: region.homeRegion,
      zone: zone.id,
      folder: folder.zoneFolder(zone.id),
      port: ports.clients,
      internalPort: ports.internal,
      peers: others.map(({ id }) => id),
      otherRegions: this.#options.otherRegions,
      identity: {
        document: this.authority.powerOn(zone.id),
        rootFile: AuthorityService.rootFile(folder.authorityFolder),
      },
      engine:
        externalLog === undefined
          ? { kind: 'embedded' }
          : { kind: externalLog.kind, servers: serversOf(externalLog, zone.id) },
      dns: {
        ...dns,
        port: ports.dns,
        ...(queryLog ? { queryLogFile: folder.logFile(`${zone.id}-dns`) } : {}),
      },
      ...{ acmeHttpPort, periods, ...defined({ throttle }) },
      objectKey: folder.objectKey(this.#options.random),
      settings: this.#settings.of(zone.id),
      faults: this.hostFaults.rulesOf(zone.id),
      logFile: folder.logFile(zone.id),
      logLevel,
    };
  }

  #target({ zone, ports, process, health }: ZoneParts): Target {
    return {
      zone: zone.id,
      port: ports.clients,
      get healthy() {
        return health.healthy;
      },
      get fit() {
        return health.fitness === 'fit';
      },
      get running() {
        return process.condition === 'running' || process.condition === 'frozen';
      },
      handOver: (id, socket, accepted) => process.send({ type: 'connection', id, ...accepted }, socket),
    };
  }

  /**
   * Clients of a zone that has fallen silent turn to another one. So do those of a zone that lost its log while others
   * have theirs: it could only refuse their writes and show them the past.
   */
  #onFitness(zone: string, fitness: ZoneFitness): void {
    this.#options.logger.info('zone health', { zone, fitness });
    this.#doors.onHealth();
    const othersAreFit = [...this.#zones].some(([id, { health }]) => id !== zone && health.fitness === 'fit');
    if (fitness === 'silent' || (fitness === 'limited' && othersAreFit)) this.#doors.endAll(zone);
  }

  #onProcess(zone: string, pid: number | undefined): void {
    if (pid === undefined) {
      this.#zones.get(zone)?.health.down();
      this.#doors.endAll(zone);
    } else this.#around.onHosts();
  }

  #tellLinks(): void {
    for (const { process } of this.#zones.values()) process.send({ type: 'links', rules: this.#around.links.all });
  }

  #zoneStatus({ zone, ports, process, health }: ZoneParts): ZoneStatus {
    return {
      id: zone.id,
      name: zone.name,
      condition: process.condition,
      healthy: health.healthy,
      serves: health.serves,
      log: health.report?.log,
      globalSts: this.#settings.of(zone.id).globalSts,
      disk: health.report?.disk,
      identity: health.report?.identity,
      certificates: health.report?.certificates,
      outages: this.#around.outagesOf(zone.id),
      pid: process.pid,
      endpoint: `http://localhost:${ports.clients}`,
      address: this.#options.addresses.get(zone.id),
      dns: `127.0.0.1:${ports.dns}`,
      restarts: process.restarts,
      startError: process.startError,
      connections: this.#doors.connectionsOf(zone.id),
    };
  }
}
