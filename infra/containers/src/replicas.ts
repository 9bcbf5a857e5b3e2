/** The replicas and services of a container: a zone's, reduced to what this container runs. */
import { join } from 'node:path';
import type { Clock } from '@stormglass/base';
import { INTERNAL, type ZoneHealth } from '@stormglass/contracts';
import { SharedHotState } from '@stormglass/hot-state';
import { RedisStore } from '@stormglass/hot-state/redis';
import {
  auditRoutes,
  DiskWatch,
  type Engine,
  logRoutes,
  nameServersOf,
  peerSnapshots,
  spoolFiles,
} from '@stormglass/region/host';
import { loadServiceCode } from '@stormglass/region/service-code';
import { type LogName, logsOf, type ServiceName } from '@stormglass/region/services';
import { type LogParts, startZone, type ZoneParts } from '@stormglass/region/zone';
import { snapshotFiles } from '@stormglass/replicated-state';
import {
  type AuditEvent,
  type AuditSink,
  observeAdmission,
  observeCertificate,
  observeLog,
} from '@stormglass/service-kit';
import { auditDelivery } from './audit-delivery.ts';
import type { Closing, Context, Host } from './host.ts';
import { askedOfIam, containerMirror } from './iam-mirror.ts';
import { containerObjects } from './object-parts.ts';
import { hostName, PORTS } from './parts.ts';
import { addressOfHost } from './zone-names.ts';

export interface Replicas extends Closing {
  readonly parts: ZoneParts;
  /** How they are, and the disk they are on. */
  readonly health: () => ZoneHealth;
}

/** Where http-01 challenges are asked for (RFC 8555, 8.3). */
const ACME_HTTP_PORT = 80;

/** Starts them, and the internal API that shows them to the other zones and the world. */
export async function startReplicas(context: Context, host: Host, services: readonly ServiceName[]): Promise<Replicas> {
  const { settings, clock, random, logger, telemetry, faults } = context;
  const { region, zone, folder } = settings;
  const { identity, resolve, links, peers, authority } = host;
  const engine: Engine = host.openEngine();
  const logParts = async (log: LogName): Promise<LogParts> => ({
    log: await engine.open(log),
    snapshots: snapshotFiles(join(folder, 'snapshots', log), logger, faults.beforeWrite),
    peers: peerSnapshots({ zone, region: region.name, peers, log, identity, resolve, links, clock }),
  });
  const logs = await Promise.all(logsOf(services).map(async log => [log, await logParts(log)] as const));
  const addressOf = async (name: string) => {
    const found = (await resolve(name, 'A')).find(({ type }) => type === 'A');
    return found === undefined ? addressOfHost(name) : String(found.data);
  };
  const delivery = auditDelivery(context, host, services);
  const mirror = containerMirror(context, host, services);
  const objects = services.includes('s3') ? await containerObjects(context, host) : undefined;
  const parts = await startZone({
    hotState: hotStateOf(context, host),
    throttle: settings.throttle,
    ...{ partition: region.partition, region: region.name, homeRegion: region.homeRegion, zone },
    ...{ clock, random, logger, telemetry, callFaults: faults.calls },
    issuer: authority,
    code: await loadServiceCode(services),
    logs: Object.fromEntries(logs),
    zones: region.zones.map(({ id }) => id),
    items: { folder: join(folder, 'items'), beforeWrite: faults.beforeWrite },
    mirror: mirror.options,
    auditStore: to => spoolFiles(join(folder, 'audit', to), faults.beforeWrite),
    ...(objects && { objects: objects.options }),
    forwardEvents: delivery.forward,
    ...(delivery.deliverLog && { deliverLog: delivery.deliverLog }),
    trailDeliveryMs: settings.periods.trailDeliveryMs,
    acme: { resolve, httpPort: ACME_HTTP_PORT },
    addressOf,
    ...{ quorumGraceMs: engine.quorumGraceMs, deadlineMs: engine.deadlineMs },
    nameServers: nameServersOf(
      region.name,
      region.zones.map(({ id }) => id),
    ),
    ...(services.includes('route53') ? { probe: await probeOver(addressOf, clock) } : {}),
  });
  observeAdmission(telemetry, parts.pipeline.admission);
  for (const [log, replica] of Object.entries(parts.replicas)) observeLog(telemetry, log, replica);
  observeCertificate(telemetry, 'host', identity);
  const { recordEvents, audit } = parts;
  const relay = recordEvents && audit && relayed(audit);
  const internal = await host.serveInternalApi({
    ...{ replicas: parts.replicas, traffic: parts.traffic },
    ...{ blobs: parts.objects?.routes, objects: parts.objects?.report },
    fromWorld: parts.objects === undefined ? {} : { [INTERNAL.scrubObjects]: parts.objects.scrubNow },
    forRegions: {
      ...auditRoutes({ [region.name]: recordEvents }, logger),
      ...askedOfIam(parts),
      ...parts.objects?.forRegions,
    },
    // The other containers of the zone bring theirs, those for the home region as well.
    forHosts: {
      ...auditRoutes({ [region.homeRegion]: relay, [region.name]: recordEvents }, logger),
      ...logRoutes(parts.deliverLog, logger),
    },
  });
  const disk = new DiskWatch({ folder, beforeWrite: faults.beforeWrite, clock, logger });
  return {
    parts,
    health: () => ({ ...parts.health(), disk: disk.state }),
    async close() {
      await disk.close();
      await internal.close();
      await parts.close();
      await Promise.all([delivery.close(), mirror.close(), objects?.close()]);
      await engine.close();
    },
  };
}

/** Events that are safe on the disk of this container; it brings them on. */
const relayed = (audit: AuditSink) => async (events: readonly AuditEvent[]) => {
  await Promise.all(events.map(event => audit.record(event)));
};

async function probeOver(resolve: (name: string) => Promise<string | undefined>, clock: Clock) {
  const { networkProbe, systemSockets } = await import('@stormglass/route53');
  return networkProbe({ sockets: systemSockets, clock, resolve });
}

/** Shared by the containers of a zone through its Redis, and losable: without it each goes on alone. */
function hotStateOf({ settings, clock, random, logger }: Context, { identity }: Host): SharedHotState {
  const store = new RedisStore({
    ...{ host: hostName('redis', settings.zone), port: PORTS.redis, clock },
    tls: () => identity.options ?? {},
  });
  return new SharedHotState({ store, clock, random, logger });
}
