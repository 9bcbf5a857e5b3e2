/**
 * A region on several machines: a zone each, and one for the world. On the machine of a zone, links lead to the addresses
 * of the other machines in place of their networks, and a gate takes what comes from there. The variables
 * `STORMGLASS_MACHINE_1`... and `STORMGLASS_MACHINE_WORLD` say where the machines are, the same on each.
 */
import {
  gatePorts,
  hostName,
  linkPorts,
  PORTS,
  partBehind,
  WORLD,
  worldPorts,
  ZONE_PARTS,
} from '@stormglass/containers';
import { planRegion, type Zone } from '@stormglass/region';
import { log, redis } from './foreign-servers.ts';
import type { ComposeDocument } from './generate.ts';
import {
  command,
  diskOf,
  environmentOf,
  identityVolume,
  link,
  linksOf,
  OUTSIDE,
  OWN,
  world,
  zoneContainer,
} from './own-containers.ts';
import { EDGE, labels, linkAddresses, logPart, networksOf, type Plan, variable, zoneNumber } from './plan.ts';

const GATE = 'gate';
const IDENTITY = 'identity';
/** Leads to whatever the machine can reach; its addresses matter to nobody, and Docker picks them. */
const OUTWARD = { [EDGE]: {} };

/** Address of the machine of a zone, or of the world. */
const machine = (plan: Plan, zone?: Zone): string => {
  const name = `STORMGLASS_MACHINE_${zone === undefined ? 'WORLD' : zoneNumber(plan, zone)}`;
  return `\${${name}:?the address of the machine of ${zone?.id ?? 'the world'}}`;
};

const publishedAt = (address: string, ports: readonly number[], protocol = ''): string[] =>
  ports.map(port => `${address}:${port}:${port}${protocol}`);

/** Names lead clients outside to the front door, wherever that is. */
const PUBLIC = variable('STORMGLASS_PUBLIC_ADDRESS', '127.0.0.1');

const environmentIn = (plan: Plan): Record<string, string> => ({
  ...environmentOf(plan),
  STORMGLASS_PUBLIC_ADDRESS: PUBLIC,
});

/** The document of the machine of a zone. */
function zoneMachine(plan: Plan, zone: Zone): ComposeDocument {
  const environment = environmentIn(plan);
  const services: Record<string, object> = {
    [hostName(GATE, zone.id)]: gate(plan, zone, environment),
    [hostName(logPart(plan.engine), zone.id)]: log(plan, zone),
    [hostName('redis', zone.id)]: redis(plan, zone),
  };
  for (const part of ZONE_PARTS) services[hostName(part, zone.id)] = zoneContainer(plan, zone, part, environment);
  for (const { from, to, name } of linksOf(plan)) {
    if (from === zone) services[name] = linkOutward(plan, from, to, environment);
  }
  services[IDENTITY] = takesIdentity(plan, zone);
  const disks = [...ZONE_PARTS, logPart(plan.engine)].map(part => diskOf(part, zone));
  return {
    name: `stormglass-${zone.id}`,
    services,
    networks: { [zone.id]: networksOf(plan)[zone.id]!, [EDGE]: { labels: labels(plan) } },
    volumes: Object.fromEntries([hostName(IDENTITY, zone.id), ...disks].map(name => [name, { labels: labels(plan) }])),
  };
}

/** The document of the machine of the world. */
function worldMachine(plan: Plan): ComposeDocument {
  const { zones } = plan.region;
  const parts = zones.flatMap(zone => ZONE_PARTS.map(part => [hostName(part, zone.id), machine(plan, zone)] as const));
  const links = linksOf(plan).map(({ from, name }) => [name, machine(plan, from)] as const);
  const doors = [PORTS.clients, ...zones.map((_, i) => PORTS.clients + 1 + i)];
  const resolvers = zones.map((_, i) => PORTS.dnsPublished + i);
  const container = {
    ...world(plan, environmentIn(plan)),
    ports: [
      ...publishedAt(PUBLIC, doors),
      ...publishedAt(PUBLIC, resolvers),
      ...publishedAt(PUBLIC, resolvers, '/udp'),
      ...publishedAt('127.0.0.1', [PORTS.control]),
      ...publishedAt(machine(plan), worldPorts),
    ],
    networks: { [EDGE]: { aliases: [OUTSIDE] } },
    extra_hosts: Object.fromEntries([...parts, ...links]),
  };
  const volumes = ['disk-world', ...zones.map(zone => hostName(IDENTITY, zone.id))];
  return {
    name: 'stormglass-world',
    services: { [WORLD]: container },
    networks: { [EDGE]: { labels: labels(plan) } },
    volumes: Object.fromEntries(volumes.map(name => [name, { labels: labels(plan) }])),
  };
}

/** Bears the name of the world in the zone, and the zone's on the machine's address. */
const gate = (plan: Plan, zone: Zone, environment: object): object => {
  const { tcp, udp } = gatePorts(plan.engine);
  const address = machine(plan, zone);
  return {
    '<<': OWN,
    build: { context: '..', dockerfile: 'infra/image/Dockerfile' },
    command: command(GATE),
    labels: labels(plan, zone, GATE),
    environment: { '<<': environment, STORMGLASS_ZONE: zone.id },
    ports: [...publishedAt(address, tcp), ...publishedAt(address, udp, '/udp')],
    networks: { [zone.id]: { aliases: [WORLD] }, ...OUTWARD },
    extra_hosts: { [WORLD]: machine(plan) },
  };
};

/** A link that ends at the machine of the other zone; the world finds it at the address of this one. */
function linkOutward(plan: Plan, from: Zone, to: Zone, environment: object): object {
  const { tcp, udp } = linkPorts(plan.engine);
  const parts = [...new Set([...tcp, ...udp].map(partBehind))].map(part => hostName(part, to.id));
  const { takes } = linkAddresses(plan, from, to);
  return {
    ...link(plan, from, to, environment),
    ports: publishedAt(machine(plan, from), [PORTS.linkApi + zoneNumber(plan, to) - 1]),
    networks: { [from.id]: { ipv4_address: takes, aliases: parts }, ...OUTWARD },
    extra_hosts: Object.fromEntries(parts.map(part => [part, machine(plan, to)])),
  };
}

/** Not part of the zone: unpacks what the world wrote for it, from its standard input, into the zone's volume. */
const takesIdentity = (plan: Plan, zone: Zone): object => {
  const { read_only: _, volume: __, ...volume } = identityVolume(zone);
  return {
    '<<': OWN,
    profiles: [IDENTITY],
    command: ['tar', '--extract', '--directory', volume.target, '--no-same-owner'],
    labels: labels(plan),
    network_mode: 'none',
    volumes: [volume],
  };
};

/** The documents of a region on several machines, by file name and with what each is for. */
export function machines(
  region: string,
  zoneCount: number,
): Readonly<Record<string, { readonly about: string; readonly document: ComposeDocument }>> {
  const plan: Plan = { region: planRegion(region, zoneCount, 0), engine: 'jetstream', ordinal: 0 };
  const ofZones = plan.region.zones.map(zone => {
    const about = `The zone ${zone.id} on a machine of its own.`;
    return [`machine-${zone.id}.yaml`, { about, document: zoneMachine(plan, zone) }] as const;
  });
  const about = 'The world of a region whose zones have machines of their own.';
  const ofWorld = { about, document: worldMachine(plan) };
  return Object.fromEntries([['machine-world.yaml', ofWorld], ...ofZones]);
}
