/**
 * The resolver of a zone: region names, and whatever other authorities the zone has, on the zone's DNS port. A port that
 * cannot be had is tried again and holds nothing else up.
 */
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import type { GlobalStsMode, ZoneHealth, ZoneHostConfig } from '@stormglass/contracts';
import { type Asked, type Authority, type Resolver, type ResourceRecord, startDnsServer } from '@stormglass/dns';
import type { DnsFaults, LinkRules } from '@stormglass/faults';
import { LinkedResolver } from './linked-resolver.ts';
import { type NamedService, RegionNames } from './region-names.ts';
import { ZoneWatch } from './zone-watch.ts';

export interface ZoneResolverOptions {
  readonly config: Pick<ZoneHostConfig, 'zone' | 'region' | 'dns'> &
    Partial<Pick<ZoneHostConfig, 'homeRegion' | 'otherRegions'>>;
  readonly services: readonly NamedService[];
  /** Those that know more than the region's own names; they are asked first. */
  readonly authorities: readonly Authority[];
  /** Who answers for the global endpoint of STS, now; the home region unless said. */
  readonly globalSts?: () => GlobalStsMode;
  /** How the zone itself is; without it the zone is asked like the others. */
  readonly ownHealth?: () => ZoneHealth;
  readonly links: LinkRules;
  /** Faults of the resolver itself; without them it has none. */
  readonly faults?: DnsFaults;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Gets a line for each query; without one queries are told to `logger` as `debug`. */
  readonly queryLogger: Logger | undefined;
}

export interface ZoneResolver {
  readonly resolver: Resolver;
  /** Records of one of the region's own names; undefined for other names. */
  endpoint(name: string, type: string, asked: Asked): readonly ResourceRecord[] | undefined;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const RETRY_MS = 1000;

export function startZoneResolver(options: ZoneResolverOptions): ZoneResolver {
  const { services, ownHealth, links, faults, clock, random, logger, queryLogger } = options;
  const { zone, region, homeRegion, otherRegions, dns } = options.config;
  const asked = dns.zones
    .filter(({ id }) => id !== zone || ownHealth === undefined)
    .map(({ id, clientsPort, clientsHost }) => [id, { port: clientsPort, host: clientsHost }]);
  const watch = new ZoneWatch({
    ...{ zone, links, clock, ownHealth, asked: Object.fromEntries(asked) },
    onChange: (about, fitness) => logger.info('zone health, as seen from here', { about, fitness }),
  });
  const { logPort, certificateAuthorityPort, ttlSeconds } = dns;
  const names = new RegionNames({
    ...{ region, homeRegion, otherRegions, zones: dns.zones, services, logPort, certificateAuthorityPort, ttlSeconds },
    globalSts: options.globalSts,
    fitnessOf: id => watch.fitnessOf(id),
  });
  const resolver = new LinkedResolver({
    links,
    ...{ authorities: [...options.authorities, names], asked: { zone, region }, clock, random, logger },
    ...(dns.upstream === undefined ? {} : { upstream: dns.upstream }),
    ...(faults === undefined ? {} : { trouble: (name: string) => faults.meet(name) }),
    onQuery: report => {
      const fields = { ...report, ms: Math.round(report.ms * 1000) / 1000 };
      if (queryLogger === undefined) logger.debug('dns query', fields);
      else queryLogger.info('dns query', fields);
    },
  });
  const stop = new AbortController();
  const server = serve(resolver, dns.listenHost ?? HOST, dns.port, clock, logger, stop.signal);
  return {
    resolver,
    endpoint(name, type, asked) {
      const apex = names.apexOf(name);
      const found = apex === undefined ? undefined : names.lookup(apex, name, type, asked);
      return found?.kind === 'answer' ? found.records : undefined;
    },
    async close() {
      stop.abort();
      watch.close();
      await (await server)?.close();
    },
  };
}

/** Resolves when the resolver listens, or to undefined when it is no longer to. */
async function serve(
  resolver: Resolver,
  host: string,
  port: number,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
) {
  for (let tries = 1; ; tries++) {
    try {
      const server = await startDnsServer({ resolver, host, port, clock, logger });
      logger.info('resolver listens', { port, tries });
      return server;
    } catch (error) {
      if (tries === 1)
        logger.error('the DNS port cannot be had and is tried again', { port, error: errorStory(error) });
    }
    try {
      await sleep(clock, RETRY_MS, signal);
    } catch {
      return undefined;
    }
  }
}
