/**
 * The region in containers. Its world breaks links, as ever; the power of a zone is Docker's, so killing and freezing are
 * done here, to every container with the zone's label.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Clock, sleep } from '@stormglass/base';
import {
  CONTAINER_OUTAGES,
  ComposeProject,
  type ComposeProjectName,
  type ContainerOutage,
  dockerWith,
} from '@stormglass/compose/control';
import {
  type FaultRequest,
  type FaultStatus,
  type GlobalStsMode,
  type RegionStatus,
  WorldClient,
  WorldError,
} from '@stormglass/contracts';
import { KeeperProcess } from '../keeper/keeper-process.ts';
import type { RegionDriver } from '../region-driver.ts';

export interface DockerRegion {
  /**
   * `file`: the Compose file, `compose/region.yaml` unless given. `environment`: its variables; without them the system
   * chooses the ports, and chance the addresses (`STORMGLASS_SUBNET`).
   */
  readonly docker: true | { readonly file?: string; readonly environment?: Readonly<Record<string, string>> };
}

/** What its process is told. */
export interface DockerStart extends ComposeProjectName {
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What its process tells. */
export interface DockerReady {
  /** Where the world's control API is published. */
  readonly control: { readonly host: string; readonly port: number };
  readonly rootFile: string;
  readonly endpoint: string;
  readonly zoneEndpoints: Readonly<Record<string, string>>;
}

/** What of a Compose project the driver uses. */
export type ZoneContainers = Pick<ComposeProject, 'containersOf' | 'beginOutage' | 'endOutage'>;

export interface DockerDriverOptions {
  readonly keeper: Pick<KeeperProcess<DockerReady>, 'ready' | 'stop'>;
  readonly containers: ZoneContainers;
  readonly control: Pick<WorldClient, 'status' | 'addFault' | 'clearFaults' | 'setGlobalSts'>;
  readonly clock: Clock;
}

interface Outage {
  readonly status: FaultStatus & { readonly fault: ContainerOutage; readonly zone: string };
  readonly containers: readonly string[];
  readonly cancel: () => void;
}

const REGION_FILE = fileURLToPath(new URL('../../../../compose/region.yaml', import.meta.url));
const POLL_MS = 200;
/** What Docker says of addresses that some network has; chance takes others the next time. */
const ADDRESSES_TAKEN = 'Pool overlaps with other one on this address space';
const ATTEMPTS_MAX = 3;

export class DockerDriver implements RegionDriver {
  readonly rootFile: string;
  readonly #options: DockerDriverOptions;
  readonly #outages = new Map<string, Outage>();
  #count = 0;

  constructor(options: DockerDriverOptions) {
    this.#options = options;
    this.rootFile = options.keeper.ready.rootFile;
  }

