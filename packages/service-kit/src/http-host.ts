/**
 * A host's HTTP side: Fastify for the listener, its hooks and the operator's own routes; AWS requests leave Fastify
 * before it looks at their content type and go through the pipeline. Whatever arrives, the answer is AWS-shaped.
 */
import { type IncomingMessage, METHODS, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { AwsError } from '@stormglass/aws-wire';
import { errorStory, type Logger } from '@stormglass/base';
import type { TlsIdentity } from '@stormglass/pki';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { arrivalOf, rememberArrival } from './connection-arrivals.ts';
import { LARGE_BYTES_MAX, LargeBodies } from './large-bodies.ts';
import type { Pipeline } from './pipeline.ts';
import { type BodyLimits, bodyOnSocket, type SocketBody } from './request-body.ts';
import type { Origin } from './request-facts.ts';
import { send } from './send-response.ts';
import type { Arrival } from './telemetry.ts';
import { speakTlsToo, tlsFactsOf } from './tls-connections.ts';
import { UnreadableRequests } from './unreadable-requests.ts';

export interface HttpHostOptions {
  readonly pipeline: Pick<Pipeline, 'handle' | 'refuse'>;
  readonly logger: Logger;
  /** Answers `/_stormglass/health`. */
  readonly health: () => object;
  readonly limits?: Partial<HttpLimits>;
  /** The certificate that clients see; with one, the same port speaks TLS and plain HTTP. */
  readonly tls?: TlsIdentity;
  /** Where a request comes from; what its connection says, unless said otherwise. */
  readonly originOf?: (request: IncomingMessage) => Origin;
  /** Routes of services that are none of AWS; each below a path of its own. */
  readonly mounts?: readonly ((app: FastifyInstance) => void)[];
}

export interface HttpLimits extends BodyLimits {
  /** For the whole head of a request, from the first moment of a connection on. */
  readonly headersTimeoutMs: number;
  /** How long the rest of a refused body is read and thrown away, so that its sender gets to see the refusal. */
  readonly lingerMs: number;
  /** What all bodies together may have in memory beyond `maxBytes` each, where services let them. */
  readonly largeBytes: number;
}

/** Large enough for any call of the query and JSON services; streaming services bring their own limit. */
const LIMITS: HttpLimits = {
  maxBytes: 1024 * 1024,
  timeoutMs: 20_000,
  headersTimeoutMs: 10_000,
  lingerMs: 2000,
  largeBytes: LARGE_BYTES_MAX,
};
const KEEP_ALIVE_MS = 65_000;
/** As much header as AWS takes: presigned requests and session tokens are long. */
const HEADER_BYTES_MAX = 32 * 1024;

/**
 * No route has a schema for Fastify to compile: the models of `aws-wire` read and validate. Said here, because Fastify
 * otherwise loads its compilers, a hundred modules, before it looks whether any route needs them.
 */
const noSchemas = (): never => {
  throw new Error('no route of a host has a schema');
};
const NO_SCHEMAS = { buildValidator: noSchemas, buildSerializer: noSchemas };

/** Builds the host; the caller listens, or hands it sockets with `acceptSocket`. */
export function createHttpHost(options: HttpHostOptions): FastifyInstance {
  const limits = { ...LIMITS, ...options.limits };
  const large = new LargeBodies(limits.largeBytes);
  const unreadable = new UnreadableRequests(options.pipeline);
  const toPipeline = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.hijack();
    void serve(request.raw, reply.raw, options, limits, large);
  };
  const app = Fastify({
    logger: false,
    schemaController: { compilersFactory: NO_SCHEMAS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(2000, limits.headersTimeoutMs),
      // A request without a host gets an answer like any other; its signature cannot match.
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => unreadable.answer(error, socket),
    // Paths that Fastify cannot decode are the pipeline's to judge.
    frameworkErrors: (_error, request, reply) =>
      toPipeline(request as FastifyRequest, reply as unknown as FastifyReply),
  });
  for (const method of METHODS) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.get('/_stormglass/health', () => options.health());
  for (const mount of options.mounts ?? []) mount(app);
  app.all('/*', { onRequest: toPipeline, handler: () => {} });
  // Whoever has said all he wants to say may still listen.
  (app.server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  if (options.tls !== undefined) {
    speakTlsToo(app.server as Server, { identity: options.tls, timeoutMs: limits.headersTimeoutMs });
  }
  app.server.on('request', (request, response) => unreadable.watch(request, response));
  app.server.on('checkContinue', (request, response) => {
    continuing.add(request);
    app.server.emit('request', request, response);
  });
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const error = new AwsError('ExpectationFailed', 417, 'The only expectation that can be met is 100-continue.');
    void send(request, response, options.pipeline.refuse(error), limits);
  });
  return app;
}

/** Serves a connection that another process accepted; `arrival` is told with its first request. */
export const acceptSocket = (app: FastifyInstance, socket: Socket, arrival?: Arrival): void => {
  // As the sockets that the server accepts itself: the client may close its side and still wait for the answer.
  socket.allowHalfOpen = true;
  if (arrival !== undefined) rememberArrival(socket, arrival);
  (app.server as Server).emit('connection', socket);
};

/** Requests that wait for `100 Continue` before they send their body. */
const continuing = new WeakSet<IncomingMessage>();

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { pipeline, logger, originOf = connectionOrigin }: HttpHostOptions,
  limits: HttpLimits,
  large: LargeBodies,
): Promise<void> {
  let body: SocketBody | undefined;
  try {
    const url = originForm(request.url ?? '/');
    const mark = url.indexOf('?');
    const head = {
      method: request.method ?? 'GET',
      path: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? '' : url.slice(mark + 1),
      headers: request.headers,
      rawHeaders: request.rawHeaders,
    };
    body = bodyOnSocket(request, limits, large, () => {
      if (continuing.has(request)) response.writeContinue();
    });
    await send(request, response, await pipeline.handle(head, body, originOf(request)), limits);
  } catch (error) {
    logger.error('a request could not be answered', { error: errorStory(error) });
    response.destroy();
  } finally {
    body?.release();
  }
}

/** A server must take `GET http://host/path` for `GET /path` (RFC 9112, 3.2.2). */
function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const rest = url.replace(/^https?:\/\/[^/?]*/i, '');
  return rest.startsWith('?') || rest === '' ? `/${rest}` : rest;
}

const connectionOrigin = ({ socket }: IncomingMessage): Origin => ({
  remoteAddress: plainAddress(socket.remoteAddress),
  arrival: arrivalOf(socket),
  isSecure: 'encrypted' in socket,
  ...(socket instanceof TLSSocket ? { tls: tlsFactsOf(socket) } : {}),
});

const plainAddress = (address: string | undefined): string => address?.replace(/^::ffff:/, '') ?? '';
