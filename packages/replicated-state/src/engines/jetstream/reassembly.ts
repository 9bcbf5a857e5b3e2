/**
 * Puts entries that arrive in any order, twice, or from two sources at once back into log order. Pure: it holds what came
 * early and hands out runs without gaps.
 */
import type { LogEntry, Seq } from '../../log.ts';

/** Entries held while a gap before them is open; what comes on top is dropped and fetched later. */
const HELD_MAX = 4096;
const HELD_BYTES_MAX = 32 * 1024 * 1024;

export class Reassembly {
  #next: Seq;
  readonly #held = new Map<Seq, LogEntry>();
  #heldBytes = 0;

  constructor(from: Seq) {
    this.#next = from;
  }

  /** The first position not handed out yet. */
  get next(): Seq {
    return this.#next;
  }

  /** True when entries wait for an earlier one. */
  get gapped(): boolean {
    return this.#held.size > 0;
  }

  has(seq: Seq): boolean {
    return seq < this.#next || this.#held.has(seq);
  }

  /** Takes an entry and returns the run that is now complete, which is empty when something before it is missing. */
  offer(entry: LogEntry): LogEntry[] {
    if (entry.seq < this.#next) return [];
    if (entry.seq > this.#next) {
      if (this.#held.size < HELD_MAX && this.#heldBytes < HELD_BYTES_MAX && !this.#held.has(entry.seq)) {
        this.#held.set(entry.seq, entry);
        this.#heldBytes += entry.payload.length;
      }
      return [];
    }
    const run = [entry];
    for (;;) {
      this.#heldBytes -= this.#held.get(this.#next)?.payload.length ?? 0;
      this.#held.delete(this.#next);
      this.#next++;
      const following = this.#held.get(this.#next);
      if (following === undefined) return run;
      run.push(following);
    }
  }
}
