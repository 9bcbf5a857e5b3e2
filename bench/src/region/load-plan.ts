/** What the load generator is asked to do, and what it answers: the messages between it and the benchmark. */
import type { Signer } from '@stormglass/testing';

export interface LoadPlan {
  readonly port: number;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Every answer must have status 200 and hold this. */
  readonly marker: string;
  readonly calls: RepeatedCall | DistinctCalls;
  /** The processes whose CPU time is read when measuring begins and ends. */
  readonly pids: readonly number[];
}

/** One request, signed once and sent over and over: allowed for 15 minutes. */
export interface RepeatedCall {
  readonly kind: 'repeated';
  readonly signer: Signer;
  readonly parameters: Readonly<Record<string, string>>;
}

/** `CreateUser` with names never used before, all signed before the first is sent; spread over accounts in turn. */
export interface DistinctCalls {
  readonly kind: 'create-user';
  /** One a target account, used one after the other. */
  readonly signers: readonly Signer[];
  readonly perSigner: number;
  readonly prefix: string;
}

export interface LoadResult {
  /** Answered rightly. */
  readonly calls: number;
  readonly errors: number;
  /** What was wrong first. */
  readonly firstError: string | undefined;
  readonly seconds: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicrosPerCall: number;
  readonly generatorMicrosPerCall: number;
  /** When measuring began and ended, in microseconds of the system's monotonic clock: the clock of V8's profiles. */
  readonly fromMicros: number;
  readonly toMicros: number;
  /** Prepared calls ran out before the time did. */
  readonly ranOut: boolean;
}
