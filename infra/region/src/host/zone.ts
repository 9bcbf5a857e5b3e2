/**
 * What one zone consists of, without its sockets: its copies of the logs, its services, and the pipeline that answers
 * requests. `zone-host.ts` gives it a process, files and listeners; a simulation gives it virtual ones.
 */

import { createAcmPcaService } from '@stormglass/acm-pca';
import { type AcmeOptions, type AcmeReplica, AcmeState, startAcme } from '@stormglass/acme';
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import type { CertificateIssuer, ZoneHealth } from '@stormglass/contracts';
import type { Authority } from '@stormglass/dns';
import { type Endpoints, HostedZonesState } from '@stormglass/hosted-zones';
import { createIamService } from '@stormglass/iam';
import { type IamCommand, type IamResult, IamState, type IamView } from '@stormglass/identity';
import {
  type PeerSnapshots,
  Replica,
  type ReplicatedLog,
  type SnapshotStore,
  type StateMachine,
} from '@stormglass/replicated-state';
import type { HealthObservations, Probe, Route53Replica } from '@stormglass/route53';
import {
  Admission,
  type HttpHostOptions,
  type IamReplica,
  logTracing,
  Pipeline,
  type Service,
  type Telemetry,
} from '@stormglass/service-kit';
import { createStsService, ensureTokenKey } from '@stormglass/sts';
import { startHostedZones } from './zone-hosted-zones.ts';

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
  /** The certificate authority, as this zone reaches it. */
  readonly issuer: CertificateIssuer;
  readonly logs: { readonly acme: LogParts; readonly iam: LogParts; readonly route53: LogParts };
  /** How ACME validates: with whom it resolves names, and where it asks for http-01 challenges. */
  readonly acme: Pick<AcmeOptions, 'resolve' | 'httpPort'>;
  /** Name servers of every hosted zone, without the last dot. */
  readonly nameServers: readonly string[];
  /** How the endpoints of health checks are probed; without it nobody probes, and all are healthy. */
  readonly probe?: Probe;
  /** Names of the region that aliases in hosted zones may stand for. */
  readonly endpoints?: Endpoints;
  /** A loss of quorum up to this long is waited out, in ms. */
  readonly quorumGraceMs: number;
  /** How long a call may wait for the log, in ms. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** How often the state is saved and how much of the log is kept behind it, in entries; the replica's defaults if absent. */
  readonly snapshotEvery?: number;
  readonly keepBehind?: number;
  /** Changes the services before they are mounted: how a simulation plants a bug to see it found. */
  readonly tamper?: (service: Service) => Service;
}

export interface ZoneParts {
  readonly iam: Replica<IamCommand, IamResult, IamView>;
  readonly route53: Route53Replica;
  readonly acme: AcmeReplica;
  /** Hosted zones, as the zone's resolver asks them. */
  readonly hostedZones: Authority;
  /** What the zone's health checkers see. */
  readonly observations: HealthObservations;
  readonly pipeline: Pipeline;
  readonly services: readonly Service[];
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
  const iam: ZoneParts['iam'] = replicaOf('iam', new IamState({ partition }), options);
  const route53: Route53Replica = replicaOf('route53', new HostedZonesState(), options);
  const acme: AcmeReplica = replicaOf('acme', new AcmeState(), options);
  await Promise.all([iam.start(), route53.start(), acme.start()]);
  const hostedZones = startHostedZones({
    ...{ replica: route53, region, zone, nameServers: options.nameServers },
    ...{ probe: options.probe, endpoints: options.endpoints, clock, random, logger },
  });
  const certificates = startAcme({
    ...{ replica: acme, issuer: options.issuer, ...options.acme },
    ...{ zone, deadlineMs, clock, random, logger },
  });
  const { tamper = service => service } = options;
  const services = [
    createAcmPcaService({ issuer: options.issuer }),
    createIamService({ replica: iam, random }),
    hostedZones.service,
    createStsService({ replica: iam, random, clock }),
  ].map(tamper);
  const view: IamReplica = { view: iam.view, catchUp: () => iam.upToDate(clock.monotonic() + CATCH_UP_MS) };
  const admission = new Admission(REQUESTS_MAX);
  const pipeline = new Pipeline({
    ...{ services, iam: view, admission, clock, random, logger, telemetry },
    ...{ partition, region, homeRegion, zone, deadlineMs },
  });
  const stop = new AbortController();
  let caughtUp = false;
  const firstCatchUp = Promise.all([iam, route53, acme].map(replica => catchUpOnce(replica, clock, stop.signal))).then(
    () => {
      caughtUp = true;
    },
    () => {},
  );
  // The zone serves before there is a key for session tokens; only what needs one waits for it.
  const keyed = ensureTokenKey({ replica: iam, random, clock, signal: stop.signal }).catch((error: unknown) => {
    if (!stop.signal.aborted) logger.error('no key for session tokens', { error: errorStory(error) });
  });
  return {
    iam,
    route53,
    acme,
    hostedZones: hostedZones.authority,
    observations: hostedZones.observations,
    pipeline,
    services,
    mounts: [certificates.mount],
    health: () => ({
      status: caughtUp && iam.view.tokenKeys().length > 0 ? 'ok' : 'starting',
      region,
      zone,
      log: worst(iam.health().state, route53.health().state, acme.health().state),
      services: services.map(s => s.model.id),
    }),
    async close() {
      stop.abort();
      await Promise.all([keyed, firstCatchUp]);
      hostedZones.close();
      await Promise.all([iam.close(), route53.close(), acme.close(), certificates.close()]);
    },
  };
}

const STATES = ['ok', 'degraded', 'no-quorum'] as const;
const worst = (...states: readonly ZoneHealth['log'][]): ZoneHealth['log'] =>
  STATES.findLast(state => states.includes(state)) ?? 'ok';

function replicaOf<Command, Result, View>(
  name: keyof ZoneOptions['logs'],
  machine: StateMachine<Command, Result, View>,
  options: ZoneOptions,
): Replica<Command, Result, View> {
  const { clock, random, logger, telemetry, quorumGraceMs, snapshotEvery, keepBehind } = options;
  return new Replica({
    ...{ machine, clock, random, quorumGraceMs },
    ...options.logs[name],
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
