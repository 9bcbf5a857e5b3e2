/**
 * Who has which address. Addresses are fixed, so that a container that is started again is found where it was, and so that
 * whoever is in several networks can be told which of two hosts of one name is meant.
 */
import { ZONE_PARTS } from '@stormglass/containers';
import type { Region, Zone } from '@stormglass/region';

export type LogEngine = 'jetstream' | 'etcd';

export interface ComposeOptions {
  readonly engine: LogEngine;
  /** Which of the machine's regions it is, from 0 to 99: regions of different ordinals share no address and no port. */
  readonly ordinal: number;
  /** The region of the machine's first project, which this one joins; none unless said. */
  readonly joins?: { readonly region: string; readonly zoneCount: number };
}

export interface Plan extends Pick<ComposeOptions, 'engine' | 'ordinal'> {
  readonly region: Region;
  /** The variable with the first two numbers of its addresses, where that is not the usual one. */
  readonly subnetVariable?: string;
}

export const ORDINALS = 100;
const PORTS_A_REGION = 100;

/** The parts of a zone that are not ours, by the host names that links know. */
export const logPart = (engine: LogEngine): 'nats' | 'etcd' => (engine === 'etcd' ? 'etcd' : 'nats');

export const GATEWAY = 'gateway';

/** Last numbers of addresses in the network of a zone; those from 128 on are for guests. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['world', 2],
  ['collector', 3],
  ['jaeger', 3],
  ...ZONE_PARTS.map((part, i) => [part, 10 + i] as const),
  ['nats', 50],
  ['etcd', 51],
  ['redis', 52],
  [GATEWAY, 53],
]);
const LINKS_TO = 60;
const LINKS_FROM = 80;

/** What whoever starts the region may choose; `fallback` unless they do. */
export const variable = (name: string, fallback: string | number = ''): string => `\${${name}:-${fallback}}`;

/** The first two numbers of every address of the region, which whoever starts it may change. */
const prefix = ({ ordinal, subnetVariable = 'STORMGLASS_SUBNET' }: Plan): string =>
  variable(subnetVariable, `10.${66 + ordinal}`);

/** Number of a zone among the region's, from 1. */
export const zoneNumber = ({ region }: Plan, zone: Zone): number => region.zones.indexOf(zone) + 1;

export const EDGE = 'edge';
const EDGE_NUMBER = 100;

/** The settings of a network: `number` is the third of its addresses' numbers. */
const network = (plan: Plan, number: number) => {
  const start = `${prefix(plan)}.${number}`;
  return { ipam: { config: [{ subnet: `${start}.0/24`, gateway: `${start}.1`, ip_range: `${start}.128/25` }] } };
};

/** A network a zone, which leads nowhere else, and one that leads out. */
export function networksOf(plan: Plan): Record<string, object> {
  const zones = plan.region.zones.map(
    zone =>
      [zone.id, { internal: true, labels: labels(plan, zone), ...network(plan, zoneNumber(plan, zone)) }] as const,
  );
  return { ...Object.fromEntries(zones), [EDGE]: { labels: labels(plan), ...network(plan, EDGE_NUMBER) } };
}

/** Address of a part of a zone in that zone's network; also of what is in every network (`world`). */
export function addressOf(plan: Plan, part: string, zone: Zone): string {
  const number = NUMBERS.get(part);
  if (number === undefined) throw new RangeError(`${part} has no address`);
  return `${prefix(plan)}.${zoneNumber(plan, zone)}.${number}`;
}

/** Addresses of the link between two zones: where it takes connections, and where it makes them. */
export const linkAddresses = (
  plan: Plan,
  from: Zone,
  to: Zone,
): { readonly takes: string; readonly makes: string } => ({
  takes: `${prefix(plan)}.${zoneNumber(plan, from)}.${LINKS_TO + zoneNumber(plan, to)}`,
  makes: `${prefix(plan)}.${zoneNumber(plan, to)}.${LINKS_FROM + zoneNumber(plan, from)}`,
});

/** By these, containers are found: a zone is lost when all that bear its label are killed. `run` is for tests. */
export const labels = ({ region }: Plan, zone?: Zone, part?: string): Record<string, string> => ({
  'stormglass.region': region.name,
  'stormglass.run': variable('STORMGLASS_RUN'),
  ...(zone === undefined ? {} : { 'stormglass.zone': zone.id }),
  ...(part === undefined ? {} : { 'stormglass.part': part }),
});

/** A port of a container, published on this machine alone under a number that a variable may change. */
export function published(plan: Plan, name: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): string {
  const suggested = port + PORTS_A_REGION * plan.ordinal;
  return `127.0.0.1:${variable(name, suggested)}:${port}${protocol === 'udp' ? '/udp' : ''}`;
}
