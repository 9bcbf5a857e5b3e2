/**
 * What one zone consists of, without its sockets: its copies of the logs, its services, and the pipeline that answers
 * requests. `zone-host.ts` gives it a process, files and listeners; a simulation gives it virtual ones.
 */

import type { AcmeOptions, AcmeReplica } from '@stormglass/acme';
import { type Clock, defined, errorStory, isDefaultRegion, type Logger, type Random, sleep } from '@stormglass/base';
import type { CloudTrailReplica, DeliverLog } from '@stormglass/cloudtrail';
import type { CertificateIssuer, ZoneHealth } from '@stormglass/contracts';
import type { Authority } from '@stormglass/dns';
import type { CallFaults } from '@stormglass/faults';
import type { Endpoints } from '@stormglass/hosted-zones';
import { type HotState, type Limit, MemoryHotState } from '@stormglass/hot-state';
import type { IamLog } from '@stormglass/identity';
import {
  type PeerSnapshots,
  Replica,
  type ReplicatedLog,
  type SnapshotStore,
  type StateMachine,
} from '@stormglass/replicated-state';
import type { Probe, Route53Replica } from '@stormglass/route53';
import {
  Admission,
  type AuditEvent,
  type HttpHostOptions,
  type IamReplica,
  logTracing,
  observeMirror,
  observeTraffic,
  Pipeline,
  type Service,
  type Telemetry,
  Traffic,
} from '@stormglass/service-kit';
import { keepTokenKeys } from '@stormglass/sts/token-key';
import type { SpoolStore } from './audit/spool-store.ts';
import { startZoneAudit, type ZoneAudit } from './audit/zone-audit.ts';
import type { ObjectStoreParts, ZoneObjects } from './objects/zone-objects.ts';
import type { ServiceCode } from './service-code.ts';
import { type LogName, worstOf } from './services.ts';
import type { ItemStoreParts } from './tables/zone-tables.ts';
import { openZoneIam, type ZoneIam, type ZoneIamOptions } from './zone-iam.ts';

export type { SpoolStore } from './audit/spool-store.ts';

/** This zone's end of a replicated log, and what a replica of its state needs beside it. */
export interface LogParts {
  readonly log: ReplicatedLog;
  readonly snapshots: SnapshotStore;
  readonly peers: PeerSnapshots;
}

export interface ZoneOptions {
  readonly partition: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly zone: string;
  /** Ids of all zones of the region; only this one unless said. */
  readonly zones?: readonly string[];
  /** IAM is that of another region, or other regions mirror this one's; without it there is only this region. */
  readonly mirror?: Pick<ZoneIamOptions, 'mirrors' | 'isMirrored' | 'ordinal'>;
  /** The certificate authority, as this zone reaches it. */
  readonly issuer: CertificateIssuer;
  /** Of the services that this host runs. */
  readonly code: ServiceCode;
  /** Those that `logsOf` tells. */
  readonly logs: Readonly<Partial<Record<LogName, LogParts>>>;
  /** Where objects are, and how other zones are reached about them; needed by a host that runs S3. */
  readonly objects?: ObjectStoreParts;
  /** Where items of DynamoDB are; without it in memory. */
  readonly items?: ItemStoreParts;
  /** How ACME validates: with whom it resolves names, and where it asks for http-01 challenges. */
  readonly acme: Pick<AcmeOptions, 'resolve' | 'httpPort'>;
  /** Name servers of every hosted zone, without the last dot. */
  readonly nameServers: readonly string[];
  /** How the endpoints of health checks are probed; without it nobody probes, and all are healthy. */
  readonly probe?: Probe;
  /** The IPv4 address of an identity provider's host; without it none can be reached. */
  readonly addressOf?: (name: string) => Promise<string | undefined>;
  /** Names of the region that aliases in hosted zones may stand for. */
  readonly endpoints?: Endpoints;
  /** Shared with the zone's other processes; without it, of this process, which is then all of the zone. */
  readonly hotState?: HotState;
  /** How often an account may call an operation in this zone; without it as often as it likes. */
  readonly throttle?: Limit | undefined;
  /** Where calls are written down before they are answered, by the region of their trail; without it they are not. */
  readonly auditStore?: (region: string) => SpoolStore;
  /** Takes events to a trail that this host has no log of: rejects where they must be brought again. */
  readonly forwardEvents?: (region: string, events: readonly AuditEvent[]) => Promise<void>;
  /** Takes log files of trails to a host with S3; a host that runs S3 itself needs none. */
  readonly deliverLog?: DeliverLog;
  /** Between two log files of a trail, in ms; CloudTrail's own unless said. */
  readonly trailDeliveryMs?: number | undefined;
  /** Faults on the calls this host answers, for experiments. */
  readonly callFaults?: CallFaults;
  /** A loss of quorum up to this long is waited out, in ms. */
  readonly quorumGraceMs: number;
  /** How long a call may wait for the log, in ms. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** How often the state is saved and how much of the log is kept behind it, in entries; the replica's defaults if absent. CloudTrail has its own. */
  readonly snapshotEvery?: number;
  readonly keepBehind?: number;
  /** Changes the services before they are mounted: how a simulation plants a bug to see it found. */
  readonly tamper?: (service: Service) => Service;
}

