/** A span as the collector keeps it, whichever form it arrived in. */

export type Value = string | number | boolean;
export type Attributes = Readonly<Record<string, Value>>;

export const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
export type Kind = (typeof KINDS)[number];

export interface SpanEvent {
  readonly name: string;
  /** Microseconds since the epoch. */
  readonly atUs: number;
  readonly attributes: Attributes;
}

export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Absent at the root of a trace. */
  readonly parentId?: string;
  /** W3C `tracestate`, as it was carried. */
  readonly traceState?: string;
  readonly name: string;
  readonly kind: Kind;
  /** Microseconds since the epoch. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly isError: boolean;
  /** What the sender says of the error. */
  readonly message?: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** `service.name` of the resource. */
  readonly service: string;
  readonly resource: Attributes;
}

/** The zone that a span says it was in; empty for those outside of zones. */
export const zoneOf = ({ attributes, resource }: Pick<Span, 'attributes' | 'resource'>): string =>
  String(attributes['cloud.availability_zone'] ?? resource['cloud.availability_zone'] ?? '');
