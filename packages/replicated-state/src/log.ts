/**
 * The log port: an ordered, durable, replicated sequence of opaque payloads. Engines (`memory`, `embedded`, `jetstream`,
 * `etcd`) implement it and pass one contract suite; the replica (`replica.ts`) is the same above all of them.
 *
 * The port promises little on purpose: at-least-once, in order. Exactly-once lives in the state machine, because every
 * engine we measured stores a proposal twice now and then.
 */

/** Position in a log: 1, 2, 3, ... without gaps. */
export type Seq = number;

export interface LogEntry {
  readonly seq: Seq;
  /** Stamped by the log when it stored the entry, in ms since the epoch. */
  readonly time: number;
  readonly payload: Uint8Array;
}

export interface LogBounds {
  /** Incarnation of the log: it changes when the log is created anew, and then no old position means anything. */
  readonly logId: string;
  /** First entry still held; `last + 1` when nothing is held. */
  readonly first: Seq;
  /** Last entry this engine has seen committed. A hint: not linearizable. */
  readonly last: Seq;
}

/** `ok`: a quorum answers. `degraded`: it answers, with a copy missing. `no-quorum`: appends cannot be acknowledged. */
export interface LogHealth {
  readonly state: 'ok' | 'degraded' | 'no-quorum';
  /** Zones that hold, or are catching up to, a current copy; undefined where the engine cannot know. */
  readonly copies?: number;
}

export interface ReplicatedLog {
  /**
   * One attempt to append. Resolving is a hint that the payload sits at that position; it may also be stored twice, or
   * (after a rejection) not at all.
   * @throws LogUnavailable when the log refused it (`not-applied`) or nothing was heard of it (`unknown`).
   */
  propose(payload: Uint8Array, signal: AbortSignal): Promise<Seq>;
  /**
   * Hands committed entries from `from` to `sink`, ascending and gap-free, for as long as `signal` is not aborted;
   * survives reconnects and leader changes. Resolves when aborted.
   * @throws Truncated when `from` is no longer held.
   */
  subscribe(from: Seq, sink: (batch: readonly LogEntry[]) => void, signal: AbortSignal): Promise<void>;
  /**
   * A position at or behind which every append acknowledged before this call lies, confirmed by the log's authority.
   * Absent where the engine cannot confirm it (JetStream): readers then commit a barrier.
   * @throws LogUnavailable
   */
  readIndex?(signal: AbortSignal): Promise<Seq>;
  /** @throws LogUnavailable while the log cannot be reached and nothing is known of it. */
  bounds(signal: AbortSignal): Promise<LogBounds>;
  /** Lets the log forget everything up to and including `through`. */
  trim(through: Seq): Promise<void>;
  /**
   * Told what lies on this zone's disk: a snapshot of the state up to and including `through`, of the log `logId`. A log that
   * keeps its copy there begins anew only behind such a place; absent where the copies lie elsewhere.
   */
  saved?(through: Seq, logId: string): void;
  health(): LogHealth;
  close(): Promise<void>;
}

/** The asked-for position is gone; `first` is the first one left. */
export class Truncated extends Error {
  override readonly name = 'Truncated';
  readonly first: Seq;
  constructor(first: Seq) {
    super(`the log starts at ${first}`);
    this.first = first;
  }
}

/** The log did not confirm. `not-applied`: it certainly did not happen. `unknown`: it may have, or may still. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable';
  readonly outcome: 'not-applied' | 'unknown';
  constructor(outcome: 'not-applied' | 'unknown', why: string, options?: ErrorOptions) {
    super(`log unavailable (${outcome}): ${why}`, options);
    this.outcome = outcome;
  }
}