export interface ZoneParts {
  readonly iam: IamLog;
  readonly identity: ZoneIam;
  /** The replicas of this host, IAM's among them, by the name of their log. */
  readonly replicas: Readonly<Partial<Record<LogName, AnyReplica>>>;
  /** Hosted zones, as the zone's resolver asks them; undefined on a host without Route 53. */
  readonly hostedZones: Authority | undefined;
  readonly pipeline: Pipeline;
  readonly services: readonly Service[];
  readonly traffic: Traffic;
  readonly cloudtrail: CloudTrailReplica | undefined;
  /** Undefined on a host without S3. */
  readonly objects: ZoneObjects | undefined;
  /** Takes log files for buckets; undefined on a host without S3. */
  readonly deliverLog: DeliverLog | undefined;
  /** Takes events of other processes into the log; undefined on a host without CloudTrail. */
  readonly recordEvents: ((events: readonly AuditEvent[]) => Promise<void>) | undefined;
  /** What calls are written down with; undefined where they are not. */
  readonly audit: ZoneAudit | undefined;
  /** Routes beside those of the services. */
  readonly mounts: NonNullable<HttpHostOptions['mounts']>;
  health(): ZoneHealth;
  close(): Promise<void>;
}

/** Requests a zone works on at once; more are refused with 503. */
const REQUESTS_MAX = 2048;
/** How long a request that looks wrong waits for news from other zones before it is refused, in ms. */
const CATCH_UP_MS = 300;

