/**
 * The newest entries of a log, kept in memory for zones that keep up; older ones are fetched from a zone that has them.
 * Bounded in bytes, except that entries which are not committed yet always stay.
 */
import type { Seq } from '../../log.ts';
import type { JournalEntry } from './journal.ts';

const BYTES_MAX = 16 * 1024 * 1024;

export class NewestEntries {
  #entries: JournalEntry[] = [];
  #bytes = 0;
  #last: Seq = 0;

  /** Position of the oldest entry kept; one behind the last when there is none. */
  get first(): Seq {
    return this.#last - this.#entries.length + 1;
  }

  /** Begins anew behind `last`. */
  restart(last: Seq): void {
    this.#entries = [];
    this.#bytes = 0;
    this.#last = last;
  }

  push(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.payload.length;
    this.#last = entry.seq;
  }

  /** Entries from `from`, which is kept, on; at least one, and as many as fit into `bytesMax`. */
  from(from: Seq, bytesMax: number): JournalEntry[] {
    const entries: JournalEntry[] = [];
    let bytes = 0;
    for (let i = from - this.first; i < this.#entries.length && bytes < bytesMax; i++) {
      entries.push(this.#entries[i]!);
      bytes += this.#entries[i]!.payload.length;
    }
    return entries;
  }

  /** Forgets the oldest entries that do not fit, up to `committed`. */
  shorten(committed: Seq): void {
    let drop = 0;
    while (this.#bytes > BYTES_MAX && this.first + drop <= committed)
      this.#bytes -= this.#entries[drop++]!.payload.length;
    if (drop > 0) this.#entries = this.#entries.slice(drop);
  }
}