  /** @throws WorldError when the containers are not healthy within `timeoutMs` */
  static async start(region: DockerRegion, timeoutMs: number, clock: Clock): Promise<DockerDriver> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await DockerDriver.#startOnce(region, timeoutMs, clock);
      } catch (error) {
        const isInTheWay = error instanceof WorldError && error.message.includes(ADDRESSES_TAKEN);
        if (!isInTheWay || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  static async #startOnce({ docker }: DockerRegion, timeoutMs: number, clock: Clock): Promise<DockerDriver> {
    const { file = REGION_FILE, environment = {} } = docker === true ? {} : docker;
    const name: ComposeProjectName = { project: `stormglass-test-${randomUUID().slice(0, 8)}`, file };
    const start: DockerStart = { ...name, environment: { ...freeOnThisMachine(), ...environment }, timeoutMs };
    const keeper = await KeeperProcess.start<DockerReady>(new URL('./main.ts', import.meta.url), start);
    const containers = new ComposeProject(dockerWith({}), name);
    return new DockerDriver({ keeper, containers, control: new WorldClient(keeper.ready.control), clock });
  }

  async status(): Promise<RegionStatus> {
    const { keeper, control } = this.#options;
    const { endpoint, zoneEndpoints } = keeper.ready;
    const status = await control.status();
    const outages = [...this.#outages.values()].map(outage => outage.status);
    const zones = status.zones.map(zone => ({
      ...zone,
      endpoint: zoneEndpoints[zone.id] ?? zone.endpoint,
      outages: [...zone.outages, ...outages.filter(({ zone: id }) => id === zone.id).map(({ fault }) => fault)],
    }));
    return { ...status, endpoint, rootFile: this.rootFile, zones, faults: [...status.faults, ...outages] };
  }

  async waitReady(timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + timeoutMs;
    for (;;) {
      const { zones } = await this.status();
      const missing = zones.filter(({ serves, outages }) => !serves && outages.length === 0);
      if (missing.length === 0) return;
      if (clock.monotonic() >= deadline) {
        throw new WorldError(`${missing.map(({ id }) => id).join(', ')} did not serve within ${timeoutMs} ms`);
      }
      await sleep(clock, POLL_MS);
    }
  }

  async addFault(request: FaultRequest): Promise<FaultStatus> {
    const { fault, zone } = request;
    if (!isContainerOutage(fault)) return this.#options.control.addFault(request);
    if (zone === undefined) throw new WorldError(`${fault} needs a zone`);
    const same = [...this.#outages.values()].find(({ status }) => status.zone === zone && status.fault === fault);
    return (same ?? (await this.#takeAway(fault, zone, request.durationMs))).status;
  }

  setGlobalSts = (mode: GlobalStsMode, place?: string) => this.#options.control.setGlobalSts(mode, place);

  async clearFaults(id?: string): Promise<void> {
    for (const each of id === undefined ? [...this.#outages.keys()] : [id]) await this.#giveBack(each);
    if (id === undefined || !id.startsWith(OUTAGE_ID)) await this.#options.control.clearFaults(id);
  }

  async stop(): Promise<void> {
    for (const { cancel } of this.#outages.values()) cancel();
    await this.#options.keeper.stop();
  }

  async #takeAway(fault: ContainerOutage, zone: string, durationMs?: number): Promise<Outage> {
    const { containers: all, clock } = this.#options;
    const containers = await all.containersOf(zone);
    await all.beginOutage(fault, containers);
    const id = `${OUTAGE_ID}${++this.#count}`;
    const ends = durationMs === undefined ? {} : { endsAt: clock.now() + durationMs };
    // The end that nobody waits for: when it fails, whoever waits for the zone hears of it.
    const end = () => void this.#giveBack(id).catch(() => {});
    const cancel = durationMs === undefined ? () => {} : clock.after(durationMs, end);
    const outage: Outage = { status: { id, fault, zone, settings: {}, ...ends }, containers, cancel };
    this.#outages.set(id, outage);
    return outage;
  }

  async #giveBack(id: string): Promise<void> {
    const outage = this.#outages.get(id);
    if (outage === undefined) return;
    this.#outages.delete(id);
    outage.cancel();
    await this.#options.containers.endOutage(outage.status.fault, outage.containers);
  }
}

/** Variables of the Compose file, for a region that is not in the way of others. */
function freeOnThisMachine(): Record<string, string> {
  const ofZones = [1, 2, 3].flatMap(n => [`STORMGLASS_PORT_${n}`, `STORMGLASS_DNS_PORT_${n}`]);
  const ports = ['STORMGLASS_PORT', 'STORMGLASS_CONTROL_PORT', ...ofZones];
  // Below are the region that `docker compose up` starts by itself, and what Docker gives to other networks.
  const subnet = `10.${randomInt(100, 250)}`;
  return { ...Object.fromEntries(ports.map(name => [name, '0'])), STORMGLASS_SUBNET: subnet };
}

const OUTAGE_ID = 'outage-';
const isContainerOutage = (fault: string): fault is ContainerOutage => Object.hasOwn(CONTAINER_OUTAGES, fault);
