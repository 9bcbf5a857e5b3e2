/**
 * The resolver of a zone in a container. It answers twice: the containers of its zone, whom names lead to entrances, the
 * other zones' through the links; and clients outside the region, whom every name leads to the front door.
 */
import type { OtherRegion, ResolverConfig } from '@stormglass/contracts';
import { startZoneResolver } from '@stormglass/region/host';
import { Addresses } from './addresses.ts';
import { type Closing, type Context, openHost } from './host.ts';
import { EVERY_ADDRESS, gatewayName, gatewayPort, hostName, internalPort, PORTS, WORLD } from './parts.ts';
import { startReplicas } from './replicas.ts';
import { ROUTES } from './routes.ts';

export async function runResolver(context: Context): Promise<Closing> {
  const { settings, clock, random, logger, faults } = context;
  const { region, zone, otherRegions, dnsTtlSeconds: ttlSeconds, dnsUpstream, publicAddress } = settings;
  const host = openHost(context, 'resolver');
  const entrances = region.zones.map(({ id }) => hostName('entrance', id));
  const resolvers = region.zones.map(({ id }) => hostName('resolver', id));
  const gateways = otherRegions.map(({ name }) => gatewayName(name));
  const addresses = new Addresses([...entrances, ...resolvers, ...gateways, WORLD], clock);
  const zones = (addressOf: (id: string) => string): ResolverConfig['zones'] =>
    region.zones.map(({ id }) => ({
      id,
      get address() {
        return addressOf(id);
      },
      get internalAddress() {
        return addresses.of(hostName('resolver', id));
      },
      clientsHost: hostName('entrance', id),
      clientsPort: PORTS.clients,
      internalPort: internalPort('resolver'),
    }));
  const others = (leadTo: (region: string) => string): readonly OtherRegion[] =>
    otherRegions.map(({ name, partition, zones: away }) => ({
      ...{ name, partition },
      get gateway() {
        return leadTo(name);
      },
      zones: away.map(({ id, address }, i) => ({
        ...{ id, address, clientsPort: PORTS.clients, internalPort: gatewayPort('resolver', i) },
        get internalAddress() {
          return addresses.of(gatewayName(name));
        },
      })),
    }));
  const replicas = await startReplicas(context, host, ['route53']);
  const { hostedZones } = replicas.parts;
  const start = (port: number, addressOf: (id: string) => string, leadTo: (region: string) => string) =>
    startZoneResolver({
      services: ROUTES.map(({ prefix, isGlobal }) => ({ prefix, isGlobal })),
      config: {
        ...{ zone, region: region.name, homeRegion: region.homeRegion, otherRegions: others(leadTo) },
        dns: {
          ...{ port, listenHost: EVERY_ADDRESS, zones: zones(addressOf), ttlSeconds },
          ...{ logPort: PORTS.nats, certificateAuthorityPort: PORTS.authority },
          ...(dnsUpstream === undefined ? {} : { upstream: dnsUpstream }),
        },
      },
      authorities: hostedZones === undefined ? [] : [hostedZones],
      globalSts: () => host.settings().globalSts,
      ...{ links: host.links, faults: faults.dns, clock, random, logger, queryLogger: undefined },
    });
  const inside = start(
    PORTS.dns,
    id => addresses.of(hostName('entrance', id)),
    name => addresses.of(gatewayName(name)),
  );
  const outside = start(
    PORTS.dnsOutside,
    () => publicAddress,
    () => publicAddress,
  );
  const stopHealthFile = host.keepHealthFile(() => addresses.of(hostName('entrance', zone)) !== '');
  return {
    async close() {
      stopHealthFile();
      addresses.close();
      await Promise.all([inside.close(), outside.close()]);
      await replicas.close();
      await host.close();
    },
  };
}
