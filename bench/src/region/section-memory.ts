/** Memory of a whole region, world and hosts, and what it costs while nothing happens. */
import { cpuSeconds, pssMiB } from './process-usage.ts';
import type { RegionServer } from './region-server.ts';

export interface Footprint {
  readonly totalMiB: number;
  readonly worldMiB: number;
  /** The three zones together. */
  readonly zonesMiB: number;
  /** Percent of one core. */
  readonly cpuPercent: number;
}

const SETTLE_MS = 3000;
const WATCH_MS = 5000;

/** Waits until the region has come to rest, then watches it do nothing. */
export async function footprint(region: RegionServer): Promise<Footprint> {
  await pause(SETTLE_MS);
  const [world, ...rest] = region.pids;
  const before = cpuSeconds(region.pids);
  await pause(WATCH_MS);
  const cpuPercent = ((cpuSeconds(region.pids) - before) / (WATCH_MS / 1000)) * 100;
  const worldMiB = pssMiB(world!);
  const zonesMiB = rest.reduce((sum, pid) => sum + pssMiB(pid), 0);
  return { totalMiB: worldMiB + zonesMiB, worldMiB, zonesMiB, cpuPercent };
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
