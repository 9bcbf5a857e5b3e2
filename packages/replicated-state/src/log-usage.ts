/**
 * How much of the log lies behind a place, in bytes: a zone keeps some of it for others that were away, and large entries
 * would fill its disk long before many of them do. Known only of what was applied since the process began.
 */
import type { Seq } from './log.ts';

/** A place is noted whenever so many bytes have passed. */
const STEP_BYTES = 1024 * 1024;

export class LogUsage {
  #total = 0;
  /** What the total was at some places, ascending. */
  #notes: { readonly seq: Seq; readonly total: number }[] = [];

  /** An entry of so many bytes was applied. */
  add(seq: Seq, bytes: number): void {
    this.#total += bytes;
    const last = this.#notes.at(-1);
    if (last === undefined || this.#total - last.total >= STEP_BYTES) this.#notes.push({ seq, total: this.#total });
  }

  /** Bytes of all entries so far. */
  get total(): number {
    return this.#total;
  }

  /** The last noted place behind which more than `bytes` lie; 0 when there is none. Places before it are forgotten. */
  placeBefore(bytes: number): Seq {
    const found = this.#notes.findLastIndex(note => this.#total - note.total > bytes);
    if (found === -1) return 0;
    this.#notes = this.#notes.slice(found);
    return this.#notes[0]!.seq;
  }
}
