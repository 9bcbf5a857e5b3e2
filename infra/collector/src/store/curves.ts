/**
 * Curves out of series: what was measured at certain moments, brought onto one grid of time. Where nothing is known the
 * curve has a gap, because a zone that says nothing is not a zone at zero.
 */
import type { Sample, Series } from './metric-store.ts';

/** Moments at equal distances, in ms since the epoch. */
export interface Grid {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

export type Curve = readonly (number | null)[];

/** A sender that usually speaks every so many ms is taken for silent after three times as long. */
const SILENT_AFTER = 3;
const USUAL_MS = 10_000;

export const momentsOf = ({ fromMs, stepMs, count }: Grid): number[] =>
  Array.from({ length: count }, (_, i) => fromMs + (i + 1) * stepMs);

/** What a gauge said last, at each moment. */
export const levelOf = (series: Series, grid: Grid): Curve =>
  momentsOf(grid).map(at => {
    const i = series.samples.findLastIndex(({ atMs }) => atMs <= at);
    const sample = series.samples[i];
    return sample === undefined || at - sample.atMs > SILENT_AFTER * usualGap(series.samples, i) ? null : sample.value;
  });

/** How fast a counter grew, per second, at each moment. */
export const rateOf = (series: Series, grid: Grid): Curve =>
  momentsOf(grid).map(at => growthAt(series, at, (a, b) => b.value - a.value));

/**
 * The value below which `share` of what several histograms counted lies, at each moment: Prometheus's
 * `histogram_quantile`, with linear interpolation in the bucket.
 */
export function quantileOf(series: readonly Series[], share: number, grid: Grid): Curve {
  const bounds = series[0]?.bounds ?? [];
  const alike = series.filter(each => each.bounds.length === bounds.length);
  return momentsOf(grid).map(at => {
    const rates = bounds.concat(Number.POSITIVE_INFINITY).map((_, bucket) => {
      const grew = (a: Sample, b: Sample) => (b.buckets[bucket] ?? 0) - (a.buckets[bucket] ?? 0);
      return sum(alike.map(each => growthAt(each, at, grew)));
    });
    return quantile(bounds, rates, share);
  });
}

function quantile(bounds: readonly number[], rates: readonly (number | null)[], share: number): number | null {
  const wanted = share * (sum(rates) ?? 0);
  if (wanted === 0) return null;
  let below = 0;
  for (const [i, rate] of rates.entries()) {
    const here = rate ?? 0;
    if (here > 0 && below + here >= wanted) {
      const lower = bounds[i - 1] ?? 0;
      // Of the last bucket nothing is known but where it begins.
      return lower + ((bounds[i] ?? lower) - lower) * ((wanted - below) / here);
    }
    below += here;
  }
  return bounds.at(-1) ?? null;
}

/** The sum of curves; where some are silent, of the others. */
export const together = (curves: readonly Curve[], grid: Grid): Curve =>
  momentsOf(grid).map((_, i) => sum(curves.map(curve => curve[i] ?? null)));

/** The sum of what is known; null when nothing is. */
export function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** Growth per second between the two samples around `at`. */
function growthAt({ samples }: Series, at: number, grew: (before: Sample, after: Sample) => number): number | null {
  const i = samples.findIndex(({ atMs }) => atMs >= at);
  const [before, after] = [samples[i - 1], samples[i]];
  if (before === undefined || after === undefined || after.isFirst) return null;
  if (after.atMs - before.atMs > SILENT_AFTER * usualGap(samples, i - 1)) return null;
  return Math.max(0, grew(before, after)) / ((after.atMs - before.atMs) / 1000);
}

const usualGap = (samples: readonly Sample[], i: number): number =>
  i === 0 ? USUAL_MS : samples[i]!.atMs - samples[i - 1]!.atMs;
