/** A collector for tests: takes OTLP/HTTP with JSON on a port of the system's choice, and keeps what it was sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = string | number | boolean;
type Attributes = Readonly<Record<string, Value>>;

export interface CollectedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string | undefined;
  readonly status: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

export interface CollectedPoint {
  readonly metric: string;
  /** The value of a gauge or counter, the count of a histogram. */
  readonly value: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

export interface CollectorStub {
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  readonly points: CollectedPoint[];
  /** `x-api-key` of the last request. */
  apiKey: string | undefined;
  /** While true requests are taken and never answered. */
  hangs: boolean;
  close(): Promise<void>;
}

export async function startCollectorStub(): Promise<CollectorStub> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (stub.hangs) return;
      stub.apiKey = String(request.headers['x-api-key']);
      const sent = JSON.parse(Buffer.concat(chunks).toString()) as Sent;
      for (const { resource, scopeSpans } of sent.resourceSpans ?? [])
        for (const { spans } of scopeSpans) for (const span of spans) stub.spans.push(collectedSpan(span, resource));
      for (const { resource, scopeMetrics } of sent.resourceMetrics ?? [])
        for (const { metrics } of scopeMetrics)
          for (const metric of metrics) stub.points.push(...collectedPoints(metric, resource));
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const stub: CollectorStub = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: [],
    points: [],
    apiKey: undefined,
    hangs: false,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return stub;
}

interface SentAttributes {
  readonly attributes?: readonly { readonly key: string; readonly value: Readonly<Record<string, Value>> }[];
}

interface SentSpan extends SentAttributes {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly status?: { readonly code?: number };
}

interface SentPoint extends SentAttributes {
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly count?: number | string;
}

interface SentMetric {
  readonly name: string;
  readonly gauge?: { readonly dataPoints: readonly SentPoint[] };
  readonly sum?: { readonly dataPoints: readonly SentPoint[] };
  readonly histogram?: { readonly dataPoints: readonly SentPoint[] };
}

/** OTLP/JSON, as far as it is used here. */
interface Sent {
  readonly resourceSpans?: readonly {
    readonly resource: SentAttributes;
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly resource: SentAttributes;
    readonly scopeMetrics: readonly { readonly metrics: readonly SentMetric[] }[];
  }[];
}

const attributesOf = ({ attributes = [] }: SentAttributes): Attributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]!]));

const collectedSpan = (span: SentSpan, resource: SentAttributes): CollectedSpan => ({
  name: span.name,
  kind: span.kind,
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  traceState: span.traceState,
  status: span.status?.code ?? 0,
  attributes: attributesOf(span),
  resource: attributesOf(resource),
});

const collectedPoints = (metric: SentMetric, resource: SentAttributes): CollectedPoint[] =>
  (metric.gauge ?? metric.sum ?? metric.histogram)!.dataPoints.map(point => ({
    metric: metric.name,
    value: Number(point.asInt ?? point.asDouble ?? point.count),
    attributes: attributesOf(point),
    resource: attributesOf(resource),
  }));
