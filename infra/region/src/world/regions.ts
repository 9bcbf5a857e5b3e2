/**
 * All regions of a machine in one process: what they have in common, which is the links, what is broken, and the API of
 * whoever runs them. A region knows nothing of the others but where they are; nothing leads from one partition to
 * another.
 */
import type { Server } from 'node:http';
import type { Clock, Random } from '@stormglass/base';
import {
  type ChaosRequest,
  type DoctorReport,
  type FaultRequest,
  type GlobalStsMode,
  type RegionStatus,
  WorldError,
} from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { UnknownCertificate } from '@stormglass/pki';
import type { StateFolder } from '../state-folder.ts';
import { everyPlaceOf, type Region } from '../topology.ts';
import { ChaosApi } from './chaos-api.ts';
import { type Control, serveControlApi } from './control-api.ts';
import { examine, settledLogs } from './doctor.ts';
import { FaultBoard, type FaultSwitch } from './fault-board.ts';
import { AUTHORITY_PLACE } from './host-faults.ts';
import { LOG_PLACE } from './log-service.ts';
import { type RegionLinks, standingRules } from './region-links.ts';
import { whenServing } from './when-serving.ts';
import { World, type WorldOptions } from './world.ts';

export interface RegionsOptions {
  readonly folder: StateFolder;
  readonly ephemeral: boolean;
  /** The regions, the first of which is meant where none is named. */
  readonly worlds: readonly WorldOptions[];
  readonly regionLinks: RegionLinks;
  readonly clock: Clock;
  readonly random: Random;
  /** Somebody asked for the end. */
  readonly onStop: () => void;
}

export class Regions implements Control {
  readonly #options: RegionsOptions;
  readonly #links = new LinkRules();
  readonly #worlds: readonly World[];
  readonly #startedAt: number;
  readonly #faults: FaultBoard;
  readonly #chaos: ChaosApi;
  #api: Server | undefined;
  #isOpen = false;
  #ready = false;

