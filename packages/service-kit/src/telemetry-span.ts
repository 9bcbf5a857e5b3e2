/** A span of the OpenTelemetry SDK in the form the rest of the product knows. */
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import type { Span } from './telemetry.ts';

/** What a `traceparent` header says; a header that is absent or malformed begins a new trace (W3C Trace Context, 4.3). */
export function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
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

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`;
