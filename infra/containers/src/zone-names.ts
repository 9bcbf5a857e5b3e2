/**
 * How a container finds others: parts of the region by their host names, which the container network knows, everything
 * else by asking the zone's resolver.
 */
import { lookup } from 'node:dns/promises';
import type { Clock, Logger, Random } from '@stormglass/base';
import { Resolver } from '@stormglass/dns';
import type { Region } from '@stormglass/region';
import { INTERNAL_NAMES, type Resolve } from '@stormglass/region/host';
import { gatewayName, gatewayPort, hostName, internalPort, PORTS, WORLD, type ZonePart } from './parts.ts';

export interface ZoneNamesOptions {
  readonly region: string;
  readonly zone: string;
  readonly zones: readonly string[];
  /** Those there are gateways to. */
  readonly otherRegions: readonly Region[];
  /** Which part asks: it finds its like in other zones. */
  readonly part: ZonePart;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Names that the container network knows: a part, a dash, a zone. */
const isHostName = (name: string): boolean => !name.includes('.');

/** Resolves to the address of a host name; undefined while nobody has it. */
export const addressOfHost = (name: string): Promise<string | undefined> =>
  lookup(name, { family: 4 }).then(
    ({ address }) => address,
    () => undefined,
  );

export function zoneNames(options: ZoneNamesOptions): Resolve {
  const { region, zone, zones, otherRegions, part, clock, random, logger } = options;
  const services = new Map<string, { target: string; port: number }>([
    [INTERNAL_NAMES.authority(region), { target: WORLD, port: PORTS.authority }],
    ...zones.map(
      id => [INTERNAL_NAMES.zone(region, id), { target: hostName(part, id), port: internalPort(part) }] as const,
    ),
    ...otherRegions.flatMap(({ name, zones: away }) =>
      away.map(({ id }, i) => {
        const where = { target: gatewayName(name), port: gatewayPort(part, i) };
        return [INTERNAL_NAMES.zone(name, id), where] as const;
      }),
    ),
  ]);
  let resolver: { readonly address: string; readonly asks: Resolver } | undefined;
  const ask = async (name: string, type: string) => {
    const address = await addressOfHost(hostName('resolver', zone));
    if (address === undefined) throw new Error('the resolver of the zone has no address');
    if (resolver?.address !== address) {
      const upstream = { address, port: PORTS.dns };
      const asks = new Resolver({ authorities: [], asked: { zone, region }, upstream, clock, random, logger });
      resolver = { address, asks };
    }
    return resolver.asks.resolve(name, type);
  };
  return async (name, type) => {
    const service = services.get(name);
    if (service !== undefined) return [{ type: 'SRV', data: { priority: 0, weight: 0, ...service } }];
    if (!isHostName(name)) return ask(name, type);
    const address = await addressOfHost(name);
    return address === undefined ? [] : [{ type: 'A', data: address }];
  };
}