  private constructor(options: RegionsOptions) {
    this.#options = options;
    const { clock, random, worlds } = options;
    this.#startedAt = clock.now();
    const regions = worlds.map(({ region }) => region);
    this.#links.replace(standingRules(regions, options.regionLinks));
    const around = {
      links: this.#links,
      outagesOf: (zone: string) => this.#faults.outagesOf(zone),
      revokedOutside: ({ name, partition }: Region) =>
        this.#worlds
          .filter(({ region }) => region.partition === partition && region.name !== name)
          .flatMap(({ authority }) => authority.revoked),
      chaos: (asked: ChaosRequest) => this.chaos(asked),
      onHosts: () => {
        if (this.#isOpen) this.#remember();
      },
    };
    this.#worlds = worlds.map(world => new World(world, around));
    const ids = regions.flatMap(({ zones }) => zones.map(({ id }) => id));
    this.#faults = new FaultBoard({
      zones: new Map(this.#worlds.flatMap(({ powers }) => [...powers])),
      places: [...ids, 'clients', LOG_PLACE, AUTHORITY_PLACE],
      regions: new Map(regions.map(({ name }) => [name, everyPlaceOf(name)])),
      switches: this.#switches(),
      ...{ links: this.#links, clock, random },
    });
    this.#chaos = new ChaosApi({ board: this.#faults, zones: ids, together: change => this.#together(change) });
  }

  /** Starts everything; the zones come up in their own time (`wait`). */
  static async start(options: RegionsOptions): Promise<Regions> {
    const regions = new Regions(options);
    try {
      // One after the other: those of a partition share the root that the first of them makes.
      for (const world of regions.#worlds) await world.open();
      regions.#api = await serveControlApi(regions, options.folder.controlSocket);
    } catch (error) {
      await regions.close();
      throw error;
    }
    regions.#isOpen = true;
    regions.#remember();
    return regions;
  }

  get #first(): World {
    return this.#worlds[0]!;
  }
  get endpoint(): string {
    return this.#first.endpoint;
  }

  status(): RegionStatus {
    const regions = this.#worlds.map(world => world.status(this.#ready));
    const { partition: _, ...first } = regions[0]!;
    const { ephemeral } = this.#options;
    const faults = this.#faults.list();
    return { ...first, pid: process.pid, startedAt: this.#startedAt, ephemeral, faults, regions };
  }

  /** @throws WorldError when the regions do not serve in time */
  async wait(timeoutMs: number): Promise<RegionStatus> {
    const why = () =>
      this.#worlds
        .flatMap(({ powers }) => [...powers.values()])
        .flatMap(({ zone, startError }) => (startError === undefined ? [] : [`; ${zone} cannot start: ${startError}`]))
        .join('');
    const serves = () => this.#worlds.every(world => world.serves);
    await whenServing({ clock: this.#options.clock, timeoutMs, serves, why });
    this.#ready = true;
    return this.status();
  }

  addFault = (fault: FaultRequest) => this.#changed(this.#faults.add(fault));
  clearFaults = (id?: string) => this.#changed(this.#faults.clear(id));
  chaos = (asked: ChaosRequest) => this.#changed(this.#chaos.answer(asked));
  enableZone = (zone: string) => this.#faults.enable(zone);
  stop = () => this.#options.onStop();

  certificates = () => this.#worlds.flatMap(({ authority }) => authority.certificates());
  revocationLists = async () =>
    (await Promise.all(this.#worlds.map(({ authority }) => authority.revocationLists()))).join('');
  /** @throws UnknownCertificate when no region has it */
  revokeCertificate(serial: string): void {
    const known = this.#worlds.find(({ authority }) =>
      authority.certificates().some(each => each.serial === serial.toUpperCase()),
    );
    if (known === undefined) throw new UnknownCertificate(`there is no certificate ${serial}`);
    known.authority.revoke(serial);
  }
  rotateAuthority = async () => {
    for (const { authority } of this.#worlds) await authority.rotate();
  };

  /** Of one zone, of the zones of a region, or of all. */
  setGlobalSts(mode: GlobalStsMode, place?: string): void {
    const named = this.#worlds.filter(({ region }) => region.name === place);
    if (place === undefined || named.length > 0) {
      for (const world of place === undefined ? this.#worlds : named) world.setGlobalSts(mode);
    } else (this.#worldOf(place) ?? this.#first).setGlobalSts(mode, place);
  }

  async doctor(): Promise<DoctorReport> {
    const { faults } = this.status();
    const isOnly = this.#worlds.length === 1;
    const reports = this.#worlds.map(async world => {
      const own = { ...world.status(this.#ready), faults: isOnly ? faults : [] };
      const logs = await settledLogs(world.logs, this.#options.clock);
      const [replicasOf, objects] = await Promise.all([world.replicas(), world.objects()]);
      const { findings, replicas } = examine(own, replicasOf, logs, objects);
      const prefix = isOnly ? '' : `${world.region.name}: `;
      return { findings: findings.map(each => ({ ...each, text: prefix + each.text })), replicas };
    });
    // What is broken may lie between regions.
    const common = isOnly ? [] : [examine({ zones: [], faults }, [], undefined)];
    const all = [...(await Promise.all(reports)), ...common];
    return { findings: all.flatMap(({ findings }) => findings), replicas: all.flatMap(({ replicas }) => replicas) };
  }

  objects = async () => (await Promise.all(this.#worlds.map(world => world.objects()))).flat();
  /** @throws WorldError when there is no such zone */
  async scrubObjects(zone?: string): Promise<readonly string[]> {
    if (zone !== undefined && this.#worldOf(zone) === undefined) throw new WorldError(`unknown zone ${zone}`);
    return (await Promise.all(this.#worlds.map(world => world.scrubObjects(zone)))).flat();
  }

  contributors = async () => (await Promise.all(this.#worlds.map(world => world.contributors()))).flat();

  /** Takes everything down in order; what was acknowledged is on disk long before. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#faults.close();
    await Promise.all(this.#worlds.map(world => world.close()));
    this.#api?.close();
    const { folder, ephemeral } = this.#options;
    if (ephemeral) folder.erase();
    else folder.forgetWorld();
  }

  #worldOf(zone: string): World | undefined {
    return this.#worlds.find(({ powers }) => powers.has(zone));
  }

  /** What is done to a zone is done in its region; the rest in the region that was named, or in all. */
  #switches(): Record<string, FaultSwitch> {
    const names = Object.keys(this.#first.hostFaults.switches);
    const turn =
      (name: string): FaultSwitch =>
      (isOn, fault) => {
        const { zone, region } = fault;
        for (const world of this.#worlds) {
          const isMeant = zone === '' ? ['', world.region.name].includes(region) : world.powers.has(zone);
          if (isMeant) world.hostFaults.switches[name]!(isOn, fault);
        }
      };
    return Object.fromEntries(names.map(name => [name, turn(name)]));
  }

  /** Several changes that the hosts of every region hear of as one. */
  #together(change: () => void): void {
    const nested = this.#worlds.reduce(
      (run, { hostFaults }) =>
        () =>
          hostFaults.together(run),
      change,
    );
    nested();
  }

  /** Who changed something may count on it in every zone. */
  async #changed<T>(outcome: T): Promise<T> {
    await Promise.all(this.#worlds.map(({ hostFaults }) => hostFaults.inForce(this.#options.clock)));
    return outcome;
  }

  /** Writes down which processes are ours, so that the next world can clear away what this one may leave behind. */
  #remember(): void {
    const hosts = Object.fromEntries(
      this.#worlds
        .flatMap(({ powers }) => [...powers])
        .flatMap(([id, { pid }]) => (pid === undefined ? [] : [[id, pid]])),
    );
    this.#options.folder.writeWorld({ pid: process.pid, endpoint: this.endpoint, hosts });
  }
}
