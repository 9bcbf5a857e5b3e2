/** The links clients use: one for every pair of a client's zone and a server, so that any of them can be silenced. */
import type { MeshLink } from './engine-cluster.ts';
import { Link } from './link.ts';

export interface ClientLinks {
  readonly mesh: readonly MeshLink[];
  /** Ports a client in `zone` dials, its own zone's server first. */
  ports(zone: number): number[];
}

/** Opens links from every zone to the client port of every server; without `cuttable` clients dial the servers. */
export async function openClientLinks(serverPorts: readonly number[], cuttable: boolean): Promise<ClientLinks> {
  if (!cuttable) {
    return { mesh: [], ports: zone => ownFirst(zone, serverPorts.length).map(to => serverPorts[to]!) };
  }
  const mesh = serverPorts.flatMap((_, from) =>
    serverPorts.map((target, to): MeshLink => ({ kind: 'client', from, to, link: new Link({ target, from }) })),
  );
  await Promise.all(mesh.map(({ link }) => link.listen()));
  return {
    mesh,
    ports: zone =>
      ownFirst(zone, serverPorts.length).map(to => mesh.find(each => each.from === zone && each.to === to)!.link.port),
  };
}

/** Zones in the order a client of `zone` prefers them. */
const ownFirst = (zone: number, count: number): number[] => Array.from({ length: count }, (_, i) => (zone + i) % count);
