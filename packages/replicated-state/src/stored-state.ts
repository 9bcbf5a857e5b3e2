/**
 * State that a machine keeps in tables of its own instead of in memory: what the replica asks of it, so that the place in
 * the log is kept in the same transaction as the changes made up to there.
 *
 * T1: what is committed is the state after a whole batch of entries, its place, and the ids remembered there: never a part.
 * T2: after a failure of any kind the state is an earlier committed one, or empty; the log, or a peer, brings the rest.
 */
import type { Seq } from './log.ts';

/** The place of a state in its log. */
export interface StoredPosition {
  readonly logId: string;
  readonly seq: Seq;
  /** Log time at `seq`, in ms since the epoch. */
  readonly now: number;
  /** Rolling hash over all payloads up to `seq`. */
  readonly hash: number;
}

/** A command with its result; without it when that was forgotten. */
export type StoredCommand = readonly [id: string, result: unknown] | readonly [id: string];

/** The commands that one entry applied for the first time, with their results, for `RememberedCommands`. */
export interface StoredCommands {
  readonly seq: Seq;
  /** Log time of the entry in ms. */
  readonly at: number;
  readonly commands: readonly StoredCommand[];
}

/** The whole state after one place, as the bytes of a file: what a zone that fell behind is sent. */
export interface StoredCopy {
  readonly position: StoredPosition;
  /** Length in bytes. */
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Frees what the copy occupies. */
  discard(): Promise<void>;
}

export interface StoredState {
  /**
   * Whether the process may end and find the state again. One in memory is kept by snapshots, as other machines are. A
   * durable one is closed with its replica.
   */
  readonly isDurable: boolean;
  /** Undefined for a new state. */
  readonly position: StoredPosition | undefined;
  /** Why what is stored can no longer be trusted: it is to be cleared. */
  readonly damage: string | undefined;
  /** What was committed with `commit` and not forgotten since, oldest first. */
  remembered(): Iterable<StoredCommands>;
  /** Begins the changes of a batch of entries. Only the machine of this state changes it, and within one turn. */
  begin(): void;
  /**
   * Keeps the changes since `begin`, the place they lead to and what they executed; forgets, now or soon, what is older than
   * `forgetBefore`, and the results of the commands `forgotten` at once.
   */
  commit(
    position: StoredPosition,
    executed: readonly StoredCommands[],
    forgetBefore: number,
    forgotten?: readonly { readonly seq: Seq; readonly id: string }[],
  ): void;
  /** Takes back the changes since `begin`, because of `error`. */
  rollback(error: unknown): void;
  /** `told` when damage is found outside of a batch. */
  onDamage(told: () => void): void;
  /** Resolves when everything committed before survives a loss of power. */
  sync(): Promise<void>;
  /** The state as of now; it goes on while the copy is made. For durable states. */
  copy(): Promise<StoredCopy>;
  /**
   * Takes a copy's bytes in place of the state. The present one stays until all of them are here and sound.
   * @throws what drawing the bytes throws, and Error when they are no state of this machine at `position`
   */
  replace(bytes: AsyncIterable<Uint8Array>, position: StoredPosition): Promise<void>;
  /** Back to the empty state. */
  clear(): Promise<void>;
  close(): Promise<void>;
}
