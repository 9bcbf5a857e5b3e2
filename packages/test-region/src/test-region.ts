/** A region under test, as its test sees it: where it is, who may call it, what breaks, and its end. */
import type { FaultRequest, GlobalStsMode, OneRegionStatus, RegionStatus } from '@stormglass/contracts';
import { Fault } from './fault.ts';
import type { RegionDriver } from './region-driver.ts';
import { TestZone } from './test-zone.ts';

/** In the form that AWS clients take. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const READY_TIMEOUT_MS = 60_000;

export class TestRegion implements AsyncDisposable {
  /** `us-east-1`. */
  readonly name: string;
  /** For any zone that is well; plain HTTP, and TLS as `https:`. */
  readonly endpoint: string;
  readonly zones: readonly TestZone[];
  /** The root certificate, PEM: what clients of the TLS endpoints need to trust. */
  readonly rootFile: string;
  /** Of the root user of account 000000000000. Twelve digits as the id give the root user of that account. */
  readonly credentials: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  /** All that run in one process with this one, by name; this one alone unless more were asked for. */
  readonly regions: ReadonlyMap<string, TestRegion>;
  readonly #driver: RegionDriver;
  readonly #stop: () => Promise<void>;

  /** `status`: of regions that are ready. */
  static of(driver: RegionDriver, status: RegionStatus): TestRegion {
    const regions = new Map<string, TestRegion>();
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopped ??= driver.stop();
      return stopped;
    };
    for (const each of status.regions ?? [{ ...status, rootFile: driver.rootFile }])
      regions.set(each.region, new TestRegion(driver, each, regions, stop));
    return regions.get(status.region)!;
  }

  private constructor(
    driver: RegionDriver,
    { region, endpoint, rootFile, zones }: Pick<OneRegionStatus, 'region' | 'endpoint' | 'rootFile' | 'zones'>,
    regions: ReadonlyMap<string, TestRegion>,
    stop: () => Promise<void>,
  ) {
    this.#driver = driver;
    this.#stop = stop;
    this.regions = regions;
    this.name = region;
    this.endpoint = endpoint;
    this.zones = zones.map(zone => new TestZone(driver, zone));
    this.rootFile = rootFile;
  }

  /** Variables that make AWS clients and tools use the region: for `process.env` here, or of a child process. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: this.name,
      AWS_DEFAULT_REGION: this.name,
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      AWS_CA_BUNDLE: this.rootFile,
    };
  }

  /**
   * Another region of the same start.
   * @throws RangeError when there is none of that name
   */
  region(name: string): TestRegion {
    const found = this.regions.get(name);
    if (found !== undefined) return found;
    throw new RangeError(`there is no region ${name}; there are ${[...this.regions.keys()].join(', ')}`);
  }

  /**
   * By id (`use1-az1`) or name (`us-east-1a`).
   * @throws RangeError when the region has no such zone
   */
  zone(idOrName: string): TestZone {
    const found = this.zones.find(({ id, name }) => id === idOrName || name === idOrName);
    if (found !== undefined) return found;
    throw new RangeError(`${this.name} has no zone ${idOrName}; it has ${this.zones.map(({ id }) => id).join(', ')}`);
  }

  /**
   * Any fault of the catalogue (`stormglass help`): on the link `from`-`to`, of a zone, or of the whole region; of all
   * that were started together, unless `region` says of which.
   * @throws WorldError when it makes no sense
   */
  async fault(request: FaultRequest): Promise<Fault> {
    return new Fault(this.#driver, await this.#driver.addFault(request));
  }

  /** Mends everything, in all regions. */
  async clearFaults(): Promise<void> {
    await this.#driver.clearFaults();
  }

  /** Has `sts.amazonaws.com` answered here (`regional`), or by the home region (`legacy`), for whoever asks its resolvers. */
  async setGlobalSts(mode: GlobalStsMode): Promise<void> {
    await this.#driver.setGlobalSts(mode, this.name);
  }

  /**
   * Resolves when every zone serves that is not held down.
   * @throws WorldError when that takes longer than `timeoutMs`
   */
  async waitReady(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    await this.#driver.waitReady(timeoutMs);
  }

  status(): Promise<RegionStatus> {
    return this.#driver.status();
  }

  /** Ends it and those of the same start, and forgets all it knows. Resolves when nothing is left; may be called again. */
  stop(): Promise<void> {
    return this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
