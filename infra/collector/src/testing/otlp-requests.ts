/** OTLP requests for tests, in the form of JSON. */
import type { Attributes } from '../otlp/span.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
export const BEGAN_MS = 1_780_000_000_000;

export interface SentSpan {
  readonly trace?: string;
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly zone?: string;
  readonly service?: string;
  /** Milliseconds after the beginning. */
  readonly at?: number;
  readonly ms?: number;
  readonly kind?: number;
  readonly error?: string;
  readonly attributes?: Attributes;
}

const attributesOf = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : typeof value === 'boolean'
          ? { boolValue: value }
          : Number.isInteger(value)
            ? { intValue: String(value) }
            : { doubleValue: value },
  }));

const resourceOf = (service: string, zone: string) => ({
  attributes: attributesOf({
    'service.name': service,
    'service.instance.id': `${service}/${zone}`,
    ...(zone === '' ? {} : { 'cloud.availability_zone': zone }),
  }),
});

const nanoseconds = (ms: number): string => `${BEGAN_MS + ms}000000`;

export const tracesRequest = (...spans: readonly SentSpan[]) => ({
  resourceSpans: spans.map(span => ({
    resource: resourceOf(span.service ?? 'stormglass-zone', span.zone ?? ''),
    scopeSpans: [
      {
        scope: { name: 'test' },
        spans: [
          {
            traceId: span.trace ?? TRACE,
            spanId: span.id.padStart(16, '0'),
            ...(span.parent === undefined ? {} : { parentSpanId: span.parent.padStart(16, '0') }),
            name: span.name ?? 'work',
            kind: span.kind ?? 1,
            startTimeUnixNano: nanoseconds(span.at ?? 0),
            endTimeUnixNano: nanoseconds((span.at ?? 0) + (span.ms ?? 1)),
            attributes: attributesOf(span.attributes ?? {}),
            status: span.error === undefined ? {} : { code: 2, message: span.error },
          },
        ],
      },
    ],
  })),
});

export interface SentPoint {
  readonly metric: string;
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly zone?: string;
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly start?: number;
  readonly value: number;
  readonly buckets?: readonly number[];
  readonly bounds?: readonly number[];
  readonly attributes?: Attributes;
  readonly isDelta?: boolean;
}

export const metricsRequest = (...points: readonly SentPoint[]) => ({
  resourceMetrics: points.map(point => {
    const { metric, kind, zone = 'z1', at, start = 0, value, buckets, bounds, attributes = {}, isDelta } = point;
    const times = { startTimeUnixNano: nanoseconds(start), timeUnixNano: nanoseconds(at) };
    const shared = { ...times, attributes: attributesOf(attributes) };
    const aggregationTemporality = isDelta ? 1 : 2;
    const number = [{ ...shared, asDouble: value }];
    const data = {
      gauge: { gauge: { dataPoints: number } },
      counter: { sum: { aggregationTemporality, isMonotonic: true, dataPoints: number } },
      histogram: {
        histogram: {
          aggregationTemporality,
          dataPoints: [
            { ...shared, count: String(value), sum: 1, bucketCounts: buckets?.map(String), explicitBounds: bounds },
          ],
        },
      },
    }[kind];
    return {
      resource: resourceOf('stormglass-zone', zone),
      scopeMetrics: [{ metrics: [{ name: metric, unit: '1', ...data }] }],
    };
  }),
});
