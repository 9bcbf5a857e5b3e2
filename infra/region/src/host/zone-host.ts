/**
 * A zone in a process: its disk, its listeners, its connection to the log. It starts with nothing but its disk, serves
 * what it can at once, and becomes whole by itself as the log and its peers can be reached.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import { type HostSettings, INTERNAL, type ZoneHostConfig } from '@stormglass/contracts';
import { type HostFaults, LinkRules } from '@stormglass/faults';
import { snapshotFiles } from '@stormglass/replicated-state';
import { networkProbe, systemSockets } from '@stormglass/route53';
import {
  createHttpHost,
  logTracing,
  observeAdmission,
  observeCertificate,
  observeLog,
  type Telemetry,
} from '@stormglass/service-kit';
import type { FastifyInstance } from 'fastify';
import { auditRoutes } from './audit/audit-routes.ts';
import { forwardEvents } from './audit/forward-events.ts';
import { spoolFiles } from './audit/spool-store.ts';
import { AuthorityClient } from './authority-client.ts';
import { type AskChaos, mountChaos } from './chaos-routes.ts';
import { DiskWatch } from './disk-watch.ts';
import { startEngine } from './engine.ts';
import { HostCertificates } from './host-certificates.ts';
import { serveInternalApi } from './internal-api.ts';
import type { Resolve } from './locate.ts';
import { mirrorRoutes } from './mirror-routes.ts';
import { mirrorSource } from './mirror-source.ts';
import { nameServersOf } from './name-servers.ts';
import { BlobPeers } from './objects/blob-peers.ts';
import { bucketsElsewhere } from './objects/bucket-regions.ts';
import { peerSnapshots } from './peer-snapshots.ts';
import { publishCertificates, zoneHealth } from './published-certificates.ts';
import { RegionCalls } from './region-calls.ts';
import { startZoneResolver, type ZoneResolver } from './resolver.ts';
import { loadServiceCode } from './service-code.ts';
import { LOGS, SERVICES } from './services.ts';
import { type LogParts, startZone, type ZoneOptions } from './zone.ts';

export interface ZoneHostOptions {
  readonly config: ZoneHostConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** What is broken in this host; the world says what. */
  readonly faults: HostFaults;
  readonly chaos: AskChaos;
  /** What an operator has set, now. */
  readonly settings: () => HostSettings;
  /** Gets a line for each DNS query. */
  readonly queryLogger?: Logger;
}

export interface ZoneHost {
  readonly app: FastifyInstance;
  readonly certificates: HostCertificates;
  /** Faults on the links of connections this host makes; the world says which. */
  readonly links: LinkRules;
  close(): Promise<void>;
}

