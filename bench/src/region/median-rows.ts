/** What several rounds say of one operation on one server: the medians of what they measured. */
import { type Measurement, median } from './measurement.ts';

export interface MedianRow {
  readonly operation: string;
  readonly server: string;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
  /** Of all rounds together. */
  readonly errors: number;
}

export function rowsOf(measurements: readonly Measurement[]): MedianRow[] {
  const groups = Map.groupBy(measurements, ({ operation, server }) => `${operation}\n${server}`);
  return [...groups.values()].map(group => {
    const of = (get: (result: Measurement['result']) => number) => median(group.map(({ result }) => get(result)));
    return {
      operation: group[0]!.operation,
      server: group[0]!.server,
      perSecond: of(result => result.callsPerSecond),
      p50Ms: of(result => result.p50Ms),
      p99Ms: of(result => result.p99Ms),
      cpuMicros: of(result => result.cpuMicrosPerCall),
      errors: group.reduce((sum, { result }) => sum + result.errors, 0),
    };
  });
}
