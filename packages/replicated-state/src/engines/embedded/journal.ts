/**
 * What the embedded engine needs of a zone's disk: a durable suffix of the log and the highest epoch promised.
 * `journal-files.ts` keeps it in real files; simulations keep it in memory with the manners of a disk.
 */
import type { Seq } from '../../log.ts';

export interface JournalEntry {
  readonly seq: Seq;
  /** The sequencer's term that first stored the entry; with `seq` it names the entry's content. */
  readonly epoch: number;
  readonly time: number;
  readonly payload: Uint8Array;
}

/** The position just before the first entry held: its epoch is needed to match logs at the edge. */
export interface JournalBase {
  readonly seq: Seq;
  readonly epoch: number;
}

/** `epoch` begins at entry `from` and lasts until the next range. */
export interface EpochRange {
  readonly epoch: number;
  readonly from: Seq;
}

export interface Journal {
  /** Undefined on a fresh disk. */
  readonly logId: string | undefined;
  /** Highest epoch this zone has promised to follow. */
  readonly promised: number;
  readonly base: JournalBase;
  /** Last entry held; `base.seq` when none is. */
  readonly last: Seq;
  readonly epochs: readonly EpochRange[];
  /** Highest position known committed when the newest entries were written. */
  readonly commitHint: Seq;
  /** False when entries that may have been acknowledged were lost to corruption: this copy may not vote alone. */
  readonly sound: boolean;
  /** Durably promises `epoch` and takes on the log's identity, and whether this copy may vote. */
  promise(epoch: number, logId: string, sound: boolean): Promise<void>;
  /** Stores entries behind the last one; durable when it resolves. */
  append(entries: readonly JournalEntry[], commitHint: Seq): Promise<void>;
  /** Durably drops every entry behind `seq`. */
  truncateAfter(seq: Seq): Promise<void>;
  /** Durably drops everything; the next entry is `base.seq + 1`. */
  restart(base: JournalBase): Promise<void>;
  /** Durably declares the copy sound again: it has been brought up to date by a quorum. */
  restore(): Promise<void>;
  /**
   * Entries from `from`, at least one, as many as fit into `bytesMax`.
   * @throws JournalCorrupt when what the disk gives back is not what was written.
   */
  read(from: Seq, bytesMax: number): Promise<readonly JournalEntry[]>;
  /** Forgets whole pieces that end at or before `through`. */
  trim(through: Seq): Promise<void>;
  close(): Promise<void>;
}

export class JournalCorrupt extends Error {
  override readonly name = 'JournalCorrupt';
}

/** Where a log begins and ends, and under which epochs its entries were stored. */
export interface LogDescription {
  readonly base: JournalBase;
  readonly last: Seq;
  readonly epochs: readonly EpochRange[];
}

/** The epoch of the entry at `seq`; undefined when the log described by `base`, `last` and `epochs` does not hold it. */
export function epochAt(log: LogDescription, seq: Seq): number | undefined {
  if (seq === log.base.seq) return log.base.epoch;
  if (seq < log.base.seq || seq > log.last) return undefined;
  return log.epochs.findLast(range => range.from <= seq)?.epoch;
}

/**
 * The highest position up to which two logs are the same. Entries with equal position and epoch were stored by the same
 * sequencer, after equal predecessors (the log matching property of Raft: Ongaro and Ousterhout, 2014, section 5.3).
 * Undefined when they share nothing that both still know of.
 */
export function matchPoint(a: LogDescription, b: LogDescription): Seq | undefined {
  let seq = Math.min(a.last, b.last);
  while (seq >= a.base.seq && seq >= b.base.seq) {
    const epoch = epochAt(a, seq);
    if (epoch !== undefined && epoch === epochAt(b, seq)) return seq;
    // Entries of one epoch range all differ together, so the search goes on before the later of the two ranges.
    const start = Math.max(startOfRange(a.epochs, seq), startOfRange(b.epochs, seq));
    seq = Math.min(seq, start) - 1;
  }
  return undefined;
}

const startOfRange = (epochs: readonly EpochRange[], seq: Seq): Seq =>
  epochs.findLast(range => range.from <= seq)?.from ?? seq;

/** `epochs` with entries of `epoch` added from `from` on. */
export const withEpoch = (epochs: readonly EpochRange[], epoch: number, from: Seq): readonly EpochRange[] =>
  epochs.at(-1)?.epoch === epoch ? epochs : [...epochs, { epoch, from }];

/** `epochs` without the entries behind `last`. */
export const epochsUntil = (epochs: readonly EpochRange[], last: Seq): readonly EpochRange[] =>
  epochs.filter(range => range.from <= last);

/** A log is ahead of another when its last entry is of a later epoch, or of the same and further (Raft, section 5.4.1). */
export function isAhead(a: LogDescription, b: LogDescription): boolean {
  const epochA = epochAt(a, a.last) ?? 0;
  const epochB = epochAt(b, b.last) ?? 0;
  return epochA > epochB || (epochA === epochB && a.last > b.last);
}
