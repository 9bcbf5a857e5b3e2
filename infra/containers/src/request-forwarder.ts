/**
 * The way of a request through an entrance: find the service, pass the request on, hand its answer back. What cannot be
 * passed on is answered as AWS would, so that SDKs know what to do.
 */
import {
  AwsError,
  missingAuthentication,
  parseAuthorization,
  type WireRequest,
  type WireResponse,
  writeError,
} from '@stormglass/aws-wire';
import { errorStory, type Logger, type Random, uuid } from '@stormglass/base';
import type { ServiceName } from '@stormglass/region/services';
import {
  forwardedHeaders,
  type Origin,
  type RequestBody,
  ServiceTable,
  type Span,
  saysOrigin,
  type Telemetry,
} from '@stormglass/service-kit';
import { MOUNTED, ROUTES, STREAMED } from './routes.ts';
import type { ServiceConnection } from './service-connection.ts';

type Connection = Pick<ServiceConnection, 'pass' | 'passStreamed'>;

export interface RequestForwarderOptions {
  readonly connections: ReadonlyMap<ServiceName, Connection>;
  readonly zone: string;
  readonly random: Random;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

type Head = Omit<WireRequest, 'body'>;

const NO_BODY = Buffer.alloc(0);
const NOTHING: WireRequest = { method: 'GET', path: '/', query: '', headers: {}, body: NO_BODY };
const BODY_BYTES_MAX: ReadonlyMap<ServiceName | undefined, number | undefined> = new Map(
  ROUTES.map(({ service, bodyBytesMax }) => [service, bodyBytesMax]),
);
/** Each hop has its own (RFC 9110, 7.6.1); the length is that of the body as it was read. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

export class RequestForwarder {
  readonly #options: RequestForwarderOptions;
  readonly #table = new ServiceTable(ROUTES);

  constructor(options: RequestForwarderOptions) {
    this.#options = options;
  }

  /** Answers a request; never rejects. */
  async handle(head: Head, body: RequestBody, origin: Origin): Promise<WireResponse> {
    const { telemetry } = this.#options;
    const span = telemetry.request('entrance', head.headers);
    let request: WireRequest = { ...head, body: NO_BODY };
    try {
      // The body has to be asked only where nobody has signed, and nothing in the head tells.
      const told = this.#serviceOf(request);
      if (told !== undefined && STREAMED.has(told)) {
        span?.rename(`entrance ${told}`);
        return this.#end(span, await this.#passStreamed(told, request, body, origin, span));
      }
      request = { ...head, body: await body.whole(BODY_BYTES_MAX.get(told)) };
      const service = told ?? this.#serviceOf(request);
      if (service === undefined) throw missingAuthentication('query');
      span?.rename(`entrance ${service}`);
      return this.#end(span, await this.#pass(service, request, origin, span));
    } catch (error) {
      return this.#end(span, this.#error(request, error), error);
    }
  }

  /** The answer to a request that could not be read as HTTP. */
  refuse(error: AwsError): WireResponse {
    return this.#error(NOTHING, error);
  }

  #serviceOf(request: WireRequest): ServiceName | undefined {
    const mounted = MOUNTED.find(({ path }) => request.path === path || request.path.startsWith(`${path}/`));
    if (mounted !== undefined) return mounted.service;
    return this.#table.find(request, parseAuthorization(request))?.service;
  }

  async #passStreamed(
    service: ServiceName,
    request: WireRequest,
    body: RequestBody,
    origin: Origin,
    span: Span | undefined,
  ): Promise<WireResponse> {
    const headers = [...kept(request), ...forwardedHeaders(origin, span?.traceparent)];
    const asked = { method: request.method, path: target(request), headers, body };
    return this.#answered(service, connection => connection.passStreamed(asked));
  }

  async #pass(
    service: ServiceName,
    request: WireRequest,
    origin: Origin,
    span: Span | undefined,
  ): Promise<WireResponse> {
    const { method, body } = request;
    const headers = [...passedOn(request, body.length), ...forwardedHeaders(origin, span?.traceparent)];
    const asked = { method, path: target(request), headers, body };
    return this.#answered(service, connection => connection.pass(asked));
  }

  async #answered(
    service: ServiceName,
    pass: (connection: Connection) => Promise<WireResponse>,
  ): Promise<WireResponse> {
    const { connections, logger, zone } = this.#options;
    try {
      return await pass(connections.get(service)!);
    } catch (error) {
      // The client broke off, or said something that cannot be passed on.
      if (error instanceof AwsError) throw error;
      logger.warn('entrance: no answer', { service, error: errorStory(error) });
      const message = `${service} does not answer in ${zone}. A retry is safe.`;
      throw new AwsError('ServiceUnavailable', 503, message, { cause: error });
    }
  }

  #error(request: WireRequest, error: unknown): WireResponse {
    const { random, zone } = this.#options;
    const response = writeError(undefined, error, request, uuid(random));
    response.headers['x-stormglass-zone'] = zone;
    if (response.status === 503) response.headers.connection = 'close';
    return response;
  }

  #end(span: Span | undefined, response: WireResponse, error?: unknown): WireResponse {
    span?.attribute('http.response.status_code', response.status);
    span?.attribute('stormglass.zone', this.#options.zone);
    span?.end(response.status >= 500 ? error : undefined);
    return response;
  }
}

const target = ({ path, query }: WireRequest): string => (query === '' ? path : `${path}?${query}`);

function kept({ headers, rawHeaders = [] }: WireRequest): string[] {
  const raw =
    rawHeaders.length > 0 ? rawHeaders : Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
  const pairs: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    if (!NOT_PASSED_ON.has(name.toLowerCase()) && !saysOrigin(name)) pairs.push(name, raw[i + 1]!);
  }
  return pairs;
}

function passedOn(request: WireRequest, length: number): string[] {
  const { method } = request;
  return length === 0 && (method === 'GET' || method === 'HEAD')
    ? kept(request)
    : [...kept(request), 'content-length', String(length)];
}
