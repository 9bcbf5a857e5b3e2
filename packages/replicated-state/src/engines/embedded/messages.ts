/**
 * What a zone and the sequencer say to each other. Entries travel with their payloads untouched; positions, epochs and
 * times are plain numbers. `log` names the log, since one connection carries all logs of a zone.
 */
import type { LogHealth, Seq } from '../../log.ts';
import type { EpochRange, JournalBase, JournalEntry } from './journal.ts';

/** What a zone's journal holds; sent whenever the zone connects. */
export interface Position {
  readonly logId: string | undefined;
  readonly promised: number;
  readonly base: JournalBase;
  readonly last: Seq;
  readonly epochs: readonly EpochRange[];
  readonly commitHint: Seq;
  readonly sound: boolean;
}

export type FromZone =
  | { readonly type: 'position'; readonly log: string; readonly position: Position }
  | { readonly type: 'promised'; readonly log: string; readonly epoch: number }
  | { readonly type: 'restarted'; readonly log: string; readonly base: JournalBase }
  | { readonly type: 'stored'; readonly log: string; readonly epoch: number; readonly last: Seq }
  | { readonly type: 'propose'; readonly log: string; readonly request: number; readonly payload: Uint8Array }
  | { readonly type: 'read-index'; readonly log: string; readonly request: number }
  /** Answer to `fetch`; no entries when the zone no longer holds `from`. */
  | {
      readonly type: 'fetched';
      readonly log: string;
      readonly from: Seq;
      readonly base: JournalBase;
      readonly entries: readonly JournalEntry[];
    }
  | { readonly type: 'pong' };

export type ToZone =
  /**
   * Asks for the promise to follow this epoch and no older one. `sound`: whether the zone's journal may vote; a fresh disk
   * in a log that has had entries may not, until it has been brought up to date.
   */
  | {
      readonly type: 'epoch';
      readonly log: string;
      readonly logId: string;
      readonly epoch: number;
      readonly sound: boolean;
    }
  /** The zone's journal has nothing to build on: it starts anew behind `base`. */
  | { readonly type: 'restart'; readonly log: string; readonly base: JournalBase }
  | {
      readonly type: 'append';
      readonly log: string;
      readonly epoch: number;
      /** The entries follow this one; whatever else the zone holds behind it is not part of the log. */
      readonly previous: JournalBase;
      readonly commit: Seq;
      readonly entries: readonly JournalEntry[];
    }
  | {
      readonly type: 'commit';
      readonly log: string;
      readonly commit: Seq;
      readonly proposed: readonly (readonly [request: number, seq: Seq])[];
    }
  | { readonly type: 'refused'; readonly log: string; readonly request: number; readonly why: string }
  | { readonly type: 'index'; readonly log: string; readonly request: number; readonly seq: Seq }
  | { readonly type: 'fetch'; readonly log: string; readonly from: Seq; readonly bytesMax: number }
  /** A quorum has brought this journal up to date: it counts again. */
  | { readonly type: 'restore'; readonly log: string }
  | { readonly type: 'ping'; readonly health: Readonly<Record<string, LogHealth>> };

/**
 * An ordered connection that carries messages: a socket between processes, a queue in a simulation. Messages sent after
 * it broke are dropped; `closed` is called once.
 */
export interface Channel<Out, In> {
  send(message: Out): void;
  close(): void;
  listen(handlers: { message(message: In): void; closed(): void }): void;
}

export type ZoneChannel = Channel<FromZone, ToZone>;
export type SequencerChannel = Channel<ToZone, FromZone>;
