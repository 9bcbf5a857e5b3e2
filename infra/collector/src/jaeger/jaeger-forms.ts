/** Traces in the JSON of Jaeger's query service, as its own pages and its clients read them. */
import { type Attributes, type Span, type Value, zoneOf } from '../otlp/span.ts';
import type { Trace } from '../store/span-store.ts';

interface Tag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64';
  readonly value: Value;
}

export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly { readonly refType: 'CHILD_OF'; readonly traceID: string; readonly spanID: string }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly Tag[];
  readonly logs: readonly { readonly timestamp: number; readonly fields: readonly Tag[] }[];
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}

export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string; readonly tags: readonly Tag[] }>>;
  readonly warnings: null;
}

export function jaegerTrace({ id, spans }: Trace): JaegerTrace {
  const processes: Record<string, JaegerTrace['processes'][string]> = {};
  const ids = new Map<string, string>();
  const processOf = (span: Span): string => {
    const key = `${span.service} ${zoneOf(span)} ${span.resource['process.pid'] ?? ''}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    const processId = `p${ids.size + 1}`;
    const { 'service.name': _, ...others } = span.resource;
    processes[processId] = { serviceName: span.service, tags: tagsOf(others) };
    ids.set(key, processId);
    return processId;
  };
  const present = new Set(spans.map(({ spanId }) => spanId));
  return {
    traceID: id,
    spans: spans.map(span => jaegerSpan(span, processOf(span), present)),
    processes,
    warnings: null,
  };
}

function jaegerSpan(span: Span, processID: string, present: ReadonlySet<string>): JaegerSpan {
  const { traceId: traceID, spanId: spanID, parentId, attributes, events } = span;
  const isOrphan = parentId !== undefined && !present.has(parentId);
  return {
    ...{ traceID, spanID, operationName: span.name, processID },
    references: parentId === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parentId }],
    startTime: span.startUs,
    duration: span.durationUs,
    tags: [
      ...tagsOf(attributes),
      tag('span.kind', span.kind),
      ...(span.isError ? [tag('error', true), tag('otel.status_code', 'ERROR')] : []),
      ...(span.message === undefined ? [] : [tag('otel.status_description', span.message)]),
      ...(span.traceState === undefined ? [] : [tag('w3c.tracestate', span.traceState)]),
    ],
    logs: events.map(event => ({
      timestamp: event.atUs,
      fields: [tag('event', event.name), ...tagsOf(event.attributes)],
    })),
    warnings: isOrphan ? [`the parent ${parentId} is not in this trace`] : null,
  };
}

const tagsOf = (attributes: Attributes): Tag[] => Object.entries(attributes).map(([key, value]) => tag(key, value));

function tag(key: string, value: Value): Tag {
  if (typeof value === 'string') return { key, type: 'string', value };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
}