export async function startZone(options: ZoneOptions): Promise<ZoneParts> {
  const { partition, region, homeRegion, zone, clock, random, logger, telemetry, deadlineMs } = options;
  const { code, tamper = service => service } = options;
  const identity = openZoneIam(
    { follows: code.iam !== undefined, isMirrored: false, ordinal: 0, ...options, ...options.mirror },
    machine => replicaOf('iam', machine, options),
  );
  const iam = identity.log;
  const route53: Route53Replica | undefined =
    code.route53 && replicaOf('route53', new code.route53.HostedZonesState(), options);
  const acme: AcmeReplica | undefined = code.acme && replicaOf('acme', new code.acme.AcmeState(), options);
  const cloudtrail: CloudTrailReplica | undefined =
    code.cloudtrail && replicaOf('cloudtrail', new code.cloudtrail.CloudTrailState(), options);
  const objects = await (options.objects &&
    code.s3?.openZoneObjects({
      ...{ ...options.objects, zone, region, clock, random, logger },
      replicaOf: machine => replicaOf('s3', machine, options),
    }));
  const tables = code.dynamodb?.openZoneTables({
    ...{ disk: options.items, zone, zones: options.zones ?? [zone], clock, random, logger },
    catalogueOf: machine => replicaOf('tables', machine, options),
    cellOf: (log, machine) => replicaOf(log, machine, options),
  });
  const own = { acme, cloudtrail, iam: identity.replica, route53, s3: objects?.replica };
  const replicas: ZoneParts['replicas'] = defined({ ...own, ...tables?.replicas });
  const running = Object.values(replicas);
  await Promise.all(running.map(replica => replica.start()));
  identity.follow();
  objects?.start();
  tables?.start();
  if (identity.follower !== undefined) observeMirror(telemetry, homeRegion, identity.follower);
  const hostedZones =
    route53 &&
    code.route53?.startHostedZones({
      ...{ replica: route53, region, zone, nameServers: options.nameServers },
      ...{ probe: options.probe, endpoints: options.endpoints, clock, random, logger },
    });
  const certificates =
    acme &&
    code.acme?.startAcme({
      ...{ replica: acme, issuer: options.issuer, ...options.acme },
      ...{ zone, deadlineMs, clock, random, logger },
    });
  const fetchIssuer = options.addressOf && code.sts?.issuerFetch(options.addressOf, clock);
  const view: IamReplica = { view: iam.view, catchUp: () => iam.upToDate(clock.monotonic() + CATCH_UP_MS) };
  const deliverLog = objects?.deliverLog({ iam: view });
  const deliver = deliverLog ?? options.deliverLog;
  const trails =
    cloudtrail &&
    deliver &&
    code.cloudtrail &&
    new code.cloudtrail.TrailDelivery({
      ...{ replica: cloudtrail, deliver, zone, ordinal: options.mirror?.ordinal ?? 0 },
      ...{ intervalMs: options.trailDeliveryMs, clock, logger: logger.with({ part: 'trails' }) },
    });
  trails?.start();
  const services = [
    code.account?.createAccountService({ replica: iam, random }),
    code['acm-pca']?.createAcmPcaService({ issuer: options.issuer }),
    cloudtrail && code.cloudtrail?.createCloudTrailService({ replica: cloudtrail, deliver }),
    ...(tables?.services ?? []),
    code.iam?.createIamService({ replica: iam, random }),
    hostedZones?.service,
    objects?.service({ iam: view }),
    code.sts?.createStsService({ replica: iam, random, clock, fetchIssuer }),
    // Any region that every account uses may serve the partition's global endpoint; names decide which one does.
    partition === 'aws' && isDefaultRegion(region)
      ? code.sts?.createStsService({ replica: iam, random, clock, fetchIssuer, profile: 'global' })
      : undefined,
  ]
    .filter(service => service !== undefined)
    .map(tamper);
  const recordEvents =
    cloudtrail && ((events: readonly AuditEvent[]) => code.cloudtrail!.recordEvents(cloudtrail, clock, events));
  const audit =
    options.auditStore &&
    startZoneAudit({
      ...{ region, homeRegion, store: options.auditStore, clock, logger },
      async deliver(to, events) {
        if (to === region && recordEvents !== undefined) return recordEvents(events);
        if (options.forwardEvents === undefined) throw new Error(`nobody takes events to ${to}`);
        await options.forwardEvents(to, events);
      },
    });
  const admission = new Admission(REQUESTS_MAX);
  const traffic = new Traffic(options.hotState ?? new MemoryHotState(clock), options.throttle);
  observeTraffic(telemetry, traffic);
  const pipeline = new Pipeline({
    ...{ services, iam: view, admission, traffic, clock, random, logger, telemetry },
    ...{ partition, region, homeRegion, zone, deadlineMs, ...defined({ callFaults: options.callFaults, audit }) },
  });
  const stop = new AbortController();
  let caughtUp = false;
  const firstCatchUp = Promise.all(running.map(replica => catchUpOnce(replica, clock, stop.signal))).then(
    () => {
      caughtUp = true;
    },
    () => {},
  );
  // The zone serves before there is a key for session tokens; only what needs one waits for it.
  const keys = identity.isHome
    ? keepTokenKeys({ replica: iam, random, clock, signal: stop.signal })
    : Promise.resolve();
  const keyed = keys.catch((error: unknown) => {
    if (!stop.signal.aborted) logger.error('no key for session tokens', { error: errorStory(error) });
  });
  return {
    iam,
    identity,
    replicas,
    hostedZones: hostedZones?.authority,
    pipeline,
    services,
    traffic,
    cloudtrail,
    objects,
    deliverLog,
    recordEvents,
    audit,
    mounts: [certificates?.mount, objects?.mount].filter(mount => mount !== undefined),
    health: () => ({
      status: caughtUp && iam.view.tokenKeys().length > 0 ? 'ok' : 'starting',
      region,
      zone,
      log: worstOf(running.map(replica => replica.health().state)),
      services: services.map(s => s.model.id),
      ...defined({ identity: identity.health() }),
    }),
    async close() {
      stop.abort();
      // What it waits for in the log ends with the replica.
      const unfollowed = identity.close();
      await Promise.all([keyed, firstCatchUp]);
      hostedZones?.close();
      await Promise.all([audit?.close(), trails?.stop()]);
      await Promise.all([objects?.close(), tables?.close()]);
      const replicas = running.map(replica => replica.close());
      await Promise.all([...replicas, unfollowed, certificates?.close(), traffic.hot.close()]);
    },
  };
}

/** An entry of CloudTrail's log holds hundreds of events: fewer of them fill a disk. */
const LARGE_ENTRIES = { snapshotEvery: 2000, keepBehind: 2000 };

/** A replica, whatever its state is. */
export type AnyReplica = Pick<
  Replica<never, unknown, unknown>,
  'applied' | 'hash' | 'snapshotSeq' | 'health' | 'snapshot' | 'snapshotStream' | 'start' | 'upToDate' | 'close'
>;

function replicaOf<Command, Result, View>(
  name: LogName,
  machine: StateMachine<Command, Result, View>,
  options: ZoneOptions,
): Replica<Command, Result, View> {
  const { clock, random, logger, telemetry, quorumGraceMs } = options;
  const isLarge = name === 'cloudtrail' && options.snapshotEvery === undefined;
  const { snapshotEvery, keepBehind } = { ...options, ...(isLarge ? LARGE_ENTRIES : {}) };
  const parts = options.logs[name];
  if (parts === undefined) throw new Error(`this host was given no log ${name}`);
  return new Replica({
    ...{ machine, clock, random, quorumGraceMs },
    ...parts,
    logger: logger.with({ log: name }),
    tracing: logTracing(telemetry, name, clock),
    ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
    ...(keepBehind === undefined ? {} : { keepBehind }),
  });
}

const CATCH_UP_RETRY_MS = 25;

/** Resolves when the replica has applied everything that was acknowledged before it started. */
async function catchUpOnce(
  replica: { upToDate(deadline: number): Promise<void> },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await replica.upToDate(clock.monotonic() + 1000);
    } catch {
      await sleep(clock, CATCH_UP_RETRY_MS, signal);
    }
  }
}
