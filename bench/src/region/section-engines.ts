/** Replicated writes and strong reads over JetStream on three real NATS servers, beside the embedded engine. */
import { startNatsCluster } from '@stormglass/engines';
import { planRegion } from '@stormglass/region';
import type { Load } from './load.ts';
import { interleaved, type Measurement, type Rounds } from './measurement.ts';
import { createUser, furnish, getRole } from './region-cases.ts';
import { RegionServer } from './region-server.ts';

const MANY = 64;
const USERS_PER_SECOND = 6000;
const USERS_ONE_PER_SECOND = 1500;

/** Undefined where the servers cannot be had. The CPU time is the region's; NATS comes on top. */
export async function measureEngines(load: Load, rounds: Rounds): Promise<Measurement[] | undefined> {
  // Links that can be cut run in this process and cost as much as a fast log does.
  const cluster = await startNatsCluster({ cuttable: false }).catch((error: unknown) => {
    process.stderr.write(`no NATS servers, jetstream is left out: ${String(error)}\n`);
    return undefined;
  });
  if (cluster === undefined) return undefined;
  await using _closing = cluster;
  const zones = planRegion('us-east-1').zones;
  const nats = zones.map((zone, i) => `${zone.id}=${cluster.endpoints(i)[0]}`).join(',');
  await using embedded = await RegionServer.start();
  await using jetstream = await RegionServer.start({ args: ['--nats', nats] });
  const cases = await Promise.all(
    Object.entries({ embedded, jetstream }).map(async ([server, region]) => {
      const credentials = await furnish(region.port);
      const target = { server, port: region.port, pids: region.pids };
      const users = (perSecond: number) => Math.ceil(perSecond * (rounds.seconds + 2));
      return [
        createUser(load, target, MANY, users(USERS_PER_SECOND)),
        createUser(load, target, 1, users(USERS_ONE_PER_SECOND)),
        getRole(load, target, credentials, MANY),
        getRole(load, target, credentials, 1),
      ];
    }),
  );
  // Side by side: the same case on one engine and then on the other.
  // Awaited here, while the servers are there.
  return await interleaved(
    cases[0]!.flatMap((_, i) => cases.map(each => each[i]!)),
    rounds,
  );
}
