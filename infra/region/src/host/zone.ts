/**
 * What one zone consists of, without its sockets: its copies of the logs, its services, and the pipeline that answers
 * requests. `zone-host.ts` gives it a process, files and listeners; a simulation gives it virtual ones.
 */
import { type Clock, errorStory, type Logger, type Random, sleep } from '@stormglass/base';
import type { ZoneHealth } from '@stormglass/contracts';
import { createIamService } from '@stormglass/iam';
import { type IamCommand, type IamResult, IamState, type IamView } from '@stormglass/identity';
import { type PeerSnapshots, Replica, type ReplicatedLog, type SnapshotStore } from '@stormglass/replicated-state';
import {
  Admission,
  type IamReplica,
  logTracing,
  Pipeline,
  type Service,
  type Telemetry,
} from '@stormglass/service-kit';
import { createStsService, ensureTokenKey } from '@stormglass/sts';

export interface ZoneOptions {
  readonly partition: string;
  readonly region: string;
  readonly homeRegion: string;
  readonly zone: string;
  /** This zone's end of the IAM log. */
  readonly iamLog: ReplicatedLog;
  readonly snapshots: SnapshotStore;
  readonly peers: PeerSnapshots;
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
  readonly pipeline: Pipeline;
  readonly services: readonly Service[];
  health(): ZoneHealth;
  close(): Promise<void>;
}

/** Requests a zone works on at once; more are refused with 503. */
const REQUESTS_MAX = 2048;
/** How long a request that looks wrong waits for news from other zones before it is refused, in ms. */
const CATCH_UP_MS = 300;

export async function startZone(options: ZoneOptions): Promise<ZoneParts> {
  const { partition, region, homeRegion, zone, clock, random, logger, telemetry, deadlineMs } = options;
  const iam = new Replica<IamCommand, IamResult, IamView>({
    machine: new IamState({ partition }),
    log: options.iamLog,
    clock,
    random,
    logger: logger.with({ log: 'iam' }),
    snapshots: options.snapshots,
    peers: options.peers,
    tracing: logTracing(telemetry, 'iam', clock),
    quorumGraceMs: options.quorumGraceMs,
    ...(options.snapshotEvery === undefined ? {} : { snapshotEvery: options.snapshotEvery }),
    ...(options.keepBehind === undefined ? {} : { keepBehind: options.keepBehind }),
  });
  await iam.start();
  const { tamper = service => service } = options;
  const services = [createIamService({ replica: iam, random }), createStsService({ replica: iam, random, clock })].map(
    tamper,
  );
  const view: IamReplica = { view: iam.view, catchUp: () => iam.upToDate(clock.monotonic() + CATCH_UP_MS) };
  const admission = new Admission(REQUESTS_MAX);
  const pipeline = new Pipeline({
    ...{ services, iam: view, admission, clock, random, logger, telemetry },
    ...{ partition, region, homeRegion, zone, deadlineMs },
  });
  const stop = new AbortController();
  let caughtUp = false;
  const firstCatchUp = catchUpOnce(iam, clock, stop.signal).then(
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
    pipeline,
    services,
    health: () => ({
      status: caughtUp && iam.view.tokenKeys().length > 0 ? 'ok' : 'starting',
      region,
      zone,
      log: iam.health().state,
      services: services.map(s => s.model.id),
    }),
    async close() {
      stop.abort();
      await Promise.all([keyed, firstCatchUp]);
      await iam.close();
    },
  };
}

const CATCH_UP_RETRY_MS = 25;

/** Resolves when the replica has applied everything that was acknowledged before it started. */
async function catchUpOnce(iam: ZoneParts['iam'], clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await iam.upToDate(clock.monotonic() + 1000);
    } catch {
      await sleep(clock, CATCH_UP_RETRY_MS, signal);
    }
  }
}
