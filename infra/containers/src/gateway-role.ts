/**
 * The way from one region to another in a container: what hosts of this region take for the services and the hosts of the
 * other one. It stands in the zones of both, and it alone does. What the way is like (latency, bandwidth) holds always;
 * faults come on top, and are told as those of links are.
 */
import type { Clock, Logger } from '@stormglass/base';
import { type LinkRule, LinkRules } from '@stormglass/faults';
import { type Destination, Link, type LinkStats, serveLinkApi, TimedRules } from '@stormglass/link';
import type { Region } from '@stormglass/region';
import { standingRules, ZoneHealthProbe } from '@stormglass/region/world';
import { keepHealthFile } from './health-file.ts';
import type { Closing, Surroundings } from './host.ts';
import { EVERY_ADDRESS, gatewayPorts, gatewayTarget, hereName, hostName, PORTS, placesOf } from './parts.ts';

const PROBES = { intervalMs: 500, misses: 3 };

export async function runGateway({ settings, clock, random, logger }: Surroundings): Promise<Closing> {
  const { region, to, otherRegions, regionLatencyMs, regionBytesPerSecond } = settings;
  const other = otherRegions.find(({ name }) => name === to)!;
  const told = new LinkRules();
  const way = { latencyMs: regionLatencyMs, bytesPerSecond: regionBytesPerSecond };
  const rules = inForce(standingRules([region, other], way), told);
  const entrances = new Entrances({ region, other, told, clock, logger });
  const ports = gatewayPorts(other).map(port => ({ listen: port, target: port }));
  const links: Link[] = [];
  // Connections are told apart by the network they come in from: their faults are those of the zone they come from.
  for (const { id: from } of region.zones) {
    const choose = (port: number): Destination => gatewayTarget(other, port) ?? entrances.next();
    const listening = { address: hereName(from), tcp: ports, udp: [] };
    links.push(await Link.start({ from, choose, ...listening, rules, clock, logger }));
  }
  entrances.onLost = zone => {
    for (const link of links) link.breakAll(zone);
  };
  const timed = new TimedRules({ rules: told, places: placesOf(region, [other]), clock, random });
  const stats = () => links.map(link => link.stats()).reduce(sum);
  const api = await serveLinkApi({ rules: timed, stats, logger, port: PORTS.linkApi, address: EVERY_ADDRESS });
  const stopHealthFile = keepHealthFile(settings.healthFile, () => true, clock);
  return {
    async close() {
      stopHealthFile();
      timed.close();
      entrances.close();
      for (const link of links) link.close();
      api.close();
      api.closeAllConnections();
    },
  };
}

/** What always holds, and what is told from time to time. */
function inForce(standing: readonly LinkRule[], told: LinkRules): LinkRules {
  const rules = new LinkRules();
  const put = () => rules.replace([...standing, ...told.all]);
  told.onChange(put);
  put();
  return rules;
}

const sum = (a: LinkStats, b: LinkStats): LinkStats =>
  Object.fromEntries(Object.entries(a).map(([name, count]) => [name, count + b[name as keyof LinkStats]])) as never;

interface EntrancesOptions {
  readonly region: Region;
  readonly other: Region;
  /** Faults; how long the way is does not make a zone silent. */
  readonly told: LinkRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The entrances of the other region, the fit ones in turns. */
class Entrances {
  readonly #zones: readonly { readonly id: string; readonly health: ZoneHealthProbe }[];
  #turn = 0;
  /** Told of a zone that is silent, or worse off than others: its clients should turn to another one. */
  onLost: (zone: string) => void = () => {};

  constructor({ region, other, told, clock, logger }: EntrancesOptions) {
    const from = region.zones[0]!.id;
    this.#zones = other.zones.map(({ id }) => ({
      id,
      health: new ZoneHealthProbe({
        ...{ zone: id, from, host: hostName('entrance', id), port: PORTS.clients, ...PROBES, clock, links: told },
        onChange: fitness => {
          logger.info('zone health, as seen from here', { about: id, fitness });
          if (fitness === 'silent' || !this.#best().includes(id)) this.onLost(id);
        },
      }),
    }));
  }

  /** While nobody seems to answer, anybody may. */
  next(): Destination {
    const zones = this.#best();
    const zone = zones[this.#turn++ % zones.length]!;
    return { to: zone, host: hostName('entrance', zone), port: PORTS.clients };
  }

  close(): void {
    for (const { health } of this.#zones) health.close();
  }

  #best(): readonly string[] {
    const those = (condition: (health: ZoneHealthProbe) => boolean) =>
      this.#zones.filter(({ health }) => condition(health)).map(({ id }) => id);
    const fit = those(({ fitness }) => fitness === 'fit');
    const healthy = fit.length > 0 ? fit : those(({ healthy }) => healthy);
    return healthy.length > 0 ? healthy : this.#zones.map(({ id }) => id);
  }
}
