/** Finds traces by what one of their spans says, as Jaeger's search does. */
import type { Attributes, Span } from '../otlp/span.ts';
import type { SpanStore, Trace } from './span-store.ts';

export interface TraceQuery {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  /** Of the span, or of what sent it. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Microseconds since the epoch. */
  readonly startUs?: number | undefined;
  readonly endUs?: number | undefined;
  readonly durationMinUs?: number | undefined;
  readonly durationMaxUs?: number | undefined;
  readonly limit: number;
}

/** The newest traces in which one span meets everything asked for. */
export function searchTraces(store: SpanStore, query: TraceQuery): Trace[] {
  const found: Trace[] = [];
  for (const trace of store.newestFirst()) {
    if (found.length >= query.limit) break;
    if (trace.spans.some(span => meets(span, query))) found.push(trace);
  }
  return found;
}

function meets(span: Span, query: TraceQuery): boolean {
  const { service, operation, tags = {}, startUs = 0, endUs = Number.MAX_SAFE_INTEGER } = query;
  const { durationMinUs = 0, durationMaxUs = Number.MAX_SAFE_INTEGER } = query;
  if (service !== undefined && span.service !== service) return false;
  if (operation !== undefined && span.name !== operation) return false;
  if (span.startUs < startUs || span.startUs > endUs) return false;
  if (span.durationUs < durationMinUs || span.durationUs > durationMaxUs) return false;
  return Object.entries(tags).every(([key, value]) => tagOf(span, key) === value);
}

function tagOf(span: Span, key: string): string | undefined {
  if (key === 'error') return String(span.isError);
  if (key === 'span.kind') return span.kind;
  const value = own(span.attributes, key) ?? own(span.resource, key);
  return value === undefined ? undefined : String(value);
}

const own = (attributes: Attributes, key: string) => (Object.hasOwn(attributes, key) ? attributes[key] : undefined);

export const servicesIn = (store: SpanStore): string[] => valuesOf(store, span => span.service);

export const operationsOf = (store: SpanStore, service: string): { name: string; kind: Span['kind'] }[] => {
  const found = new Map<string, { name: string; kind: Span['kind'] }>();
  for (const { spans } of store.newestFirst()) {
    for (const span of spans) {
      if (span.service === service) found.set(`${span.name} ${span.kind}`, { name: span.name, kind: span.kind });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

function valuesOf(store: SpanStore, read: (span: Span) => string): string[] {
  const found = new Set<string>();
  for (const { spans } of store.newestFirst()) for (const span of spans) found.add(read(span));
  return [...found].sort();
}
