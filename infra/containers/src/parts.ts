/**
 * What a region in containers consists of, what its parts are called, and where they listen. Whatever puts containers
 * together (compose, a chart) and the containers themselves take it from here.
 */
import { everyPlaceOf, type Region } from '@stormglass/region';
import { SERVICES } from '@stormglass/region/services';

/** Hosts of a zone that run our own code and take part in its internal connections, in the order of their ports. */
export const ZONE_PARTS = [...SERVICES, 'resolver', 'entrance'] as const;
export type ZonePart = (typeof ZONE_PARTS)[number];

/** What the command of a container may ask for. */
export const ROLES = [...ZONE_PARTS, 'link', 'gate', 'gateway', 'world', 'secrets'] as const;
export type Role = (typeof ROLES)[number];

/** Ports, the same in every container of a kind. */
export const PORTS = {
  /** Entrance and front door, for clients: plain HTTP and TLS on each. */
  clients: 4566,
  http: 80,
  https: 443,
  /** Services, for the entrance of their zone. */
  requests: 7100,
  /** World, for hosts: the certificate authority, and what else they ask. */
  authority: 7101,
  worldCalls: 7102,
  /** Resolver, for the containers of its zone, UDP and TCP. */
  dns: 53,
  /** Resolver, for clients outside the region: names lead to the front door. */
  dnsOutside: 5353,
  /** World, for the operator. */
  control: 4590,
  /** World, for clients outside: the first zone's resolver; the others follow. */
  dnsPublished: 5300,
  /** Links to the first zone and gateways, for the world; links to others follow, so that all of a machine differ. */
  linkApi: 8474,
  nats: 4222,
  natsCluster: 6222,
  etcd: 2379,
  etcdPeers: 2380,
  redis: 6379,
} as const;

/** Where a part listens for the other zones and the world: all parts of a zone are behind one address there. */
export const internalPort = (part: ZonePart): number => 7201 + ZONE_PARTS.indexOf(part);

/** Host name of a part of a zone, the same wherever it is asked from. */
export const hostName = (part: string, zone: string): string => `${part}-${zone}`;

/** Host name of what carries connections from one zone to another. */
export const linkName = (from: string, to: string): string => hostName(`link-${from}`, to);

/** Host name, in the zones of a region, of what carries connections to another region. */
export const gatewayName = (region: string): string => hostName('gateway', region);

/** Name of a gateway's own address in a zone, known to the gateway alone. */
export const hereName = (zone: string): string => hostName('here', zone);

export const WORLD = 'world';

/** On the disk of the world. */
export const AUTHORITY_FOLDER = 'authority';

/** Where containers listen: what may come to them is decided by their networks. */
export const EVERY_ADDRESS = '0.0.0.0';

/** What a link carries to a zone: everything that zones have to say to each other. */
export function linkPorts(log: 'jetstream' | 'etcd'): {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
} {
  const engine = log === 'etcd' ? [PORTS.etcd, PORTS.etcdPeers] : [PORTS.nats, PORTS.natsCluster];
  return { tcp: [...CLIENT_PORTS, ...engine, PORTS.dns, ...ZONE_PARTS.map(internalPort)], udp: [PORTS.dns] };
}

const CLIENT_PORTS: readonly number[] = [PORTS.clients, PORTS.http, PORTS.https];
const PORTS_A_ZONE = 100;

/** Where a gateway listens for what is meant for a part of one zone of another region, `index` of its zones. */
export const gatewayPort = (part: ZonePart, index: number): number => internalPort(part) + PORTS_A_ZONE * (index + 1);

/** Where a gateway to a region listens: for clients of its services, and for hosts that speak to hosts there. */
export const gatewayPorts = ({ zones }: Region): readonly number[] => [
  ...CLIENT_PORTS,
  ...zones.flatMap((_, index) => ZONE_PARTS.map(part => gatewayPort(part, index))),
];

/** Whose the port of a gateway is; undefined when any zone will do. */
export function gatewayTarget({ zones }: Region, port: number) {
  for (const [index, { id }] of zones.entries()) {
    const part = ZONE_PARTS.find(each => gatewayPort(each, index) === port);
    if (part !== undefined) return { to: id, host: hostName(part, id), port: internalPort(part) };
  }
  return undefined;
}

/** What rules for the links of a region may name: its zones and those of the regions it has links to, and the world's. */
export function placesOf(region: Region, others: readonly Region[]): readonly string[] {
  const ids = [region, ...others].flatMap(({ zones }) => zones.map(({ id }) => id));
  const all = [region, ...others].map(({ name }) => everyPlaceOf(name));
  return [...ids, ...all, 'clients', 'log', 'ca'];
}

/** What the gate of a zone that has a machine of its own takes: what links bring, and the questions of clients outside. */
export function gatePorts(log: 'jetstream' | 'etcd'): ReturnType<typeof linkPorts> {
  const { tcp, udp } = linkPorts(log);
  return { tcp: [...tcp, PORTS.dnsOutside], udp: [...udp, PORTS.dnsOutside] };
}

/** What the hosts of a zone ask the world for. */
export const worldPorts: readonly number[] = [PORTS.authority, PORTS.worldCalls];

/** Which part a port of a zone belongs to: where a link takes what it is given. */
export function partBehind(port: number): string {
  const { nats, natsCluster, etcd, etcdPeers, dns, dnsOutside } = PORTS;
  if (port === nats || port === natsCluster) return 'nats';
  if (port === etcd || port === etcdPeers) return 'etcd';
  if (port === dns || port === dnsOutside) return 'resolver';
  return ZONE_PARTS.find(part => internalPort(part) === port) ?? 'entrance';
}
