/**
 * Route 53's part of a zone: the service, the authority that the zone's resolver asks, and the checkers that tell it
 * which records work. All of it reads the zone's own replica, so answers go on when the log does not.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { Authority } from '@stormglass/dns';
import { type Endpoints, healthOf, hostedZonesAuthority, ZoneLookup } from '@stormglass/hosted-zones';
import {
  createRoute53Service,
  HealthCheckers,
  type HealthObservations,
  noObservations,
  type Probe,
  type Route53Replica,
} from '@stormglass/route53';
import type { Service } from '@stormglass/service-kit';

export { HostedZonesState } from '@stormglass/hosted-zones';

export interface ZoneHostedZonesOptions {
  readonly replica: Route53Replica;
  readonly region: string;
  readonly zone: string;
  /** Name servers of every hosted zone, without the last dot. */
  readonly nameServers: readonly string[];
  /** How endpoints are probed; without it nobody probes, and all health checks are healthy. */
  readonly probe: Probe | undefined;
  /** Names of the region that an alias may stand for. */
  readonly endpoints: Endpoints | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ZoneHostedZones {
  readonly service: Service;
  readonly authority: Authority;
  readonly observations: HealthObservations;
  close(): void;
}

export function startHostedZones(options: ZoneHostedZonesOptions): ZoneHostedZones {
  const { replica, region, zone, nameServers, probe, endpoints, clock, random, logger } = options;
  const { view } = replica;
  const checkers = probe === undefined ? undefined : new HealthCheckers({ view, probe, clock, logger, region, zone });
  const isHealthy = healthOf(view, id => checkers?.status(id));
  const answering = { view, isHealthy, random, endpoints };
  const observations = checkers ?? noObservations;
  const lookup = new ZoneLookup(answering);
  return {
    service: createRoute53Service({ replica, random, nameServers, lookup, observations }),
    authority: hostedZonesAuthority(answering),
    observations,
    close: () => checkers?.close(),
  };
}
