/**
 * A region in containers under an operator's hands. Its world does what worlds do; the power of a zone, and how much
 * processor it gets, are Docker's, and are read from Docker: nothing is remembered here, so every command sees the same.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PORTS, WORLD } from '@stormglass/containers';
import {
  type CertificateStatus,
  type ContributorReport,
  type DoctorReport,
  type FaultRequest,
  type FaultStatus,
  type GlobalStsMode,
  type ObjectsReport,
  type RegionStatus,
  WorldClient,
  WorldError,
  type ZoneOutage,
  type ZoneStatus,
} from '@stormglass/contracts';
import { HOST_FAULTS } from '@stormglass/faults';
import type { ComposeProject, ContainerOutage, ZoneContainer } from './compose-project.ts';
import { CONTAINER_OUTAGES } from './compose-project.ts';
import { CPUS } from './hardening.ts';

/** What an operator can ask of a region, wherever it runs. */
export type RegionControl = {
  readonly [Call in Exclude<keyof WorldClient, 'stop' | 'chaos'>]: WorldClient[Call];
};

const CPU_LIMIT = 'cpu-limit';
const isOutage = (fault: string): fault is ContainerOutage => Object.hasOwn(CONTAINER_OUTAGES, fault);

export class ContainerControl implements RegionControl {
  readonly #project: ComposeProject;
  readonly #rootFile: string;
  #client: Promise<WorldClient> | undefined;

  /** `rootFile`: where a copy of the region's root certificate is put, for clients on this machine. */
  constructor(project: ComposeProject, rootFile: string) {
    this.#project = project;
    this.#rootFile = rootFile;
  }

