/**
 * The physics outside the zones: powers their hosts, carries their links, runs the front door and the embedded engine's
 * sequencer. It is not part of the cloud, and nothing in a zone depends on it to serve what is local; killing it ends
 * the experiment, and the next one finds everything that was acknowledged.
 */

import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type Clock, type Logger, type Random, sleep } from '@stormglass/base';
import {
  type ChaosRequest,
  type ContributorReport,
  type DoctorReport,
  type FaultRequest,
  type RegionStatus,
  type ResolverConfig,
  WorldError,
  type ZoneHostConfig,
  type ZoneStatus,
} from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import type { RegionPorts, ZonePorts } from '../ports.ts';
import type { StateFolder } from '../state-folder.ts';
import type { Region, Zone } from '../topology.ts';
import { type ZoneFitness, ZoneHealthProbe } from '../zone-health.ts';
import { askContributors, askReplicas } from './ask-replicas.ts';
import { AuthorityService } from './certificates/authority-service.ts';
import { ChaosApi } from './chaos-api.ts';
import { type Control, serveControlApi } from './control-api.ts';
import { examine } from './doctor.ts';
import { Doors } from './doors.ts';
import { type ExternalLog, serversOf } from './external-log.ts';
import { FaultBoard } from './fault-board.ts';
import type { Target } from './front-door.ts';
import { AUTHORITY_PLACE, HostFaultSwitches } from './host-faults.ts';
import { LOG_PLACE, LogService } from './log-service.ts';
import { ZoneProcess } from './zone-process.ts';

export interface WorldOptions {
  readonly region: Region;
  readonly folder: StateFolder;
  readonly ephemeral: boolean;
  readonly host: string;
  readonly ports: RegionPorts;
  /** Addresses of the zones' own by zone id; empty when they have none. */
  readonly addresses: ReadonlyMap<string, string>;
  /** What the zones' resolvers are told, but for their own ports. */
  readonly dns: Omit<ResolverConfig, 'port' | 'queryLogFile'>;
  readonly acmeHttpPort: number;
  readonly throttle: ZoneHostConfig['throttle'] | undefined;
  readonly queryLog: boolean;
  /** A log outside the region; without one the embedded engine is used. */
  readonly externalLog: ExternalLog | undefined;
  readonly logLevel: ZoneHostConfig['logLevel'];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of host certificates, in ms. */
  readonly certificateLifeMs: number;
  /** Somebody asked for the end. */
  readonly onStop: () => void;
}

interface ZoneParts {
  readonly zone: Zone;
  readonly ports: ZonePorts;
  readonly process: ZoneProcess;
  readonly health: ZoneHealthProbe;
}

const WAIT_POLL_MS = 25;
const PROBES = { intervalMs: 200, misses: 3 };

export class World implements Control {
  readonly #options: WorldOptions;
  readonly #links = new LinkRules();
  readonly #zones = new Map<string, ZoneParts>();
  readonly #startedAt: number;
  readonly #powers = new Map<string, ZoneProcess>();
  #doors!: Doors;
  #faults!: FaultBoard;
  #hostFaults!: HostFaultSwitches;
  #chaos!: ChaosApi;
  #authority!: AuthorityService;
  #log: LogService | undefined;
  #api: Server | undefined;
  #port = 0;
  #ready = false;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Starts everything; the zones come up in their own time (`wait`). */
  static async start(options: WorldOptions): Promise<World> {
    const world = new World(options);
    await world.#start();
    return world;
  }

  get endpoint(): string {
    return `http://localhost:${this.#port}`;
  }

  status(): RegionStatus {
    const { region, folder, ephemeral, externalLog } = this.#options;
    return {
      region: region.name,
      endpoint: this.endpoint,
      engine: externalLog?.kind ?? 'embedded',
      ready: this.#ready,
      pid: process.pid,
      startedAt: this.#startedAt,
      folder: folder.path,
      rootFile: folder.rootFile,
      ephemeral,
      zones: [...this.#zones.values()].map(parts => this.#zoneStatus(parts)),
      faults: this.#faults.list(),
    };
  }

  /** @throws WorldError when the region does not serve in time */
  async wait(timeoutMs: number): Promise<RegionStatus> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    while (!this.#serves()) {
      if (!(clock.monotonic() < deadline)) {
        const why = [...this.#zones].flatMap(([id, { process }]) =>
          process.startError === undefined ? [] : [`; ${id} cannot start: ${process.startError}`],
        );
        throw new WorldError(`the region did not become ready within ${timeoutMs} ms${why.join('')}`);
      }
      await sleep(clock, WAIT_POLL_MS);
    }
    this.#ready = true;
    return this.status();
  }

  addFault = (fault: FaultRequest) => this.#changed(this.#faults.add(fault));
  clearFaults = (id?: string) => this.#changed(this.#faults.clear(id));
  chaos = (asked: ChaosRequest) => this.#changed(this.#chaos.answer(asked));
  enableZone = (zone: string) => this.#faults.enable(zone);
  certificates = () => this.#authority.certificates();
  revocationLists = () => this.#authority.revocationLists();
  revokeCertificate = (serial: string) => this.#authority.revoke(serial);
  rotateAuthority = () => this.#authority.rotate();
  stop = () => this.#options.onStop();

