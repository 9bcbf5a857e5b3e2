/**
 * Three real NATS servers with JetStream on loopback. Every pair of servers is joined through two links, one for each
 * direction of dialling, so that a zone can be cut off without privileges.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineBinary } from './binaries.ts';
import { openClientLinks } from './client-links.ts';
import { assembleCluster, type EngineCluster, type MeshLink } from './engine-cluster.ts';
import { freePorts } from './free-port.ts';
import { Link } from './link.ts';
import { until } from './poll.ts';
import { ServerProcess } from './server-process.ts';

export interface NatsClusterOptions {
  readonly binary?: 'nats-server' | 'nats-server-2.9' | 'nats-server-sid';
  readonly size?: number;
  /** When to fsync: `always` (the default here), or an interval such as `2m` (the server's own default). */
  readonly syncInterval?: string;
  /** False leaves out the links: `isolate` and `cutOff` do nothing then, and measurements are not disturbed by them. */
  readonly cuttable?: boolean;
}

interface Ports {
  readonly client: number;
  readonly route: number;
  readonly monitor: number;
}

/** Starts of a fresh cluster may have to be repeated: see `startOnce`. */
const ATTEMPTS = 3;

/** Starts the servers and waits until all of them form one JetStream cluster. */
export async function startNatsCluster(options: NatsClusterOptions = {}): Promise<EngineCluster> {
  for (let attempt = 1; ; attempt++) {
    const cluster = await startOnce(options);
    try {
      await cluster.ready(20_000);
      return cluster;
    } catch (error) {
      // 2.10 sometimes forms a meta group without one of the servers and never admits it (2 of 55 starts). The cluster
      // is still empty, so a new one is a cure.
      await cluster.close();
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: NatsClusterOptions): Promise<EngineCluster> {
  const binary = await engineBinary(options.binary ?? 'nats-server');
  const size = options.size ?? 3;
  const folder = await mkdtemp(join(tmpdir(), 'stormglass-nats-'));
  const ports = await serverPorts(size);
  const cuttable = options.cuttable ?? true;
  const routes = cuttable ? await openRoutes(ports) : [];
  const clients = await openClientLinks(
    ports.map(each => each.client),
    cuttable,
  );

  // 2.9 does not know the setting.
  const sync = options.binary === 'nats-server-2.9' ? undefined : (options.syncInterval ?? 'always');
  const servers: ServerProcess[] = [];
  for (const zone of ports.keys()) {
    const home = join(folder, `zone-${zone}`);
    await mkdir(home);
    await writeFile(join(home, 'server.conf'), configuration(zone, ports, home, routes, sync));
    servers.push(new ServerProcess(`nats-${zone}`, binary, ['-c', 'server.conf'], home));
  }
  for (const server of servers) server.start();

  const running = () => ports.filter((_, zone) => servers[zone]!.alive);
  return assembleCluster({
    folder,
    servers,
    mesh: [...routes, ...clients.mesh],
    endpoints: zone => clients.ports(zone).map(port => `nats://127.0.0.1:${port}`),
    leader: name => streamLeader(running(), name),
    async ready(deadlineMs = 20_000) {
      await until('a JetStream meta group of all servers', deadlineMs, async () => {
        const views = await Promise.all(ports.map(metaGroup));
        return views.every(view => view.size === size && view.leader !== '' && view.leader === views[0]!.leader);
      });
    },
  });
}

async function serverPorts(size: number): Promise<Ports[]> {
  const free = await freePorts(3 * size);
  return Array.from({ length: size }, (_, zone) => ({
    client: free[3 * zone]!,
    route: free[3 * zone + 1]!,
    monitor: free[3 * zone + 2]!,
  }));
}

/** One link for every ordered pair of servers: `from` dials `to`. */
async function openRoutes(ports: readonly Ports[]): Promise<MeshLink[]> {
  const routes = ports.flatMap((_, from) =>
    ports.flatMap((target, to): MeshLink[] =>
      from === to ? [] : [{ kind: 'peer', from, to, link: new Link({ target: target.route, from }) }],
    ),
  );
  await Promise.all(routes.map(({ link }) => link.listen()));
  return routes;
}

function configuration(
  zone: number,
  ports: readonly Ports[],
  home: string,
  links: readonly MeshLink[],
  sync?: string,
): string {
  const own = ports[zone]!;
  // The server itself belongs into its list of routes: the size of the list is the size of the group it waits for.
  const routes = ports.map(
    ({ route }, to) => links.find(each => each.from === zone && each.to === to)?.link.port ?? route,
  );
  return `
server_name: zone-${zone}
listen: 127.0.0.1:${own.client}
http: 127.0.0.1:${own.monitor}
jetstream {
  store_dir: ${JSON.stringify(join(home, 'data'))}
  ${sync === undefined ? '' : `sync_interval: ${sync}`}
  max_memory_store: 64MB
  max_file_store: 8GB
}
cluster {
  name: stormglass
  listen: 127.0.0.1:${own.route}
  # Servers tell each other how to reach the rest, and clients too. Nobody may learn a way around the links: the
  # advertised port is closed on purpose.
  advertise: "127.0.0.1:9"
  no_advertise: true
  routes: [${routes.map(port => `"nats://127.0.0.1:${port}"`).join(', ')}]
}
`;
}

interface MetaView {
  readonly size: number;
  readonly leader: string;
}

async function metaGroup(ports: Ports): Promise<MetaView> {
  const { meta_cluster: meta } = await monitor<{ meta_cluster?: { cluster_size: number; leader?: string } }>(
    ports,
    'jsz',
  );
  return { size: meta?.cluster_size ?? 0, leader: meta?.leader ?? '' };
}

interface StreamsView {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly name: string; readonly cluster?: { readonly leader?: string } }[];
  }[];
}

/** The leader of a stream that more than half of the cluster's servers agree on. */
async function streamLeader(ports: readonly Ports[], stream: string): Promise<number | undefined> {
  const views = await Promise.allSettled(
    ports.map(each => monitor<StreamsView>(each, 'jsz?streams=true&accounts=true')),
  );
  const votes = new Map<string, number>();
  for (const view of views) {
    if (view.status !== 'fulfilled') continue;
    const details = view.value.account_details?.flatMap(account => account.stream_detail ?? []) ?? [];
    const leader = details.find(each => each.name === stream)?.cluster?.leader;
    if (leader) votes.set(leader, (votes.get(leader) ?? 0) + 1);
  }
  const [winner] = [...votes].filter(([, count]) => count >= 2);
  return winner && Number(winner[0].replace('zone-', ''));
}

async function monitor<T>(ports: Ports, path: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${ports.monitor}/${path}`, { signal: AbortSignal.timeout(500) });
  return (await response.json()) as T;
}
