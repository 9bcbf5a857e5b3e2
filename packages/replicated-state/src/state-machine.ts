/**
 * What a service writes to have replicated state: a deterministic machine that applies complete commands in log order.
 * Handlers pick ids, times and random bytes and put them in the command; `apply` computes the same in every zone.
 */
import type { Seq } from './log.ts';
import type { StoredState } from './stored-state.ts';

export interface ApplyContext {
  readonly seq: Seq;
  /** Log time in ms since the epoch; never decreases from one command to the next. */
  readonly now: number;
}

/**
 * `Command` and `Result` are plain JSON values (no dates, no undefined members that matter). A refused command is a
 * result, not an exception: `apply` is total, and throws only for a bug.
 */
export interface StateMachine<Command, Result, View> {
  /** Names the machine in snapshots and metrics, for example `iam`. */
  readonly name: string;
  /** Version of commands and snapshots; a snapshot of another format is not installed. */
  readonly format: number;
  /** Read access to the current state; valid between two applies. */
  readonly view: View;
  /** Where the state is kept, if not in memory; everything of it is. */
  readonly stored?: StoredState;
  apply(context: ApplyContext, command: Command): Result;
  /** JSON records of the state as of this call, even if `apply` goes on while they are drawn. */
  snapshot(): Iterable<unknown>;
  /** Replaces the state by the records of a snapshot. */
  install(records: Iterable<unknown>): void;
}
