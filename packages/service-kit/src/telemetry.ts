/**
 * What the product tells about itself while it works. Without an OTLP endpoint everything here is `silentTelemetry`, which
 * costs nothing; `otel.ts` is loaded only when there is somebody to listen.
 */

export interface CallSummary {
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly durationMs: number;
}

/** A span in progress. */
export interface Span {
  /** W3C `traceparent` for what is called from here. */
  readonly traceparent: string;
  readonly traceId: string;
  attribute(name: string, value: string | number | boolean): void;
  end(error?: unknown): void;
}

export interface Telemetry {
  /** Begins a span below `parent` (a `traceparent` header), or a new trace; undefined when nobody listens. */
  span(name: string, parent: string | undefined, kind?: 'server' | 'client' | 'internal'): Span | undefined;
  /** Counts a finished call. */
  call(summary: CallSummary): void;
  close(): Promise<void>;
}

export const silentTelemetry: Telemetry = {
  span: () => undefined,
  call: () => {},
  close: async () => {},
};
