/** A history as curves: what was done in each second, and how long it took. */
import type { Entry, Operation } from '../history.ts';

export interface Second {
  /** Its beginning, in ms since the run began. */
  readonly from: number;
  /** Operations that ended in it. */
  readonly ok: number;
  readonly failed: number;
  /** Of those that succeeded, in ms; undefined when there are none. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

const SECOND_MS = 1000;

const operationsOf = (entries: readonly Entry[]): Operation[] => entries.filter(entry => entry.type === 'operation');

/** One for each second from the beginning to the last operation's end. */
export function perSecond(entries: readonly Entry[]): Second[] {
  const buckets: Operation[][] = [];
  for (const operation of operationsOf(entries)) {
    const n = Math.floor(operation.until / SECOND_MS);
    while (buckets.length <= n) buckets.push([]);
    buckets[n]!.push(operation);
  }
  return buckets.map((operations, n) => {
    const ok = operations.filter(({ outcome }) => outcome === 'ok');
    const durations = ok.map(({ from, until }) => until - from).sort((a, b) => a - b);
    return {
      from: n * SECOND_MS,
      ok: ok.length,
      failed: operations.length - ok.length,
      p50Ms: quantile(durations, 0.5),
      p99Ms: quantile(durations, 0.99),
    };
  });
}

/** Operations a second before the first fault, whose first second does not count; 0 when there is no such time. */
export function usualRate(seconds: readonly Second[], firstFault: number): number {
  const calm = seconds.filter(({ from }) => from >= SECOND_MS && from + SECOND_MS <= firstFault).map(({ ok }) => ok);
  return (
    quantile(
      calm.sort((a, b) => a - b),
      0.5,
    ) ?? 0
  );
}

/** The longest time without any success, up to the end of the last operation, in ms. */
export function longestSilence(entries: readonly Entry[]): number {
  const operations = operationsOf(entries);
  const successes = operations.filter(({ outcome }) => outcome === 'ok').map(({ until }) => until);
  const moments = [...successes, Math.max(0, ...operations.map(({ until }) => until))].sort((a, b) => a - b);
  return Math.round(Math.max(0, ...moments.map((at, i) => at - (moments[i - 1] ?? 0))));
}

/** Of sorted numbers. */
export const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
