/**
 * OTLP in protobuf, which is what most exporters send unless told otherwise: decoded into the form that JSON has. Only
 * the messages and fields that the collector keeps are described; protobuf lets a reader skip the others. Numbers are
 * those of opentelemetry-proto 1.x (`trace/v1`, `metrics/v1`, `common/v1`, `resource/v1`, `collector`).
 */
import protobuf from 'protobufjs/light.js';

type Described = Readonly<Record<string, readonly [type: string, id: number]>>;

/** `[]` after a type says that the field repeats. */
const MESSAGES: Readonly<Record<string, Described>> = {
  AnyValue: {
    stringValue: ['string', 1],
    boolValue: ['bool', 2],
    intValue: ['int64', 3],
    doubleValue: ['double', 4],
    arrayValue: ['ArrayValue', 5],
    kvlistValue: ['KeyValueList', 6],
  },
  ArrayValue: { values: ['AnyValue[]', 1] },
  KeyValueList: { values: ['KeyValue[]', 1] },
  KeyValue: { key: ['string', 1], value: ['AnyValue', 2] },
  Resource: { attributes: ['KeyValue[]', 1] },
  ExportTraceServiceRequest: { resourceSpans: ['ResourceSpans[]', 1] },
  ResourceSpans: { resource: ['Resource', 1], scopeSpans: ['ScopeSpans[]', 2] },
  ScopeSpans: { spans: ['Span[]', 2] },
  Span: {
    traceId: ['bytes', 1],
    spanId: ['bytes', 2],
    traceState: ['string', 3],
    parentSpanId: ['bytes', 4],
    name: ['string', 5],
    kind: ['int32', 6],
    startTimeUnixNano: ['fixed64', 7],
    endTimeUnixNano: ['fixed64', 8],
    attributes: ['KeyValue[]', 9],
    events: ['Event[]', 11],
    status: ['Status', 15],
  },
  Event: { timeUnixNano: ['fixed64', 1], name: ['string', 2], attributes: ['KeyValue[]', 3] },
  Status: { message: ['string', 2], code: ['int32', 3] },
  ExportMetricsServiceRequest: { resourceMetrics: ['ResourceMetrics[]', 1] },
  ResourceMetrics: { resource: ['Resource', 1], scopeMetrics: ['ScopeMetrics[]', 2] },
  ScopeMetrics: { metrics: ['Metric[]', 2] },
  Metric: {
    name: ['string', 1],
    unit: ['string', 3],
    gauge: ['Gauge', 5],
    sum: ['Sum', 7],
    histogram: ['Histogram', 9],
  },
  Gauge: { dataPoints: ['NumberDataPoint[]', 1] },
  Sum: { dataPoints: ['NumberDataPoint[]', 1], aggregationTemporality: ['int32', 2], isMonotonic: ['bool', 3] },
  Histogram: { dataPoints: ['HistogramDataPoint[]', 1], aggregationTemporality: ['int32', 2] },
  NumberDataPoint: {
    startTimeUnixNano: ['fixed64', 2],
    timeUnixNano: ['fixed64', 3],
    asDouble: ['double', 4],
    asInt: ['sfixed64', 6],
    attributes: ['KeyValue[]', 7],
  },
  HistogramDataPoint: {
    startTimeUnixNano: ['fixed64', 2],
    timeUnixNano: ['fixed64', 3],
    count: ['fixed64', 4],
    sum: ['double', 5],
    bucketCounts: ['fixed64[]', 6],
    explicitBounds: ['double[]', 7],
    attributes: ['KeyValue[]', 9],
  },
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, fields]) => [
      name,
      {
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [type, id]]) => {
            const single = type.replace('[]', '');
            return [field, single === type ? { type, id } : { type: single, id, rule: 'repeated' }];
          }),
        ),
      },
    ]),
  ),
});

export type OtlpMessage = 'ExportTraceServiceRequest' | 'ExportMetricsServiceRequest';

/** @throws Error when `bytes` is no such message */
export function decodeOtlp(name: OtlpMessage, bytes: Uint8Array): unknown {
  const type = root.lookupType(name);
  return type.toObject(type.decode(bytes), { longs: String });
}

/** The other way, for tests. */
export const encodeOtlp = (name: OtlpMessage, value: object): Uint8Array => {
  const type = root.lookupType(name);
  return type.encode(type.fromObject(value)).finish();
};
