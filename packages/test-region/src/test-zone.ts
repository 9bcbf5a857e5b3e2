/** One zone of a region under test: taken away, cut off from others, and given back. */
import {
  type FaultRequest,
  type GlobalStsMode,
  WorldError,
  type ZoneOutage,
  type ZoneStatus,
} from '@stormglass/contracts';
import { Fault } from './fault.ts';
import type { RegionDriver } from './region-driver.ts';

export interface FailOptions {
  /**
   * `power-off` (default): its processes die at once. `freeze`: they stop where they are, connections open. `cut-off`:
   * they run, and nobody reaches them.
   */
  readonly mode?: ZoneOutage;
  /** Ends the outage by itself, in ms. */
  readonly durationMs?: number;
}

export interface PartitionOptions {
  /** Only what this zone sends is lost; what it is sent arrives. */
  readonly oneWay?: boolean;
  /** Ends the partition by itself, in ms. */
  readonly durationMs?: number;
}

/** A fault of this zone: its end of a link (`from`), or its host. */
export type ZoneFaultRequest = Omit<FaultRequest, 'zone' | 'from'>;

export class TestZone {
  /** `use1-az1`: the same for every account. */
  readonly id: string;
  /** `us-east-1a`. */
  readonly name: string;
  /** The zone's own, past the region's front door. */
  readonly endpoint: string;
  readonly #driver: RegionDriver;

  constructor(driver: RegionDriver, { id, name, endpoint }: Pick<ZoneStatus, 'id' | 'name' | 'endpoint'>) {
    this.#driver = driver;
    this.id = id;
    this.name = name;
    this.endpoint = endpoint;
  }

  /** Has `sts.amazonaws.com` answered by its region, or by the home region, for whoever asks its resolver. */
  async setGlobalSts(mode: GlobalStsMode): Promise<void> {
    await this.#driver.setGlobalSts(mode, this.id);
  }

  /** Takes the zone away. Resolves when it is gone, which is before clients and other zones notice. */
  fail({ mode = 'power-off', ...request }: FailOptions = {}): Promise<Fault> {
    return this.#add({ ...request, fault: mode, zone: this.id });
  }

  /**
   * Cuts the link to another zone, or to `clients`, `log` or `*` (everyone).
   * @throws WorldError when there is no such place
   */
  partition(other: TestZone | string, options: PartitionOptions = {}): Promise<Fault> {
    const to = typeof other === 'string' ? other : other.id;
    return this.#add({ ...options, fault: 'partition', from: this.id, to });
  }

  /**
   * Any other fault of this zone: of its links (`latency`, `loss` ...) or of its host (`clock-skew` ...).
   * @throws WorldError when its settings make no sense
   */
  fault(request: ZoneFaultRequest): Promise<Fault> {
    return this.#add({ ...request, zone: this.id });
  }

  /** Mends everything that is wrong with this zone; it is back when it has caught up (`TestRegion.waitReady`). */
  async heal(): Promise<void> {
    const { faults } = await this.#driver.status();
    for (const { id, zone, from, to } of faults) {
      if ([zone, from, to].includes(this.id)) await this.#driver.clearFaults(id);
    }
  }

  /** @throws WorldError when the region does not know the zone any more */
  async status(): Promise<ZoneStatus> {
    const all = await this.#driver.status();
    const status = (all.regions ?? [all]).flatMap(({ zones }) => zones).find(({ id }) => id === this.id);
    if (status === undefined) throw new WorldError(`the region has no zone ${this.id}`);
    return status;
  }

  async #add(request: FaultRequest): Promise<Fault> {
    return new Fault(this.#driver, await this.#driver.addFault(request));
  }
}