  async doctor(): Promise<DoctorReport> {
    const { identity } = this.#authority;
    const reports = [...this.#zones].map(([zone, { ports }]) => askReplicas(identity, zone, ports.internal));
    return examine(this.status(), (await Promise.all(reports)).flat(), this.#log?.status());
  }

  async contributors(): Promise<readonly ContributorReport[]> {
    const { identity } = this.#authority;
    const reports = [...this.#zones].map(([zone, { ports }]) => askContributors(identity, zone, ports.internal));
    return (await Promise.all(reports)).filter(report => report !== undefined);
  }

  /** Takes everything down in order; what was acknowledged is on disk long before. */
  async close(): Promise<void> {
    this.#faults.close();
    this.#doors.close();
    for (const { health } of this.#zones.values()) health.close();
    await Promise.all([...this.#zones.values()].map(({ process }) => process.stop()));
    await this.#log?.close();
    await this.#authority.close();
    this.#api?.close();
    const { folder, ephemeral } = this.#options;
    if (ephemeral) folder.erase();
    else folder.forgetWorld();
  }

  async #start(): Promise<void> {
    const { folder, clock, random, logger, host, ports, addresses, externalLog } = this.#options;
    const { region } = this.#options;
    const { zones } = region;
    this.#authority = new AuthorityService({
      ...{ region, host, clock, random, logger },
      folder: folder.authorityFolder,
      port: ports.certificateAuthority,
      certificateLifeMs: this.#options.certificateLifeMs,
    });
    this.#hostFaults = new HostFaultSwitches(this.#authority, this.#powers);
    // The zones need no one to be there first, so they are started before anything else is set up.
    for (const [i, zone] of zones.entries()) this.#addZone(zone, ports.zones[i]!);
    this.#doors = new Doors({
      targets: [...this.#zones.values()].map(parts => this.#target(parts)),
      addresses,
      links: this.#links,
      clock,
      logger,
    });
    this.#links.onChange(() => this.#tellLinks());
    const places = [...zones.map(z => z.id), 'clients', LOG_PLACE, AUTHORITY_PLACE];
    this.#faults = new FaultBoard({
      ...{ zones: this.#powers, places, links: this.#links, clock, random },
      switches: this.#hostFaults.switches,
    });
    this.#chaos = new ChaosApi({
      ...{ board: this.#faults, zones: zones.map(({ id }) => id) },
      together: change => this.#hostFaults.together(change),
    });
    try {
      if (externalLog === undefined) this.#log = await this.#startLog(zones);
      await this.#authority.start();
      writeFileSync(folder.rootFile, this.#authority.root);
      this.#port = await this.#doors.listen(ports.frontDoor, host);
      this.#api = await serveControlApi(this, folder.controlSocket);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#remember();
  }

  async #startLog(zones: readonly Zone[]): Promise<LogService> {
    const { folder, clock, random, logger, region, ports } = this.#options;
    const record = folder.readRegion() ?? { region: region.name, engine: 'embedded', logIds: {} };
    folder.writeRegion(record);
    const log = new LogService({
      region: region.name,
      zones: zones.map(({ id }) => id),
      identity: this.#authority.identity,
      clock,
      random,
      logger,
      links: this.#links,
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

  /** Who changed something may count on it in every zone. */
  async #changed<T>(outcome: T): Promise<T> {
    await this.#hostFaults.inForce(this.#options.clock);
    return outcome;
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
            return void this.chaos(message.asked).then(answer =>
              process.send({ type: 'chaos', id: message.id, answer }),
            );
          case 'heard':
            return this.#hostFaults.heard(zone.id, message.version);
          case 'ready':
            process.send({ type: 'links', rules: this.#links.all });
            this.#hostFaults.tell(zone.id);
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
      links: this.#links,
      onChange: fitness => this.#onFitness(zone.id, fitness),
    });
    this.#zones.set(zone.id, { zone, ports, process, health });
  }

  #hostConfig(zone: Zone, ports: ZonePorts): ZoneHostConfig {
    const { region, folder, externalLog, logLevel, dns, queryLog, acmeHttpPort, throttle } = this.#options;
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
      otherRegions: [],
      identity: {
        document: this.#authority.powerOn(zone.id),
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
      acmeHttpPort,
      ...(throttle === undefined ? {} : { throttle }),
      faults: this.#hostFaults.rulesOf(zone.id),
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
    } else if (this.#port !== 0) this.#remember();
  }

  #tellLinks(): void {
    for (const { process } of this.#zones.values()) process.send({ type: 'links', rules: this.#links.all });
  }

  #serves(): boolean {
    return [...this.#zones.values()].every(({ zone, health }) => {
      if (this.#faults.outagesOf(zone.id).length > 0) return true;
      return health.report?.status === 'ok';
    });
  }

  #zoneStatus({ zone, ports, process, health }: ZoneParts): ZoneStatus {
    return {
      id: zone.id,
      name: zone.name,
      condition: process.condition,
      healthy: health.healthy,
      log: health.report?.log,
      disk: health.report?.disk,
      certificates: health.report?.certificates,
      outages: this.#faults.outagesOf(zone.id),
      pid: process.pid,
      endpoint: `http://localhost:${ports.clients}`,
      address: this.#options.addresses.get(zone.id),
      dns: `127.0.0.1:${ports.dns}`,
      restarts: process.restarts,
      startError: process.startError,
      connections: this.#doors.connectionsOf(zone.id),
    };
  }

  /** Writes down which processes are ours, so that the next world can clear away what this one may leave behind. */
  #remember(): void {
    const hosts = Object.fromEntries(
      [...this.#zones].flatMap(([id, { process }]) => (process.pid === undefined ? [] : [[id, process.pid]])),
    );
    this.#options.folder.writeWorld({ pid: process.pid, endpoint: this.endpoint, hosts });
  }
}
