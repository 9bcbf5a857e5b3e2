/** The data points in an `ExportMetricsServiceRequest` of OTLP: gauges, sums and histograms with explicit buckets. */
import { attributesOf, type Fields, fieldsOf, listOf, microsecondsOf, numberOf, textOf } from './reading.ts';
import type { Attributes } from './span.ts';

export interface Point {
  readonly metric: string;
  readonly unit: string;
  /** A `counter` only grows; so do count, sum and buckets of a histogram. */
  readonly kind: 'gauge' | 'counter' | 'histogram';
  /** The value counts from the point before, not from the start. */
  readonly isDelta: boolean;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly atMs: number;
  /** The value of a gauge or counter, the count of a histogram. */
  readonly value: number;
  readonly buckets: readonly number[];
  /** Upper bounds of the buckets; the last bucket has none. */
  readonly bounds: readonly number[];
}

const BUCKETS_MAX = 64;
const DELTA = 1;

export function receivedPoints(request: unknown): Point[] {
  return listOf(fieldsOf(request).resourceMetrics)
    .map(fieldsOf)
    .flatMap(({ resource, scopeMetrics }) => {
      const described = attributesOf(fieldsOf(resource).attributes);
      const metrics = listOf(scopeMetrics).flatMap(each => listOf(fieldsOf(each).metrics));
      return metrics.flatMap(each => pointsOf(fieldsOf(each), described));
    });
}

function pointsOf(metric: Fields, resource: Attributes): Point[] {
  const { name, unit, gauge, sum, histogram } = metric;
  const data = fieldsOf(gauge ?? sum ?? histogram);
  const isCounter = gauge === undefined && sum !== undefined && data.isMonotonic === true;
  const shared = {
    metric: textOf(name),
    unit: textOf(unit),
    kind: isCounter ? 'counter' : gauge === undefined && histogram !== undefined ? 'histogram' : 'gauge',
    isDelta: gauge === undefined && numberOf(data.aggregationTemporality) === DELTA,
    resource,
  } as const;
  return listOf(data.dataPoints)
    .map(fieldsOf)
    .map(point => ({
      ...shared,
      attributes: attributesOf(point.attributes),
      startMs: microsecondsOf(point.startTimeUnixNano) / 1000,
      atMs: microsecondsOf(point.timeUnixNano) / 1000,
      value: numberOf(point.asInt ?? point.asDouble ?? point.count),
      buckets: listOf(point.bucketCounts).slice(0, BUCKETS_MAX).map(numberOf),
      bounds: listOf(point.explicitBounds)
        .slice(0, BUCKETS_MAX - 1)
        .map(numberOf),
    }))
    .filter(({ atMs }) => atMs > 0);
}
