/** The region that needs nothing but Node: its world and its three hosts are processes of this machine. */
import { type FaultRequest, type GlobalStsMode, type RegionStatus, WorldClient } from '@stormglass/contracts';
import type { WorldSettings } from '@stormglass/region';
import { KeeperProcess } from '../keeper/keeper-process.ts';
import type { RegionDriver } from '../region-driver.ts';

/** Settings of an embedded region; each has the default of `stormglass up`, but that the system chooses the ports. */
export interface EmbeddedRegion extends Partial<Omit<WorldSettings, 'folder' | 'ephemeral' | 'otherRegions'>> {
  /** Several regions, in place of `region`: the first is what the region under test is, unless another one is named. */
  readonly regions?: readonly [string, ...string[]];
  readonly docker?: false;
}

/** What its process is told. */
export interface EmbeddedStart extends Omit<WorldSettings, 'folder' | 'ephemeral'> {
  readonly timeoutMs: number;
}

/** What its process tells. */
export interface EmbeddedReady {
  readonly controlSocket: string;
  readonly status: RegionStatus;
}

const DEFAULTS = {
  region: 'us-east-1',
  host: '127.0.0.1',
  port: 0,
  dnsPort: 0,
  dns: { ttlSeconds: 5 },
  acmeHttpPort: 80,
  certificateLifeMs: 24 * 3_600_000,
  queryLog: false,
  externalLog: undefined,
  logLevel: 'info',
} as const satisfies Omit<WorldSettings, 'folder' | 'ephemeral'>;

export class EmbeddedDriver implements RegionDriver {
  readonly rootFile: string;
  readonly #keeper: KeeperProcess<EmbeddedReady>;
  readonly #world: WorldClient;

  private constructor(keeper: KeeperProcess<EmbeddedReady>) {
    this.#keeper = keeper;
    this.#world = new WorldClient(keeper.ready.controlSocket);
    this.rootFile = keeper.ready.status.rootFile;
  }

  /** @throws WorldError when the region is not ready within `timeoutMs` */
  static async start({ docker: _, regions, ...settings }: EmbeddedRegion, timeoutMs: number): Promise<EmbeddedDriver> {
    const [region = settings.region ?? DEFAULTS.region, ...otherRegions] = regions ?? [];
    const start: EmbeddedStart = { ...DEFAULTS, ...settings, region, otherRegions, timeoutMs };
    return new EmbeddedDriver(await KeeperProcess.start(new URL('./main.ts', import.meta.url), start));
  }

  status = (): Promise<RegionStatus> => this.#world.status();
  waitReady = (timeoutMs: number): Promise<unknown> => this.#world.wait(timeoutMs);
  addFault = (request: FaultRequest) => this.#world.addFault(request);
  clearFaults = (id?: string): Promise<unknown> => this.#world.clearFaults(id);
  setGlobalSts = (mode: GlobalStsMode, place?: string) => this.#world.setGlobalSts(mode, place);
  stop = (): Promise<void> => this.#keeper.stop();
}
