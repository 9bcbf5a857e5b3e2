/** One measured run of one case, and running many of them so that they share the machine's good and bad moments. */
import type { LoadResult } from './load-plan.ts';

export interface Case {
  readonly operation: string;
  /** Who answers. */
  readonly server: string;
  readonly inFlight: number;
  readonly run: (settings: RunSettings) => Promise<LoadResult>;
}

export interface RunSettings {
  readonly round: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface Measurement {
  readonly operation: string;
  readonly server: string;
  readonly inFlight: number;
  readonly round: number;
  readonly result: LoadResult;
}

export interface Rounds {
  readonly rounds: number;
  readonly seconds: number;
}

const WARM_UP_MS = 700;
/** The first round also meets code that was never run before. */
const FIRST_WARM_UP_MS = 2000;

/** All cases in turn, `rounds` times; every other round backwards, so that no case always follows the same other one. */
export async function interleaved(cases: readonly Case[], { rounds, seconds }: Rounds): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const each of round % 2 === 1 ? cases : cases.toReversed()) {
      const { operation, server, inFlight, run } = each;
      const warmUpMs = round === 1 ? FIRST_WARM_UP_MS : WARM_UP_MS;
      const result = await run({ round, warmUpMs, measureMs: seconds * 1000 });
      measurements.push({ operation, server, inFlight, round, result });
      progress({ operation, server, inFlight, round, result });
    }
  }
  return measurements;
}

function progress({ operation, server, inFlight, round, result }: Measurement): void {
  const { callsPerSecond, p50Ms, p99Ms, cpuMicrosPerCall, generatorMicrosPerCall, errors } = result;
  process.stderr.write(
    `${round} ${operation} ${server} x${inFlight}: ${callsPerSecond.toFixed(0)}/s p50 ${p50Ms.toFixed(2)} p99 ${p99Ms.toFixed(2)} ms, ` +
      `CPU ${cpuMicrosPerCall.toFixed(1)} us, generator ${generatorMicrosPerCall.toFixed(1)} us, ${errors} errors\n`,
  );
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
