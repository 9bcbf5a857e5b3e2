/** Where the CPU time of one zone's host goes while it answers. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SelfTime, selfTimes } from './cpu-profile.ts';
import type { Load } from './load.ts';
import type { Case } from './measurement.ts';
import { callerIdentity, createUser, furnish, getRole } from './region-cases.ts';
import { RegionServer } from './region-server.ts';

const MANY = 64;
const WARM_UP_MS = 3000;
const USERS = 25_000;

export interface Profile {
  readonly operation: string;
  /** CPU-busy microseconds of the profiled thread a call. */
  readonly microsPerCall: number;
  readonly functions: readonly SelfTime[];
}

export async function measureProfiles(load: Load, seconds: number): Promise<Profile[]> {
  const profiles: Profile[] = [];
  for (const operation of ['GetCallerIdentity', 'GetRole', 'CreateUser'] as const) {
    profiles.push(await profile(load, operation, seconds));
  }
  return profiles;
}

/** All connections go to one zone, so that its calls are all calls; the others only follow the log. */
async function profile(load: Load, operation: string, seconds: number): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'stormglass-bench-profile-'));
  try {
    const NODE_OPTIONS = `--cpu-prof --cpu-prof-interval=250 --cpu-prof-dir=${folder}`;
    const region = await RegionServer.start({ env: { NODE_OPTIONS } });
    const pid = region.zonePid(0);
    const result = await (async () => {
      await using _ = region;
      const each = await caseOf(load, region, operation);
      return await each.run({ round: 1, warmUpMs: WARM_UP_MS, measureMs: seconds * 1000 });
    })();
    const file = (await readdir(folder)).find(name => name.split('.')[3] === String(pid));
    if (file === undefined) throw new Error('the zone left no profile');
    const functions = selfTimes(join(folder, file), result.fromMicros, result.toMicros);
    const busy = functions.reduce((sum, each) => sum + each.micros, 0);
    return { operation, microsPerCall: busy / result.calls, functions };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function caseOf(load: Load, region: RegionServer, operation: string): Promise<Case> {
  const credentials = await furnish(region.port);
  const target = { server: 'one zone', port: region.zonePort(0), pids: [region.zonePid(0)] };
  switch (operation) {
    case 'GetCallerIdentity':
      return callerIdentity(load, target, credentials, MANY);
    case 'GetRole':
      return getRole(load, target, credentials, MANY);
    default:
      return createUser(load, target, MANY, USERS);
  }
}
