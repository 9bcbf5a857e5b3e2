/** A region to be measured: its own folder, ports of the system's choice, nothing left when it is closed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegionStatus } from '@stormglass/contracts';
import { stormglass } from './command.ts';
import { processTree } from './process-usage.ts';

export interface RegionOptions {
  /** For `stormglass up`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const portOf = (endpoint: string): number => Number(new URL(endpoint).port);

export class RegionServer implements AsyncDisposable {
  readonly #folder: string;
  readonly #options: RegionOptions;
  #status!: RegionStatus;

  private constructor(folder: string, options: RegionOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  static async start(options: RegionOptions = {}): Promise<RegionServer> {
    const region = new RegionServer(await mkdtemp(join(tmpdir(), 'stormglass-bench-')), options);
    await region.up();
    return region;
  }

  /** Where it keeps itself. */
  get folder(): string {
    return this.#folder;
  }

  /** The front door's port. */
  get port(): number {
    return portOf(this.#status.endpoint);
  }

  /** The port of one zone's own listener. */
  zonePort(zone: number): number {
    return portOf(this.#status.zones[zone]!.endpoint);
  }

  /** The world first, then the zones. */
  get pids(): readonly number[] {
    const hosts = this.#status.zones.map(zone => zone.pid!);
    // What else they may have started counts as well.
    return [...new Set([this.#status.pid, ...hosts, ...processTree(this.#status.pid)])];
  }

  zonePid(zone: number): number {
    return this.#status.zones[zone]!.pid!;
  }

  /** Milliseconds from typing the command until it says that the region is ready. */
  async up(): Promise<number> {
    const { args = [], env = {} } = this.#options;
    const { stdout, ms } = await stormglass(['up', '--port', '0', '--json', '--folder', this.#folder, ...args], env);
    this.#status = JSON.parse(stdout) as RegionStatus;
    return ms;
  }

  async down(): Promise<void> {
    await stormglass(['down', '--folder', this.#folder], this.#options.env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
