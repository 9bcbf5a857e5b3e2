/**
 * Everything that runs in one zone: its copies of the logs, its services, its listeners. It starts with nothing but its
 * disk, serves what it can at once, and becomes whole by itself as the log and its peers can be reached.
 */

import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { type Clock, errorStory, type Logger, type Random } from '@stormglass/base';
import type { ZoneHealth, ZoneHostConfig } from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { createIamService, ensureTokenKey } from '@stormglass/iam';
import { type IamCommand, type IamResult, IamState, type IamView } from '@stormglass/identity';
import { Replica, snapshotFiles } from '@stormglass/replicated-state';
import { Admission, createHttpHost, type IamReplica, Pipeline, type Telemetry } from '@stormglass/service-kit';
import { createStsService } from '@stormglass/sts';
import type { FastifyInstance } from 'fastify';
import { startEngine } from './engine.ts';
import { serveInternalApi } from './internal-api.ts';
import { peerSnapshots } from './peer-snapshots.ts';

export interface ZoneHostOptions {
  readonly config: ZoneHostConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

export interface ZoneHost {
  readonly app: FastifyInstance;
  /** Faults on the links of connections this host makes; the world says which. */
  readonly links: LinkRules;
  close(): Promise<void>;
}

/** Requests a host works on at once; more are refused with 503. */
const REQUESTS_MAX = 2048;
const CATCH_UP_MS = 300;

export async function startZoneHost({ config, clock, random, logger, telemetry }: ZoneHostOptions): Promise<ZoneHost> {
  mkdirSync(config.folder, { recursive: true, mode: 0o700 });
  const links = new LinkRules();
  const engine = startEngine(config.engine, config.folder, clock, logger);
  const replica = new Replica<IamCommand, IamResult, IamView>({
    machine: new IamState({ partition: config.partition }),
    log: await engine.open('iam'),
    clock,
    random,
    logger: logger.with({ log: 'iam' }),
    snapshots: snapshotFiles(join(config.folder, 'snapshots', 'iam'), logger),
    peers: peerSnapshots({ zone: config.zone, peers: config.peers, log: 'iam', links, clock }),
    quorumGraceMs: engine.quorumGraceMs,
  });
  await replica.start();

  const iam: IamReplica = { view: replica.view, catchUp: () => replica.upToDate(clock.monotonic() + CATCH_UP_MS) };
  const services = [createIamService({ replica, random }), createStsService({ replica, random, clock })];
  const pipeline = new Pipeline({
    services,
    iam,
    admission: new Admission(REQUESTS_MAX),
    clock,
    random,
    logger,
    telemetry,
    partition: config.partition,
    region: config.region,
    homeRegion: config.homeRegion,
    zone: config.zone,
    deadlineMs: engine.deadlineMs,
  });
  const health = (): ZoneHealth => ({
    status: replica.view.tokenKeys().length > 0 ? 'ok' : 'starting',
    region: config.region,
    zone: config.zone,
    log: replica.health().state,
    services: services.map(s => s.model.id),
  });
  const app = createHttpHost({ pipeline, logger, health });
  const stop = new AbortController();
  // The zone serves before there is a key; only what needs one waits for it.
  const keyed = ensureTokenKey({ replica, random, clock, signal: stop.signal }).catch(error => {
    if (!stop.signal.aborted) logger.error('no key for session tokens', { error: errorStory(error) });
  });
  const internal = await serveInternalApi(config.zone, { iam: replica }, config.internalSocket);
  await app.listen({ port: config.port, host: '127.0.0.1' });
  return {
    app,
    links,
    async close() {
      stop.abort();
      await app.close();
      await closeServer(internal);
      await keyed;
      await replica.close();
      await engine.close();
    },
  };
}

const closeServer = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()));
