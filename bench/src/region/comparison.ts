/** Medians of measurements, and ratios between servers that were measured in the same round. */
import type { LoadResult } from './load-plan.ts';
import { type Measurement, median } from './measurement.ts';

export type Value = (result: LoadResult) => number;
export const callsPerSecond: Value = result => result.callsPerSecond;
export const cpuPerCall: Value = result => result.cpuMicrosPerCall;

export const select = (
  all: readonly Measurement[],
  operation: string,
  server: string,
  inFlight: number,
): readonly Measurement[] =>
  all.filter(each => each.operation === operation && each.server === server && each.inFlight === inFlight);

export const medianOf = (some: readonly Measurement[], value: Value): number =>
  median(some.map(each => value(each.result)));

/** The median of the ratios within each round; undefined when one of the two was not measured. */
export function ratio(a: readonly Measurement[], b: readonly Measurement[], value: Value): number | undefined {
  const ratios = a.flatMap(({ round, result }) => {
    const other = b.find(each => each.round === round);
    return other === undefined ? [] : [value(result) / value(other.result)];
  });
  return ratios.length === 0 ? undefined : median(ratios);
}
