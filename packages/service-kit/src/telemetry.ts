/**
 * What the product tells about itself while it works. Without an OTLP endpoint everything here is `silentTelemetry`, which
 * costs nothing; `otlp-telemetry.ts` is loaded only when there is somebody to listen.
 */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

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
  /** A server span that is not renamed is called after its `rpc.service` and `rpc.method`, as soon as it has them. */
  rename(name: string): void;
  attribute(name: string, value: string | number | boolean): void;
  end(error?: unknown): void;
}

export type SpanKind = 'server' | 'client' | 'internal';

/** A value that is read whenever metrics are exported. A `counter` only ever grows. */
export interface Observed {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  /** UCUM, as OpenTelemetry asks for: `s`, `By`, `{call}`. */
  readonly unit: string;
  readonly description: string;
  readonly attributes?: Attributes;
  readonly read: () => number;
}

export interface Telemetry {
  /** Begins a span below `parent` (a `traceparent` header), or a new trace; undefined when nobody listens. */
  span(name: string, parent: string | undefined, kind?: SpanKind): Span | undefined;
  /** Counts a finished call. */
  call(summary: CallSummary): void;
  observe(value: Observed): void;
  /** Sends what has been gathered; resolves, whether it arrived or not. */
  flush(): Promise<void>;
  /** Sends what has been gathered, and gives up after two seconds. */
  close(): Promise<void>;
}

export const silentTelemetry: Telemetry = {
  span: () => undefined,
  call: () => {},
  observe: () => {},
  flush: async () => {},
  close: async () => {},
};
