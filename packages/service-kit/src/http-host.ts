/**
 * A host's HTTP side: Fastify for the listener, its hooks and the operator's own routes; AWS requests leave Fastify
 * before it looks at their content type and go through the pipeline.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AwsError, type WireResponse, writeError } from '@stormglass/aws-wire';
import { errorStory, type Logger } from '@stormglass/base';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Pipeline } from './pipeline.ts';
import { type BodyLimits, readBody } from './request-body.ts';

export interface HttpHostOptions {
  readonly pipeline: Pipeline;
  readonly logger: Logger;
  /** Answers `/_stormglass/health`. */
  readonly health: () => object;
  readonly limits?: Partial<BodyLimits>;
}

/** Large enough for any call of the query and JSON services; streaming services bring their own limit. */
const LIMITS: BodyLimits = { maxBytes: 1024 * 1024, timeoutMs: 20_000 };
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** As much header as AWS takes: presigned requests and session tokens are long. */
const HEADER_BYTES_MAX = 32 * 1024;

/** Builds the host; the caller listens, or hands it sockets with `acceptSocket`. */
export function createHttpHost(options: HttpHostOptions): FastifyInstance {
  const limits = { ...LIMITS, ...options.limits };
  const app = Fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 2000 },
    clientErrorHandler: answerUnreadable,
  });
  app.get('/_stormglass/health', () => options.health());
  app.all('/*', {
    onRequest: (request, reply) => {
      reply.hijack();
      void serve(request.raw, reply.raw, options, limits);
    },
    handler: () => {},
  });
  app.server.on('checkContinue', (request, response) => {
    continuing.add(request);
    app.routing(request, response);
  });
  return app;
}

/** Serves a connection that another process accepted. */
export const acceptSocket = (app: FastifyInstance, socket: Socket): void => {
  (app.server as Server).emit('connection', socket);
};

/** Requests that wait for `100 Continue` before they send their body. */
const continuing = new WeakSet<IncomingMessage>();

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { pipeline, logger }: HttpHostOptions,
  limits: BodyLimits,
): Promise<void> {
  try {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const head = {
      method: request.method ?? 'GET',
      path: mark < 0 ? url : url.slice(0, mark),
      query: mark < 0 ? '' : url.slice(mark + 1),
      headers: request.headers,
      rawHeaders: request.rawHeaders,
    };
    const body = () => {
      if (continuing.has(request)) response.writeContinue();
      return readBody(request, limits);
    };
    const { socket } = request;
    const origin = { remoteAddress: plainAddress(socket.remoteAddress), isSecure: 'encrypted' in socket };
    send(request, response, await pipeline.handle(head, body, origin));
  } catch (error) {
    logger.error('a request could not be answered', { error: errorStory(error) });
    response.destroy();
  }
}

const plainAddress = (address: string | undefined): string => address?.replace(/^::ffff:/, '') ?? '';

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.destroyed) return;
  if (!request.complete) headers.connection = 'close';
  const bytes = typeof body === 'string' ? Buffer.from(body) : body instanceof Uint8Array ? body : undefined;
  const flat: (string | number)[] = [];
  for (const name in headers) flat.push(name, headers[name]!);
  flat.push('content-length', bytes?.length ?? 0);
  response.writeHead(status, flat as string[]);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const UNREADABLE: Record<string, [status: number, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'RequestHeaderSectionTooLarge', 'The request headers are larger than the server accepts.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request was not received in time.'],
};

/** What Node could not even parse gets an AWS-shaped error and the end of its connection. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = UNREADABLE[error.code ?? ''] ?? [
    400,
    'MalformedHttpRequest',
    'The request is not valid HTTP.',
  ];
  const request = { method: 'GET', path: '/', query: '', headers: {}, body: Buffer.alloc(0) };
  const { headers, body } = writeError(undefined, new AwsError(code, status, message), request, '');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = typeof body === 'string' ? body : '';
  socket.end(
    `HTTP/1.1 ${status} ${code}\r\n${lines.join('')}content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
