/**
 * A host for one service started alone, on an in-memory log: `node services/iam/src/main.ts`. Regions build their hosts
 * in `infra/region`; this is for trying a service, and for its own tests.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import type { IamView } from '@stormglass/identity';
import type { FastifyInstance } from 'fastify';
import { Admission } from './admission.ts';
import type { AuditSink } from './audit/index.ts';
import type { IamReplica } from './authentication.ts';
import { createHttpHost, type HttpHostOptions } from './http-host.ts';
import { Pipeline } from './pipeline.ts';
import type { Service } from './service.ts';
import { silentTelemetry } from './telemetry.ts';
import type { Traffic } from './traffic.ts';

export interface StandaloneOptions {
  readonly services: readonly Service[];
  readonly iam: IamReplica;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly traffic?: Traffic;
  /** Where calls are written down; without it they are not. */
  readonly audit?: AuditSink;
  readonly mounts?: HttpHostOptions['mounts'];
  /** us-east-1 unless said otherwise. */
  readonly region?: string;
}

const PLACE = { partition: 'aws', region: 'us-east-1', homeRegion: 'us-east-1', zone: 'us-east-1a' } as const;
const REQUESTS_MAX = 512;
const DEADLINE_MS = 5000;

/** The pipeline of a host that is a whole region with one zone. */
export const standalonePipeline = (options: StandaloneOptions): Pipeline =>
  new Pipeline({
    ...PLACE,
    ...options,
    admission: new Admission(REQUESTS_MAX),
    telemetry: silentTelemetry,
    deadlineMs: DEADLINE_MS,
  });

export function standaloneHost(options: StandaloneOptions): FastifyInstance {
  const names = options.services.map(service => service.model.id);
  const health = () => ({ status: 'ok', services: names });
  const { logger, mounts = [] } = options;
  return createHttpHost({ pipeline: standalonePipeline(options), logger, health, mounts });
}

/** Listens, says where, and stops when the process is told to; `close` ends what the service began. */
export async function serveUntilStopped(name: string, app: FastifyInstance, close: () => Promise<void>): Promise<void> {
  const address = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
  process.stdout.write(`${name} listens on ${address}\n`);
  const stop = () => void app.close().then(close);
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

/** How long a request waits for its zone to catch up before credentials or permissions it lacks are refused. */
const CATCH_UP_MS = 1000;

/** What pipelines need of the replica of the IAM state. */
export const iamReplicaOf = (
  replica: { readonly view: IamView; upToDate(deadline: number): Promise<void> },
  clock: Clock,
): IamReplica => ({
  get view() {
    return replica.view;
  },
  catchUp: () => replica.upToDate(clock.monotonic() + CATCH_UP_MS),
});
