/**
 * What the product tells about itself while it works. Without an OTLP endpoint everything here is `silentTelemetry`, which
 * costs nothing; `otlp-telemetry.ts` is loaded only when there is somebody to listen.
 */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Headers of a request, by name in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface CallSummary {
  readonly service: string;
  readonly operation: string;
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly durationMs: number;
}

/** A span in progress. */
export interface Span {
  /** W3C `traceparent` for what is called from here; behind a space the `tracestate`, where there is one. */
  readonly traceparent: string;
  readonly traceId: string;
  /** A server span that is not renamed is called after its `rpc.service` and `rpc.method`, as soon as it has them. */
  rename(name: string): void;
  attribute(name: string, value: string | number | boolean): void;
  end(error?: unknown): void;
}

export type SpanKind = 'server' | 'client' | 'internal';

/** Below which span another one begins, or in which trace it is a root. */
export interface SpanParent {
  readonly trace?: string;
  /** 32 hexadecimal digits. */
  readonly traceId?: string;
}

/** How the connection of a request came to this host: the front door read nothing of it, and could tell nobody. */
export interface Arrival {
  /** Which door took it: the region's, or the zone's own. */
  readonly door: 'region' | 'zone';
  /** When the door took it, and when it was here: ms since the epoch. */
  readonly acceptedAt: number;
  readonly arrivedAt: number;
}

export interface RequestSpanOptions {
  /** The span of the host that passed the request on. */
  readonly passedOn?: string | undefined;
  /** For the first request of a connection. */
  readonly arrival?: Arrival | undefined;
}

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
  /** Begins a span below `parent` (`traceparent` of another), or a new trace; undefined when nobody listens. */
  span(name: string, parent: string | undefined, kind?: SpanKind): Span | undefined;
  /**
   * Begins the span of a request: below that of the host that passed it on, else below its client's, else in the trace
   * of its invocation (see `telemetry-request.ts`). Counts and notes which attempt of its client it is.
   */
  request(name: string, headers: RequestHeaders, options?: RequestSpanOptions): Span | undefined;
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
  request: () => undefined,
  call: () => {},
  observe: () => {},
  flush: async () => {},
  close: async () => {},
};