  status = async (): Promise<RegionStatus> => {
    const [status, faults] = await Promise.all([this.#world(world => world.status()), this.#dockerFaults()]);
    const published = await this.#project.published(WORLD);
    const at = (port: number, protocol = 'tcp'): string | undefined => {
      const found = published.get(`${port}/${protocol}`);
      return found && `${found.host}:${found.port}`;
    };
    mkdirSync(dirname(this.#rootFile), { recursive: true });
    writeFileSync(this.#rootFile, await this.#project.readFile(WORLD, status.rootFile));
    const zones = status.zones.map((zone, i) => ({
      ...withOutages(zone, faults),
      endpoint: urlOf(at(PORTS.clients + 1 + i)) ?? zone.endpoint,
      dns: at(PORTS.dnsPublished + i, 'udp') ?? zone.dns,
    }));
    return {
      ...status,
      rootFile: this.#rootFile,
      endpoint: urlOf(at(PORTS.clients)) ?? status.endpoint,
      zones,
      faults: [...status.faults, ...faults],
    };
  };
  doctor = (): Promise<DoctorReport> => this.#world(world => world.doctor());
  contributors = (): Promise<readonly ContributorReport[]> => this.#world(world => world.contributors());
  objects = (): Promise<readonly ObjectsReport[]> => this.#world(world => world.objects());
  scrubObjects = (zone?: string): Promise<readonly string[]> => this.#world(world => world.scrubObjects(zone));
  wait = (timeoutMs: number): Promise<RegionStatus> => this.#world(world => world.wait(timeoutMs));
  certificates = (): Promise<readonly CertificateStatus[]> => this.#world(world => world.certificates());
  revocationLists = (): Promise<string> => this.#world(world => world.revocationLists());
  revokeCertificate = (serial: string): Promise<void> => this.#world(world => world.revokeCertificate(serial));
  setGlobalSts = (mode: GlobalStsMode, place?: string): Promise<void> =>
    this.#world(world => world.setGlobalSts(mode, place));
  rotateAuthority = (): Promise<void> => this.#world(world => world.rotateAuthority());

  disableZone = async (zone: string, outage: ZoneOutage): Promise<ZoneStatus> => {
    await this.addFault({ fault: outage, zone });
    return this.#zone(zone);
  };

  enableZone = async (zone: string): Promise<ZoneStatus> => {
    for (const fault of await this.#dockerFaults()) {
      if (fault.zone === zone && isOutage(fault.fault)) await this.#mend(fault);
    }
    await this.#world(world => world.enableZone(zone));
    return this.#zone(zone);
  };

  addFault = async (request: FaultRequest): Promise<FaultStatus> => {
    const { fault, zone = '', durationMs } = request;
    if (!isOutage(fault) && fault !== CPU_LIMIT) return this.#world(world => world.addFault(request));
    if (durationMs !== undefined) throw new WorldError(`${fault} is done by Docker, and lasts until it is cleared`);
    const containers = (await this.#project.zoneContainers()).filter(each => each.zone === zone);
    if (containers.length === 0) throw new WorldError(`no container of zone ${zone || '(none named)'} is there`);
    if (isOutage(fault)) await this.#project.beginOutage(fault, idsOf(containers, 'running'));
    else {
      const { share } = HOST_FAULTS.get(CPU_LIMIT)!.parse(request.settings ?? {}, {}) as { readonly share: number };
      await this.#project.limitCpu(idsOf(containers), share);
    }
    return (await this.#dockerFaults()).find(each => each.zone === zone && each.fault === fault)!;
  };

  clearFaults = async (id?: string): Promise<{ cleared: number }> => {
    const faults = (await this.#dockerFaults()).filter(fault => id === undefined || fault.id === id);
    for (const fault of faults) await this.#mend(fault);
    if (id !== undefined && faults.length > 0) return { cleared: 1 };
    const { cleared } = await this.#world(world => world.clearFaults(id));
    return { cleared: cleared + faults.length };
  };

  async #mend({ fault, zone }: FaultStatus): Promise<void> {
    const containers = (await this.#project.zoneContainers()).filter(each => each.zone === zone);
    if (fault === CPU_LIMIT) await this.#project.limitCpu(idsOf(containers), CPUS);
    else if (isOutage(fault)) {
      await this.#project.endOutage(fault, idsOf(containers, fault === 'freeze' ? 'paused' : 'exited'));
    }
  }

  /** What Docker says has been done to zones. */
  async #dockerFaults(): Promise<readonly FaultStatus[]> {
    const containers = await this.#project.zoneContainers();
    const zones = [...new Set(containers.map(({ zone }) => zone))];
    return zones.flatMap(zone => {
      const own = containers.filter(each => each.zone === zone);
      const posted = (fault: string, settings = {}): FaultStatus => ({ id: `${fault}-${zone}`, fault, zone, settings });
      const share = Math.min(...own.map(({ cpus }) => cpus));
      return [
        ...(own.every(({ state }) => state === 'exited') ? [posted('power-off')] : []),
        ...(own.some(({ state }) => state === 'paused') ? [posted('freeze')] : []),
        ...(share < CPUS ? [posted(CPU_LIMIT, { share })] : []),
      ];
    });
  }

  async #zone(zone: string): Promise<ZoneStatus> {
    const found = (await this.status()).zones.find(({ id }) => id === zone);
    if (found === undefined) throw new WorldError(`there is no zone ${zone}`);
    return found;
  }

  async #world<T>(ask: (world: WorldClient) => Promise<T>): Promise<T> {
    this.#client ??= this.#project.address(WORLD, PORTS.control).then(where => new WorldClient(where));
    return ask(await this.#client);
  }
}

const urlOf = (address: string | undefined): string | undefined => address && `http://${address}`;

function withOutages(zone: ZoneStatus, faults: readonly FaultStatus[]): ZoneStatus {
  const own = faults.filter(({ zone: id }) => id === zone.id).map(({ fault }) => fault);
  const condition = own.includes('freeze') ? 'frozen' : own.includes('power-off') ? 'off' : zone.condition;
  return { ...zone, condition, outages: [...zone.outages, ...own.filter(isOutage)] };
}

const idsOf = (containers: readonly ZoneContainer[], state?: string): readonly string[] =>
  containers.filter(each => state === undefined || each.state === state).map(({ id }) => id);
