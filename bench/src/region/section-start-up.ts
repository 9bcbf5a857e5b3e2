/** How long it takes from the command to a region that is ready, and to the first write that two zones hold. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, root } from './calls.ts';
import { median } from './measurement.ts';
import { RegionServer } from './region-server.ts';

/** Medians, in ms. */
export interface StartUp {
  readonly coldReadyMs: number;
  readonly coldFirstWriteMs: number;
  readonly warmReadyMs: number;
  readonly warmFirstWriteMs: number;
}

interface Start {
  readonly readyMs: number;
  readonly firstWriteMs: number;
}

/** Cold: nothing compiled before, an empty folder. Warm: the same folder again. The file cache is warm in both. */
export async function measureStartUp(rounds: number): Promise<StartUp> {
  const cold: Start[] = [];
  const warm: Start[] = [];
  for (let round = 1; round <= rounds; round++) {
    // Takes the place of the compile cache that the command keeps beside the installed packages.
    await using temporary = await temporaryFolder();
    const startedAt = performance.now();
    await using region = await RegionServer.start({ env: { NODE_COMPILE_CACHE: temporary.path } });
    cold.push(await timed(region, startedAt, performance.now() - startedAt));
    await region.down();
    const again = performance.now();
    warm.push(await timed(region, again, await region.up()));
    process.stderr.write(`${round} start: cold ${show(cold.at(-1)!)}, warm ${show(warm.at(-1)!)}\n`);
  }
  return {
    coldReadyMs: median(cold.map(each => each.readyMs)),
    coldFirstWriteMs: median(cold.map(each => each.firstWriteMs)),
    warmReadyMs: median(warm.map(each => each.readyMs)),
    warmFirstWriteMs: median(warm.map(each => each.firstWriteMs)),
  };
}

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'stormglass-bench-cold-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

let lastUser = 0;

async function timed(region: RegionServer, startedAt: number, readyMs: number): Promise<Start> {
  const UserName = `first-${++lastUser}`;
  await call(region.port, root('iam'), { Action: 'CreateUser', Version: '2010-05-08', UserName });
  return { readyMs, firstWriteMs: performance.now() - startedAt };
}

const show = ({ readyMs, firstWriteMs }: Start): string =>
  `ready ${readyMs.toFixed(0)} ms, written ${firstWriteMs.toFixed(0)} ms`;
