/** Series of metrics over the last hour or so, in memory, in bounds. */
import type { Point } from '../otlp/received-points.ts';
import type { Attributes } from '../otlp/span.ts';

export interface MetricLimits {
  /** Further series are dropped, and counted. */
  readonly series: number;
  /** Of one series; the oldest go. */
  readonly points: number;
}

export const METRIC_LIMITS: MetricLimits = { series: 3000, points: 400 };

export interface Sample {
  readonly atMs: number;
  /** Grown since the start of the series, for counters and histograms. */
  readonly value: number;
  readonly buckets: readonly number[];
  /** Nothing is known of the time before: the series begins here, or begins anew. */
  readonly isFirst: boolean;
}

export interface Series {
  readonly metric: string;
  readonly kind: Point['kind'];
  readonly unit: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly bounds: readonly number[];
  readonly samples: readonly Sample[];
}

interface Growing extends Series {
  readonly samples: Sample[];
}

/** How far back a series begins that shows up with a value it cannot have had at once. */
const BEGAN_BEFORE_MS = 1000;

export class MetricStore {
  readonly #limits: MetricLimits;
  readonly #series = new Map<string, Growing>();
  /** When each sender was heard of last: a series that is new grew since then. */
  readonly #heardAt = new Map<string, number>();
  #dropped = 0;

  constructor(limits: MetricLimits = METRIC_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#series.size;
  }

  /** Points of series for which there was no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Keeps what arrived in one message. */
  add(points: readonly Point[]): void {
    for (const point of points) this.#add(point);
    for (const { resource, atMs } of points) {
      const sender = senderOf(resource);
      if (this.#heardAt.size < this.#limits.series || this.#heardAt.has(sender)) this.#heardAt.set(sender, atMs);
    }
  }

  of(metric: string): Series[] {
    return [...this.#series.values()].filter(series => series.metric === metric);
  }

  #add(point: Point): void {
    const key = JSON.stringify([point.metric, sorted(point.attributes), senderOf(point.resource)]);
    const series = this.#series.get(key) ?? this.#begin(key, point);
    if (series === undefined) return;
    const last = series.samples.at(-1);
    if (last !== undefined && point.atMs <= last.atMs) return;
    if (point.kind !== 'gauge') {
      const zero = zeroBefore(point, last, this.#heardAt.get(senderOf(point.resource)));
      if (zero !== undefined) series.samples.push(zero);
    }
    series.samples.push(point.isDelta ? grown(series.samples.at(-1), point) : sampleOf(point));
    while (series.samples.length > this.#limits.points) series.samples.shift();
  }

  #begin(key: string, { metric, kind, unit, attributes, resource, bounds }: Point): Growing | undefined {
    if (this.#series.size >= this.#limits.series) {
      this.#dropped++;
      return undefined;
    }
    const series: Growing = { metric, kind, unit, attributes, resource, bounds, samples: [] };
    this.#series.set(key, series);
    return series;
  }
}

const senderOf = (resource: Attributes): string =>
  `${resource['service.name']} ${resource['service.instance.id'] ?? resource['process.pid'] ?? ''}`;

const sorted = (attributes: Attributes) => Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));

const sampleOf = ({ atMs, value, buckets }: Point): Sample => ({ atMs, value, buckets, isFirst: false });

/** The zero that a counter which is new, or whose process is new, grew from. */
function zeroBefore(point: Point, last: Sample | undefined, heardAt: number | undefined): Sample | undefined {
  const isNew = last === undefined;
  const isAnew = last !== undefined && !point.isDelta && (point.startMs > last.atMs || point.value < last.value);
  if (!isNew && !isAnew) return undefined;
  const began = isNew ? (heardAt ?? point.startMs) : Math.max(point.startMs, last.atMs + 1);
  const atMs = began > 0 && began < point.atMs ? began : point.atMs - BEGAN_BEFORE_MS;
  if (last !== undefined && atMs <= last.atMs) return undefined;
  return { atMs, value: 0, buckets: point.buckets.map(() => 0), isFirst: true };
}

const grown = (before: Sample | undefined, { atMs, value, buckets }: Point): Sample => ({
  atMs,
  value: (before?.value ?? 0) + value,
  buckets: buckets.map((count, i) => count + (before?.buckets[i] ?? 0)),
  isFirst: false,
});
