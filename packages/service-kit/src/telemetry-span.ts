/** A span of the OpenTelemetry SDK in the form the rest of the product knows. */
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent, TraceState } from '@opentelemetry/core';
import type { Span } from './telemetry.ts';

/**
 * What a `traceparent` header says, with the `tracestate` behind a space, where there is one; a header that is absent or
 * malformed begins a new trace (W3C Trace Context, 4.3).
 */
export function contextOf(traceparent: string | undefined): Context {
  if (traceparent === undefined) return ROOT_CONTEXT;
  const space = traceparent.indexOf(' ');
  const parent = parseTraceParent(space < 0 ? traceparent : traceparent.slice(0, space));
  if (parent === null) return ROOT_CONTEXT;
  const state = space < 0 ? {} : { traceState: new TraceState(traceparent.slice(space + 1)) };
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, ...state, isRemote: true });
}

/** For a span that is sampled. */
export class RecordedSpan implements Span {
  readonly traceparent: string;
  readonly traceId: string;
  readonly #span: OtelSpan;
  #service: string | undefined;
  #method: string | undefined;
  #isRenamed = false;

  constructor(span: OtelSpan) {
    const context = span.spanContext();
    this.#span = span;
    this.traceId = context.traceId;
    this.traceparent = traceparentOf(context);
  }

  rename(name: string): void {
    this.#isRenamed = true;
    this.#span.updateName(name);
  }

  attribute(name: string, value: string | number | boolean): void {
    if (name === 'rpc.service') this.#service = String(value);
    else if (name === 'rpc.method') this.#method = String(value);
    // Whatever is not known (the operation of an unsigned request) is left out.
    if (value !== '') this.#span.setAttribute(name, value);
  }

  end(error?: unknown): void {
    if (!this.#isRenamed && this.#service)
      this.#span.updateName([this.#service, this.#method].filter(Boolean).join('.'));
    if (error !== undefined) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#span.recordException(failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
    }
    this.#span.end();
  }
}

/** For a span that is not sampled: only its context travels. */
export class PassedOnSpan implements Span {
  readonly traceparent: string;
  readonly traceId: string;

  constructor(context: SpanContext) {
    this.traceId = context.traceId;
    this.traceparent = traceparentOf(context);
  }

  rename(): void {}
  attribute(): void {}
  end(): void {}
}

function traceparentOf({ traceId, spanId, traceFlags, traceState }: SpanContext): string {
  const traceparent = `00-${traceId}-${spanId}-0${traceFlags & 1}`;
  const state = traceState?.serialize() ?? '';
  return state === '' ? traceparent : `${traceparent} ${state}`;
}
