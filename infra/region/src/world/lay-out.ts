/** Where everything of several regions is: ports, addresses, and how each region finds the others. */
import { systemRandom } from '@stormglass/base';
import type { OtherRegion } from '@stormglass/contracts';
import { addressForClients, ownAddresses, planPortsOfRegions, type RegionPorts } from '../ports.ts';
import { gatewayAddress, gatewayPlace, othersOf, type Region } from '../topology.ts';
import type { WorldSettings } from './run-world.ts';

interface Placed {
  readonly region: Region;
  /** The other regions of the partition. */
  readonly others: readonly Region[];
  readonly ports: RegionPorts;
  readonly addresses: ReadonlyMap<string, string>;
}

/** Everything about each region that follows from the names of all, and from what is free on this machine. */
export async function layOut(regions: readonly Region[], settings: WorldSettings) {
  const { host, port, dnsPort } = settings;
  const wishes = { frontDoor: port, dns: dnsPort, zoneCount: regions[0]!.zones.length, host, random: systemRandom };
  const ports = await planPortsOfRegions(wishes, regions.length);
  const placed = await Promise.all(
    regions.map(async (region, i): Promise<Placed> => {
      const others = othersOf(region, regions);
      const gateways = others.map(other => gatewayAddress(region, other));
      return { region, others, ports: ports[i]!, addresses: await ownAddresses(region, host, gateways) };
    }),
  );
  return placed.map(each => optionsOf(each, placed, settings));
}

function optionsOf(own: Placed, all: readonly Placed[], settings: WorldSettings) {
  const { region, others, ports, addresses } = own;
  const { host, acmeHttpPort, throttle, periods = {}, queryLog, externalLog, logLevel, certificateLifeMs } = settings;
  const placedOthers = others.map(({ ordinal }) => all[ordinal]!);
  const otherRegions = placedOthers.map(
    (other): OtherRegion => ({
      name: other.region.name,
      partition: other.region.partition,
      zones: zonesOf(other, host),
      gateway: addresses.size === 0 ? addressForClients(host) : gatewayAddress(region, other.region),
    }),
  );
  return {
    ...{ region, others, otherRegions, host, ports, addresses },
    gateways: placedOthers
      .filter(other => other.addresses.size > 0)
      .map(other => ({ from: gatewayPlace(other.region.name), address: gatewayAddress(other.region, region) })),
    zonalPort: all[0]!.ports.frontDoor,
    dns: {
      ...settings.dns,
      zones: zonesOf(own, host),
      logPort: ports.log,
      certificateAuthorityPort: ports.certificateAuthority,
    },
    ...{ acmeHttpPort, throttle, periods, queryLog, externalLog, logLevel, certificateLifeMs },
    globalSts: settings.globalSts ?? 'regional',
  } as const;
}

const zonesOf = ({ region, ports, addresses }: Placed, host: string) =>
  region.zones.map(({ id }, i) => ({
    id,
    address: addresses.get(id) ?? addressForClients(host),
    clientsPort: ports.zones[i]!.clients,
    internalPort: ports.zones[i]!.internal,
  }));
