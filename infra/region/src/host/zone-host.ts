/**
 * A zone in a process: its disk, its listeners, its connection to the log. It starts with nothing but its disk, serves
 * what it can at once, and becomes whole by itself as the log and its peers can be reached.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import type { ZoneHostConfig } from '@stormglass/contracts';
import { LinkRules } from '@stormglass/faults';
import { snapshotFiles } from '@stormglass/replicated-state';
import { createHttpHost, observeAdmission, observeLog, type Telemetry } from '@stormglass/service-kit';
import type { FastifyInstance } from 'fastify';
import { startEngine } from './engine.ts';
import { serveInternalApi } from './internal-api.ts';
import { peerSnapshots } from './peer-snapshots.ts';
import { startZoneResolver } from './resolver.ts';
import { startZone } from './zone.ts';

export interface ZoneHostOptions {
  readonly config: ZoneHostConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Gets a line for each DNS query. */
  readonly queryLogger?: Logger;
}

export interface ZoneHost {
  readonly app: FastifyInstance;
  /** Faults on the links of connections this host makes; the world says which. */
  readonly links: LinkRules;
  close(): Promise<void>;
}

export async function startZoneHost(options: ZoneHostOptions): Promise<ZoneHost> {
  const { config, clock, random, logger, telemetry, queryLogger } = options;
  const { partition, region, homeRegion, zone, folder, peers } = config;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const links = new LinkRules();
  const engine = startEngine(config.engine, folder, clock, logger);
  const parts = await startZone({
    ...{ partition, region, homeRegion, zone, clock, random, logger, telemetry },
    iamLog: await engine.open('iam'),
    snapshots: snapshotFiles(join(folder, 'snapshots', 'iam'), logger),
    peers: peerSnapshots({ zone, peers, log: 'iam', links, clock }),
    quorumGraceMs: engine.quorumGraceMs,
    deadlineMs: engine.deadlineMs,
  });
  observeAdmission(telemetry, parts.pipeline.admission);
  observeLog(telemetry, 'iam', parts.iam);
  const app = createHttpHost({ pipeline: parts.pipeline, logger, health: parts.health });
  const internal = await serveInternalApi(zone, { iam: parts.iam }, config.internalSocket);
  const resolver = startZoneResolver({
    services: parts.services.map(({ model, isGlobal }) => ({ prefix: model.signingName, isGlobal })),
    ...{ config, authorities: [], ownHealth: parts.health, links, clock, random, logger, queryLogger },
  });
  await app.listen({ port: config.port, host: '127.0.0.1' });
  return {
    app,
    links,
    async close() {
      await resolver.close();
      await app.close();
      await closeServer(internal);
      await parts.close();
      await engine.close();
    },
  };
}

const closeServer = (server: Server): Promise<void> => new Promise(resolve => server.close(() => resolve()));
