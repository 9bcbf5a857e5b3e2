/** Who called whom, from the parents of spans: between services, as Jaeger draws it, and between parts of zones. */
import { type Span, zoneOf } from '../otlp/span.ts';
import type { Trace } from './span-store.ts';

export interface Edge {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
  /** Calls that ended with an error. */
  readonly errorCount: number;
}

/** The part of a zone that a span is of: `iam use1-az1`, `log use1-az2`, `entrance use1-az3`; elsewhere the service. */
export function partOf(span: Span): string {
  const zone = zoneOf(span);
  if (zone === '') return span.service;
  const service = String(span.attributes['rpc.service'] ?? '');
  return `${service || span.name.split(/[. ]/)[0]} ${zone}`;
}

export const serviceOf = ({ service }: Span): string => service;

/** Edges between what `nodeOf` tells apart. */
export function edgesBetween(traces: Iterable<Trace>, nodeOf: (span: Span) => string): Edge[] {
  const edges = new Map<string, Edge>();
  for (const { spans } of traces) {
    const byId = new Map(spans.map(span => [span.spanId, span]));
    for (const span of spans) {
      const above = span.parentId === undefined ? undefined : byId.get(span.parentId);
      if (above === undefined) continue;
      const [parent, child] = [nodeOf(above), nodeOf(span)];
      if (parent === child) continue;
      const key = `${parent}\n${child}`;
      const { callCount = 0, errorCount = 0 } = edges.get(key) ?? {};
      edges.set(key, { parent, child, callCount: callCount + 1, errorCount: errorCount + Number(span.isError) });
    }
  }
  return [...edges.values()];
}
