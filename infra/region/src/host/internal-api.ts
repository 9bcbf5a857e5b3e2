/**
 * What a zone's host tells the other zones and the world: how its replicas stand, their state as text, and who calls.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { type Clock, errorStory, type Logger } from '@stormglass/base';
import { BLOBS, type ContributorReport, INTERNAL, type ObjectsReport, type ReplicaReport } from '@stormglass/contracts';
import { MutualTlsServer, type TlsIdentity, type VerifiedPeer } from '@stormglass/pki';
import { writeSnapshot } from '@stormglass/replicated-state';
import { readBody, TRAFFIC_TABLES, type Traffic } from '@stormglass/service-kit';
import type { BlobRoutes } from './objects/blob-routes.ts';
import type { RegionAnswer, RegionRoutes } from './region-routes.ts';
import type { AnyReplica } from './zone.ts';

export interface InternalApiOptions {
  readonly zone: string;
  readonly region: string;
  readonly replicas: Readonly<Record<string, AnyReplica>>;
  /** Absent where no calls are answered. */
  readonly traffic?: Traffic;
  /** What the world tells the host, by path (`INTERNAL`); absent where it has another way to do so. */
  readonly fromWorld?: Readonly<Record<string, (told: unknown) => void>>;
  /** What zones of other regions may ask; absent where there are none. */
  readonly forRegions?: RegionRoutes;
  /** What other hosts of this region may ask beside. */
  readonly forHosts?: RegionRoutes;
  /** Takes their calls about the bytes of objects (`BLOBS`). */
  readonly blobs?: BlobRoutes | undefined;
  /** How the bytes of objects stand here. */
  readonly objects?: (() => Promise<ObjectsReport>) | undefined;
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
  const { forRegions = {}, forHosts = {}, blobs, objects } = options;
  const ofTheWorld = new WeakSet<object>();
  const peers = new WeakMap<object, VerifiedPeer>();
  const ofOtherRegions = new WeakMap<object, VerifiedPeer>();
  const http = createServer((request, response) => {
    const foreigner = ofOtherRegions.get(request.socket);
    if (foreigner !== undefined) {
      void serveRegion(forRegions, foreigner, request, response, logger);
      return;
    }
    const snapshot = snapshotAsked(request.url ?? '', replicas);
    if (snapshot !== undefined) {
      pipeline(Readable.from(snapshot), response, error => {
        if (error && !request.destroyed) logger.warn('a snapshot was not sent', { error: errorStory(error) });
      });
      return;
    }
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const host = peers.get(request.socket);
    if (host !== undefined && Object.hasOwn(forHosts, `${request.method} ${request.url}`)) {
      void serveRegion(forHosts, host, request, response, logger);
      return;
    }
    if (host !== undefined && blobs !== undefined && request.url?.startsWith(BLOBS.folder)) {
      blobs(request, response);
      return;
    }
    const told = fromWorld[request.url ?? ''];
    if (request.url === INTERNAL.replicas) answer(200, report(zone, replicas));
    else if (request.url === INTERNAL.contributors && traffic !== undefined) {
      void contributors(zone, traffic).then(found => answer(200, found));
    } else if (request.url === INTERNAL.objects && objects !== undefined) {
      void objects().then(
        found => answer(200, found),
        (error: unknown) => answer(500, { message: errorStory(error) }),
      );
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
  // A large blob takes as long as it takes; who reads it looks whether anything comes.
  http.requestTimeout = 0;
  const server = new MutualTlsServer({
    ...{ identity, clock, logger },
    // Peers of another partition have been refused before.
    admits: peer => peer.region === region || (peer.role === 'host' && Object.keys(forRegions).length > 0),
    onPeer: (socket, peer) => {
      if (peer.region !== region) ofOtherRegions.set(socket, peer);
      else if (peer.role === 'world') ofTheWorld.add(socket);
      else peers.set(socket, peer);
      http.emit('connection', socket);
    },
  });
  await server.listen(port, host);
  return server;
}

/** Answers a zone of another region; never rejects. */
async function serveRegion(
  routes: RegionRoutes,
  peer: VerifiedPeer,
  request: IncomingMessage,
  response: ServerResponse,
  logger: Logger,
): Promise<void> {
  const { method = 'GET', url = '' } = request;
  const [path = '', query = ''] = url.split('?');
  const answer = (): Promise<RegionAnswer> | RegionAnswer => {
    const key = `${method} ${path}`;
    const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
    if (route === undefined) return { status: 403, json: { message: `${path} is not for ${peer.region}` } };
    const asked = { peer, query: new URLSearchParams(query) };
    if (method === 'GET') return route({ ...asked, body: undefined });
    return readJson(request).then(
      body => route({ ...asked, body }),
      (error: Error) => ({ status: 400, json: { message: error.message } }),
    );
  };
  try {
    const found = await answer();
    response.writeHead(found.status, { 'content-type': 'application/json' });
    if ('snapshot' in found) Readable.from(writeSnapshot(found.snapshot)).pipe(response);
    else response.end(JSON.stringify(found.json));
  } catch (error) {
    logger.error('a call of another region failed', { path, from: peer.region, error: errorStory(error) });
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}

const BODY_LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 5000 };

const readJson = async (request: IncomingMessage): Promise<unknown> =>
  JSON.parse((await readBody(request, BODY_LIMITS, () => {})).toString());

/** The state asked for, if it reaches as far as asked. */
function snapshotAsked(
  url: string,
  replicas: Readonly<Record<string, AnyReplica>>,
): AsyncIterable<Uint8Array> | undefined {
  const atLeast = Number(/[?&]at-least=(\d+)$/.exec(url)?.[1] ?? 0);
  const log = Object.keys(replicas).find(name => url === INTERNAL.snapshot(name, atLeast));
  const replica = log === undefined ? undefined : replicas[log];
  return replica === undefined || replica.applied < atLeast ? undefined : replica.snapshotStream();
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
