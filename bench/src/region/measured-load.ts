/** What the processes that generate load have in common: when a measurement began and ended, and what it comes to. */
import type { LoadResult } from './load-plan.ts';
import { cpuSeconds } from './process-usage.ts';

/** The machine's time, and what the servers and this process have used of it. */
export interface Moment {
  readonly micros: number;
  /** Seconds. */
  readonly servers: number;
  /** Microseconds. */
  readonly own: number;
}

export function momentOf(pids: readonly number[]): Moment {
  const { user, system } = process.cpuUsage();
  return { micros: Number(process.hrtime.bigint() / 1000n), servers: cpuSeconds(pids), own: user + system };
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** `latencies` in ms, of the calls that were answered well between the two moments. */
export function measuredLoad(
  latencies: readonly number[],
  from: Moment,
  to: Moment,
  rest: Pick<LoadResult, 'errors' | 'firstError' | 'ranOut'>,
): LoadResult {
  const measured = latencies.toSorted((a, b) => a - b);
  const calls = measured.length;
  const at = (share: number) => measured[Math.min(calls - 1, Math.floor(calls * share))] ?? Number.NaN;
  const seconds = (to.micros - from.micros) / 1e6;
  return {
    ...{ ...rest, calls, seconds },
    callsPerSecond: calls / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMicrosPerCall: ((to.servers - from.servers) * 1e6) / calls,
    generatorMicrosPerCall: (to.own - from.own) / calls,
    fromMicros: from.micros,
    toMicros: to.micros,
  };
}
