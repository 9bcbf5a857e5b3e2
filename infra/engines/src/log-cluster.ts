/**
 * Dresses a cluster of real servers as the cluster of the log contract suite: zones, one handle a zone, and faults that
 * strike whoever leads the log at that moment. Knows no engine; how a handle is opened is told by the caller.
 */
import type { EngineCluster } from './engine-cluster.ts';
import { until } from './poll.ts';

export type Heal = () => Promise<void>;

export interface LogClusterOf<Log> {
  readonly zones: readonly string[];
  open(zone: string): Promise<Log>;
  readonly faults: Readonly<Record<string, () => Promise<Heal>>>;
  close(): Promise<void>;
}

const LEADER_MS = 30_000;
/** A server that was away may take its time to catch up before it counts again. */
const READY_MS = 60_000;

/** `name` is the name of the log, by which its leader is found. */
export function logClusterOf<Log>(
  cluster: EngineCluster,
  name: string,
  openLog: (servers: string[]) => Promise<Log>,
): LogClusterOf<Log> {
  const zones = Array.from({ length: cluster.size }, (_, zone) => `zone-${zone}`);
  const leader = () =>
    until('a leader of the log', LEADER_MS, async () => {
      const zone = await cluster.leader(name);
      // Zone 0 is a leader too, but it is not truthy.
      return zone === undefined ? undefined : { zone };
    });
  const restart = (zone: number) => async () => {
    cluster.restart(zone);
    await cluster.ready(READY_MS);
  };
  const heal = async () => cluster.heal();

  return {
    zones,
    open: zone => openLog(cluster.endpoints(zones.indexOf(zone))),
    faults: {
      async 'leader killed'() {
        const { zone } = await leader();
        await cluster.kill(zone);
        return restart(zone);
      },
      async 'leader stopped in good order'() {
        const { zone } = await leader();
        await cluster.stop(zone);
        return restart(zone);
      },
      async 'leader frozen'() {
        const { zone } = await leader();
        cluster.pause(zone);
        return async () => cluster.resume(zone);
      },
      async "leader's zone cut off"() {
        const { zone } = await leader();
        cluster.isolate(zone);
        return heal;
      },
      async "a follower's zone cut off"() {
        const { zone } = await leader();
        cluster.isolate((zone + 1) % cluster.size);
        return heal;
      },
    },
    close: () => cluster.close(),
  };
}
