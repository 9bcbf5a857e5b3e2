/**
 * Three real etcd servers on loopback. A member has one peer address for all others, so several servers dial the same
 * link; the link tells them apart by the member id that etcd's peer protocol writes into every request.
 */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineBinary } from './binaries.ts';
import { openClientLinks } from './client-links.ts';
import { assembleCluster, type EngineCluster, type MeshLink } from './engine-cluster.ts';
import { freePorts } from './free-port.ts';
import { Link } from './link.ts';
import { until } from './poll.ts';
import { ServerProcess } from './server-process.ts';

export interface EtcdClusterOptions {
  readonly binary?: 'etcd' | 'etcd-3.4' | 'etcd-sid';
  readonly size?: number;
  readonly heartbeatMs?: number;
  /** How long a follower waits before it stands for election; etcd advises ten heartbeats. */
  readonly electionMs?: number;
  /** False leaves out the links: `isolate` and `cutOff` do nothing then, and measurements are not disturbed by them. */
  readonly cuttable?: boolean;
}

/** Starts the servers and waits until all of them have joined and follow one leader. */
export async function startEtcdCluster(options: EtcdClusterOptions = {}): Promise<EngineCluster> {
  const binary = await engineBinary(options.binary ?? 'etcd');
  const size = options.size ?? 3;
  const folder = await mkdtemp(join(tmpdir(), 'stormglass-etcd-'));
  const ports = await freePorts(2 * size);
  const clientPorts = ports.slice(0, size);
  const peerPorts = ports.slice(size);

  const members = new Map<string, number>();
  const cuttable = options.cuttable ?? true;
  const peers = cuttable ? await openPeerLinks(peerPorts, members) : [];
  const clients = await openClientLinks(clientPorts, cuttable);
  const advertised = peerPorts.map((port, zone) => `http://127.0.0.1:${peers[zone]?.link.port ?? port}`);
  const roster = advertised.map((url, zone) => `zone-${zone}=${url}`).join(',');

  const servers: ServerProcess[] = [];
  for (const [zone, url] of advertised.entries()) {
    const home = join(folder, `zone-${zone}`);
    await mkdir(home);
    const client = `http://127.0.0.1:${clientPorts[zone]}`;
    const args = [
      `--name=zone-${zone}`,
      `--data-dir=${join(home, 'data')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPorts[zone]}`,
      `--initial-advertise-peer-urls=${url}`,
      `--initial-cluster=${roster}`,
      `--initial-cluster-token=${folder}`,
      `--heartbeat-interval=${options.heartbeatMs ?? 100}`,
      `--election-timeout=${options.electionMs ?? 1000}`,
      '--pre-vote',
      '--quota-backend-bytes=8589934592',
      '--logger=zap',
      '--log-level=warn',
    ];
    servers.push(new ServerProcess(`etcd-${zone}`, binary, args, home));
  }
  for (const server of servers) server.start();

  const cluster = assembleCluster({
    folder,
    servers,
    mesh: [...peers, ...clients.mesh],
    endpoints: zone => clients.ports(zone).map(port => `http://127.0.0.1:${port}`),
    leader: () =>
      raftLeader(
        clientPorts.filter((_, zone) => servers[zone]!.alive),
        members,
      ),
    async ready(deadlineMs = 20_000) {
      await until('an etcd leader that all members follow', deadlineMs, async () => {
        const views = await Promise.all(clientPorts.map(status));
        return views.every(view => view.leader !== undefined && view.leader === views[0]!.leader);
      });
    },
  });
  try {
    await cluster.ready();
    for (const [zone, port] of clientPorts.entries()) members.set((await status(port)).header.member_id, zone);
    return cluster;
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** One link in front of each server's peer port. `members` is filled once the ids are known. */
async function openPeerLinks(peerPorts: readonly number[], members: Map<string, number>): Promise<MeshLink[]> {
  const identify = (chunk: Buffer) => {
    const id = /x-server-from: ([0-9a-f]+)/i.exec(chunk.toString('latin1'))?.[1];
    return id === undefined ? undefined : members.get(BigInt(`0x${id}`).toString());
  };
  const mesh = peerPorts.map(
    (target, to): MeshLink => ({ kind: 'peer', from: undefined, to, link: new Link({ target, identify }) }),
  );
  await Promise.all(mesh.map(({ link }) => link.listen()));
  return mesh;
}

interface Status {
  readonly header: { readonly member_id: string };
  readonly leader?: string;
}

/** A member's own view, through the JSON gateway (ids are decimal strings there). */
async function status(port: number): Promise<Status> {
  const response = await fetch(`http://127.0.0.1:${port}/v3/maintenance/status`, {
    method: 'POST',
    body: '{}',
    signal: AbortSignal.timeout(500),
  });
  return (await response.json()) as Status;
}

/** The leader that at least two running members follow. */
async function raftLeader(ports: readonly number[], members: ReadonlyMap<string, number>): Promise<number | undefined> {
  const views = await Promise.allSettled(ports.map(status));
  const votes = new Map<string, number>();
  for (const view of views) {
    const leader = view.status === 'fulfilled' ? view.value.leader : undefined;
    if (leader && leader !== '0') votes.set(leader, (votes.get(leader) ?? 0) + 1);
  }
  const [winner] = [...votes].filter(([, count]) => count >= 2);
  return winner && members.get(winner[0]);
}