export async function startZoneHost(options: ZoneHostOptions): Promise<ZoneHost> {
  const { config, clock, random, logger, telemetry, queryLogger, faults } = options;
  const { partition, region, homeRegion, zone, folder, peers } = config;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const links = new LinkRules();
  const { beforeWrite } = faults;
  const certificates = new HostCertificates({
    ...{ partition, rootFile: config.identity.rootFile, folder, beforeWrite, clock, random, logger },
    document: () => config.identity.document,
  });
  const { host: identity, endpoint } = certificates.identities;
  // The parts below find one another by name, from the moment there is a resolver.
  const resolving = Promise.withResolvers<Resolve>();
  const resolve: Resolve = async (name, type) => (await resolving.promise)(name, type);
  const authority = new AuthorityClient({ zone, region, identity, resolve, links, clock });
  const engine = startEngine({
    ...{ config: config.engine, region, folder, identity, resolve, beforeWrite, clock, logger },
    tracing: log => logTracing(telemetry, log, clock),
  });
  // The zone's services and its resolver ask each other; the resolver comes last and needs the services' names.
  let resolver: ZoneResolver | undefined;
  const logParts = async (log: string): Promise<LogParts> => ({
    log: await engine.open(log),
    snapshots: snapshotFiles(join(folder, 'snapshots', log), logger, beforeWrite),
    peers: peerSnapshots({ zone, region, peers, log, identity, resolve, links, clock }),
  });
  const { otherRegions } = config;
  const ordinal = config.dns.zones.findIndex(({ id }) => id === zone);
  const calls = new RegionCalls({ zone, ordinal, otherRegions, identity, resolve, links, clock });
  const parts = await startZone({
    ...{ partition, region, homeRegion, zone, clock, random, logger, telemetry, callFaults: faults.calls },
    zones: config.dns.zones.map(({ id }) => id),
    mirror: mirrorOf(config, ordinal, calls),
    issuer: authority,
    code: await loadServiceCode(SERVICES),
    logs: Object.fromEntries(await Promise.all(LOGS.map(async log => [log, await logParts(log)] as const))),
    objects: {
      ...{ folder: join(folder, 'objects'), beforeWrite, damage: faults.blobs, masterKey: config.objectKey },
      peers: new BlobPeers({ zone, region, peers, identity, resolve, links, clock }),
      periods: config.periods,
      bucketRegion: bucketsElsewhere(calls, region, otherRegions, clock),
    },
    items: { folder: join(folder, 'items'), beforeWrite },
    forwardEvents: forwardEvents(calls),
    auditStore: to => spoolFiles(join(folder, 'audit', to), beforeWrite),
    acme: { resolve, httpPort: config.acmeHttpPort },
    ...{ quorumGraceMs: engine.quorumGraceMs, deadlineMs: engine.deadlineMs, throttle: config.throttle },
    trailDeliveryMs: config.periods.trailDeliveryMs,
    nameServers: nameServersOf(
      region,
      config.dns.zones.map(({ id }) => id),
    ),
    probe: networkProbe({ sockets: systemSockets, clock, resolve: name => addressOf(name, resolver) }),
    addressOf: name => addressOf(name, resolver),
    endpoints: (name, type, asked) => resolver?.endpoint(name, type, asked),
  });
  observeAdmission(telemetry, parts.pipeline.admission);
  for (const [log, replica] of Object.entries(parts.replicas)) observeLog(telemetry, log, replica);
  for (const [name, each] of Object.entries(certificates.identities)) observeCertificate(telemetry, name, each);
  const disk = new DiskWatch({ folder, beforeWrite, clock, logger });
  const health = () => ({ ...zoneHealth(parts.health(), certificates), disk: disk.state });
  const mounts = [...parts.mounts, mountChaos(options.chaos)];
  const app = createHttpHost({ pipeline: parts.pipeline, logger, health, tls: endpoint, mounts });
  const internal = await serveInternalApi({
    ...{ zone, region, identity, clock, logger },
    replicas: parts.replicas,
    traffic: parts.traffic,
    blobs: parts.objects?.routes,
    objects: parts.objects?.report,
    fromWorld: parts.objects === undefined ? {} : { [INTERNAL.scrubObjects]: parts.objects.scrubNow },
    forRegions: {
      ...auditRoutes({ [region]: parts.recordEvents }, logger),
      ...(parts.identity.home === undefined ? {} : mirrorRoutes(parts.identity.home)),
      ...parts.objects?.forRegions,
    },
    port: config.internalPort,
    host: '127.0.0.1',
  });
  resolver = startZoneResolver({
    services: parts.services
      .filter(({ onlyAt }) => onlyAt === undefined)
      .map(({ model, isGlobal }) => ({ prefix: model.signingName, isGlobal })),
    ...{
      config,
      authorities: parts.hostedZones === undefined ? [] : [parts.hostedZones],
      ownHealth: health,
      globalSts: () => options.settings().globalSts,
      links,
      faults: faults.dns,
      clock,
      random,
      logger,
      queryLogger,
    },
  });
  resolving.resolve((name, type) => resolver.resolver.resolve(name, type));
  certificates.start(authority);
  publishCertificates(app, certificates, authority);
  await app.listen({ port: config.port, host: '127.0.0.1' });
  return {
    app,
    certificates,
    links,
    async close() {
      await certificates.close();
      await disk.close();
      authority.close();
      await resolver?.close();
      await app.close();
      await internal.close();
      await parts.close();
      calls.close();
      await engine.close();
    },
  };
}

/** How IAM of this zone and those of other regions depend on each other. */
function mirrorOf(
  { region, homeRegion, otherRegions }: ZoneHostConfig,
  ordinal: number,
  calls: RegionCalls,
): NonNullable<ZoneOptions['mirror']> {
  const isHomeElsewhere = otherRegions.some(({ name }) => name === homeRegion);
  return {
    mirrors: isHomeElsewhere ? mirrorSource(calls, homeRegion) : undefined,
    isMirrored: region === homeRegion && otherRegions.length > 0,
    ordinal,
  };
}

/** Where health checks and questions to identity providers go that have a name only: as the resolver says, by IPv4. */
async function addressOf(name: string, resolver: ZoneResolver | undefined): Promise<string | undefined> {
  if (/(?:^|\.)localhost\.?$/i.test(name)) return '127.0.0.1';
  const records = await resolver?.resolver.resolve(name, 'A');
  const found = records?.find(({ type }) => type === 'A');
  return found === undefined ? undefined : String(found.data);
}
