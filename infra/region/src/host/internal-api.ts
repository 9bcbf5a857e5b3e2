/**
 * What a zone's host tells the other zones and the world: how its replicas stand, their state as text, and who calls.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Clock, Logger } from '@stormglass/base';
import { type ContributorReport, INTERNAL, type ReplicaReport } from '@stormglass/contracts';
import { MutualTlsServer, type TlsIdentity } from '@stormglass/pki';
import { type Snapshot, writeSnapshot } from '@stormglass/replicated-state';
import { readBody, TRAFFIC_TABLES, type Traffic } from '@stormglass/service-kit';
import type { AnyReplica } from './zone.ts';

export interface InternalApiOptions {
  readonly zone: string;
  readonly region: string;
  readonly replicas: Readonly<Record<string, AnyReplica>>;
  /** Absent where no calls are answered. */
  readonly traffic?: Traffic;
  /** What the world tells the host, by path (`INTERNAL`); absent where it has another way to do so. */
  readonly fromWorld?: Readonly<Record<string, (told: unknown) => void>>;
  readonly identity: TlsIdentity;
  readonly port: number;
  /** The address to listen on. */
  readonly host: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Listens for hosts of this region and for the world. */
export async function serveInternalApi(options: InternalApiOptions): Promise<MutualTlsServer> {
  const { zone, region, replicas, traffic, fromWorld = {}, identity, port, host, clock, logger } = options;
  const ofTheWorld = new WeakSet<object>();
  const http = createServer((request, response) => {
    const snapshot = snapshotAsked(request.url ?? '', replicas);
    if (snapshot !== undefined) {
      Readable.from(writeSnapshot(snapshot)).pipe(response);
      return;
    }
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const told = fromWorld[request.url ?? ''];
    if (request.url === INTERNAL.replicas) answer(200, report(zone, replicas));
    else if (request.url === INTERNAL.contributors && traffic !== undefined) {
      void contributors(zone, traffic).then(found => answer(200, found));
    } else if (told !== undefined && ofTheWorld.has(request.socket)) {
      readJson(request).then(
        body => {
          told(body);
          answer(200, null);
        },
        (error: Error) => answer(400, { message: error.message }),
      );
    } else answer(404, { message: 'not here' });
  });
  const server = new MutualTlsServer({
    ...{ identity, clock, logger },
    admits: peer => peer.region === region,
    onPeer: (socket, { role }) => {
      if (role === 'world') ofTheWorld.add(socket);
      http.emit('connection', socket);
    },
  });
  await server.listen(port, host);
  return server;
}

const BODY_LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 5000 };

const readJson = async (request: IncomingMessage): Promise<unknown> =>
  JSON.parse((await readBody(request, BODY_LIMITS, () => {})).toString());

/** The state asked for, if it reaches as far as asked. */
function snapshotAsked(url: string, replicas: Readonly<Record<string, AnyReplica>>): Snapshot | undefined {
  const atLeast = Number(/[?&]at-least=(\d+)$/.exec(url)?.[1] ?? 0);
  const log = Object.keys(replicas).find(name => url === INTERNAL.snapshot(name, atLeast));
  const replica = log === undefined ? undefined : replicas[log];
  return replica === undefined || replica.applied < atLeast ? undefined : replica.snapshot();
}

async function contributors(zone: string, { hot }: Traffic): Promise<ContributorReport> {
  const found = TRAFFIC_TABLES.map(async table => [table, await hot.top(table, TOP_MAX, TOP_WINDOW_MS)] as const);
  return {
    zone,
    isShared: hot.isShared,
    windowMs: TOP_WINDOW_MS,
    tables: Object.fromEntries(await Promise.all(found)),
  };
}

const TOP_MAX = 20;
const TOP_WINDOW_MS = 60_000;

const report = (zone: string, replicas: Readonly<Record<string, AnyReplica>>): ReplicaReport[] =>
  Object.entries(replicas).map(([log, replica]) => ({
    zone,
    log,
    applied: replica.applied,
    hash: replica.hash,
    snapshotSeq: replica.snapshotSeq,
    state: replica.health().state,
  }));
