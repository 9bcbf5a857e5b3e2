/**
 * Takes OTLP over HTTP, as JSON and as protobuf (OTLP specification 1.x, "OTLP/HTTP"): `POST /v1/traces` and
 * `POST /v1/metrics`.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { decodeOtlp, type OtlpMessage } from './otlp/protobuf.ts';
import { receivedPoints } from './otlp/received-points.ts';
import { receivedSpans } from './otlp/received-spans.ts';
import { BadRequest, requestBytes } from './request-bytes.ts';
import type { MetricStore } from './store/metric-store.ts';
import type { SpanStore } from './store/span-store.ts';

const BYTES_MAX = 8 * 1024 * 1024;
const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

export interface Stores {
  readonly spans: SpanStore;
  readonly metrics: MetricStore;
}

export function otlpReceiver(stores: Stores): RequestListener {
  return (request, response) => void receive(request, response, stores);
}

async function receive(request: IncomingMessage, response: ServerResponse, stores: Stores): Promise<void> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim();
  try {
    if (request.method !== 'POST') throw new BadRequest(405, 'POST only');
    const [message, keep] = taker(request.url ?? '', stores);
    const rejected = keep(readBody(message, type, await requestBytes(request, BYTES_MAX)));
    answer(response, type, 200, rejected);
  } catch (error) {
    const status = error instanceof BadRequest ? error.status : 500;
    // What is left of the body is not read.
    response.setHeader('connection', 'close');
    response
      .writeHead(status, { 'content-type': JSON_TYPE })
      .end(JSON.stringify({ message: (error as Error).message }));
  }
}

/** What a path takes; what is returned says how many spans were refused. */
function taker(path: string, { spans, metrics }: Stores): [OtlpMessage, (request: unknown) => number] {
  if (path === '/v1/traces')
    return [
      'ExportTraceServiceRequest',
      request => {
        const received = receivedSpans(request);
        for (const span of received.spans) spans.add(span);
        return received.rejected;
      },
    ];
  if (path === '/v1/metrics')
    return [
      'ExportMetricsServiceRequest',
      request => {
        metrics.add(receivedPoints(request));
        return 0;
      },
    ];
  throw new BadRequest(404, 'only /v1/traces and /v1/metrics are taken here');
}

function readBody(message: OtlpMessage, type: string, bytes: Buffer): unknown {
  if (type !== JSON_TYPE && type !== PROTOBUF_TYPE) {
    throw new BadRequest(415, `content-type ${type || '(none)'}: ${JSON_TYPE} and ${PROTOBUF_TYPE} are understood`);
  }
  try {
    return type === JSON_TYPE ? JSON.parse(bytes.toString()) : decodeOtlp(message, bytes);
  } catch (error) {
    throw new BadRequest(400, `not ${type}: ${(error as Error).message}`);
  }
}

/** Success, in the form of the question; an empty protobuf message is one of zero bytes. */
function answer(response: ServerResponse, type: string, status: number, rejectedSpans: number): void {
  response.writeHead(status, { 'content-type': type });
  if (type === PROTOBUF_TYPE) response.end();
  else if (rejectedSpans === 0) response.end('{}');
  else
    response.end(
      JSON.stringify({
        partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage: 'ids or times are missing' },
      }),
    );
}
