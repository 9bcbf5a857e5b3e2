/** The newest traces, in memory, in bounds: when there is no room the oldest trace goes first. */
import type { Span } from '../otlp/span.ts';

export interface SpanLimits {
  readonly traces: number;
  readonly spans: number;
  /** Of one trace; further ones are dropped. */
  readonly spansOfTrace: number;
}

export const SPAN_LIMITS: SpanLimits = { traces: 5000, spans: 50_000, spansOfTrace: 5000 };

export interface Trace {
  readonly id: string;
  /** By their beginning. */
  readonly spans: readonly Span[];
}

export class SpanStore {
  readonly #limits: SpanLimits;
  /** By id, the trace heard of first at the front. */
  readonly #traces = new Map<string, Map<string, Span>>();
  #spans = 0;
  #dropped = 0;

  constructor(limits: SpanLimits = SPAN_LIMITS) {
    this.#limits = limits;
  }

  /** Spans that were refused because their trace was full. */
  get dropped(): number {
    return this.#dropped;
  }

  get size(): { readonly traces: number; readonly spans: number } {
    return { traces: this.#traces.size, spans: this.#spans };
  }

  /** Keeps a span; one that is sent again replaces itself. */
  add(span: Span): void {
    const trace = this.#traces.get(span.traceId) ?? this.#begin(span.traceId);
    if (!trace.has(span.spanId)) {
      if (trace.size >= this.#limits.spansOfTrace) {
        this.#dropped++;
        return;
      }
      this.#spans++;
    }
    trace.set(span.spanId, span);
    this.#makeRoom();
  }

  trace(id: string): Trace | undefined {
    const spans = this.#traces.get(id);
    return spans && { id, spans: [...spans.values()].sort((a, b) => a.startUs - b.startUs) };
  }

  /** The trace heard of last comes first. */
  *newestFirst(): Generator<Trace> {
    for (const id of [...this.#traces.keys()].reverse()) yield this.trace(id)!;
  }

  #begin(id: string): Map<string, Span> {
    const trace = new Map<string, Span>();
    this.#traces.set(id, trace);
    return trace;
  }

  #makeRoom(): void {
    while (this.#traces.size > this.#limits.traces || this.#spans > this.#limits.spans) {
      const [id, spans] = this.#traces.entries().next().value!;
      this.#traces.delete(id);
      this.#spans -= spans.size;
    }
  }
}
