/**
 * What the home region of IAM remembers for the regions that mirror it: the last changes of its rows, by the position of
 * the log entry that made them. Rows travel rather than commands, because a region that holds only some accounts could
 * not apply a command that looks at others, such as a trust policy that names somebody in another account.
 *
 * I1  Every change behind `floor` is here, in the order in which it was made.
 * I2  No more than `FEED_LIMITS` are kept; the oldest go first.
 */
import type { Cancel } from '@stormglass/base';
import type { Seq } from '@stormglass/replicated-state';
import type { RowChange } from './tables.ts';

/** What one log entry changed. */
export interface MirrorEntry {
  readonly seq: Seq;
  /** Log time at home, in ms since the epoch. */
  readonly time: number;
  readonly changes: readonly RowChange[];
}

export const FEED_LIMITS = { entries: 10_000, chars: 16 * 1024 * 1024 } as const;

interface Kept {
  readonly seq: Seq;
  readonly time: number;
  readonly changes: RowChange[];
  chars: number;
}

export class MirrorFeed {
  readonly #limits: { readonly entries: number; readonly chars: number };
  #kept: Kept[] = [];
  /** Index of the oldest entry in `#kept`; what is before it has been forgotten. */
  #first = 0;
  #chars = 0;
  #floor: Seq | undefined = 0;
  #waiting = new Set<() => void>();

  constructor(limits: { readonly entries: number; readonly chars: number } = FEED_LIMITS) {
    this.#limits = limits;
  }

  /** A row has changed by the entry at `seq`. */
  note(seq: Seq, time: number, change: RowChange): void {
    const chars = JSON.stringify(change).length;
    this.#floor ??= seq - 1;
    let entry = this.#kept.at(-1);
    if (entry?.seq !== seq) this.#kept.push((entry = { seq, time, changes: [], chars: 0 }));
    entry.changes.push(change);
    entry.chars += chars;
    this.#chars += chars;
    this.#forget();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** The state was replaced: what happened before is not known any more. */
  reset(): void {
    this.#kept = [];
    this.#first = 0;
    this.#chars = 0;
    this.#floor = undefined;
  }

  /** Entries behind `after`; undefined when some of them are gone. `applied`: how far the state is. */
  since(after: Seq, applied: Seq): readonly MirrorEntry[] | undefined {
    this.#floor ??= applied;
    if (after < this.#floor) return undefined;
    let low = this.#first;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#kept[middle]!.seq <= after) low = middle + 1;
      else high = middle;
    }
    return this.#kept.slice(low);
  }

  /** Calls `fn` once, at the next change, unless it was cancelled before. */
  onNext(fn: () => void): Cancel {
    this.#waiting.add(fn);
    return () => this.#waiting.delete(fn);
  }

  #forget(): void {
    const { entries, chars } = this.#limits;
    while (this.#kept.length - this.#first > entries || this.#chars > chars) {
      const oldest = this.#kept[this.#first++]!;
      this.#chars -= oldest.chars;
      this.#floor = oldest.seq;
    }
    if (this.#first <= this.#kept.length / 2) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }
}
