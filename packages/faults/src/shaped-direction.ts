/**
 * One direction of one connection with the faults in force on it: delivers in order, late, never, or not at all.
 * Without a fault it calls straight through, so a clean link costs a comparison.
 */
import type { Cancel, Clock } from '@stormglass/base';
import type { LinkBehaviour } from './link-fault.ts';
import type { LinkRules } from './link-rules.ts';

interface Waiting {
  readonly byteCount: number;
  readonly deliver: () => void;
  /** Monotonic time of arrival; undefined while the link holds it back. */
  at: number | undefined;
}

export interface ShapedDirectionOptions {
  readonly rules: LinkRules;
  readonly clock: Clock;
  readonly from: string;
  readonly to: string;
  /** From `rules.nextConnection()`; both directions of a connection have the same. */
  readonly connection: number;
  /** The connection is to break. */
  readonly onReset: () => void;
}

export class ShapedDirection {
  readonly #options: ShapedDirectionOptions;
  readonly #stopListening: () => void;
  #behaviours: readonly LinkBehaviour[];
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #timer: Cancel | undefined;
  #closed = false;

  constructor(options: ShapedDirectionOptions) {
    this.#options = options;
    this.#behaviours = this.#begin();
    this.#stopListening = options.rules.onChange(() => this.#onRules());
  }

  /** Bytes that have not arrived yet: a sender that respects them bounds what a broken link can pile up. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Hands something over; `deliver` is called when it arrives. */
  send(byteCount: number, deliver: () => void): void {
    if (this.#closed) return;
    if (this.#behaviours.length === 0 && this.#waiting.length === 0) return deliver();
    const at = this.#arrival(byteCount);
    if (at === 'reset') return this.#options.onReset();
    this.#waiting.push({ byteCount, deliver, at });
    this.#waitingBytes += byteCount;
    this.#schedule();
  }

  /** Drops what has not arrived. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#timer?.();
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #begin(): readonly LinkBehaviour[] {
    const { rules, from, to, connection } = this.#options;
    return rules.begin(from, to, connection);
  }

  #arrival(byteCount: number): number | undefined | 'reset' {
    const now = this.#options.clock.monotonic();
    let delayMs = 0;
    for (const behaviour of this.#behaviours) {
      const verdict = behaviour(byteCount, now);
      if (verdict === 'reset') return 'reset';
      if (verdict === 'hold') return undefined;
      delayMs += verdict;
    }
    return now + delayMs;
  }

  /** New faults meet what is still held back; what is already on its way arrives as it would have. */
  #onRules(): void {
    this.#behaviours = this.#begin();
    for (const waiting of this.#waiting) {
      if (waiting.at !== undefined) continue;
      const at = this.#arrival(waiting.byteCount);
      if (at === 'reset') return this.#options.onReset();
      waiting.at = at;
    }
    this.#schedule();
  }

  #schedule(): void {
    const first = this.#waiting[0];
    if (this.#timer !== undefined || first?.at === undefined) return;
    this.#timer = this.#options.clock.after(Math.max(0, first.at - this.#options.clock.monotonic()), () => {
      this.#timer = undefined;
      this.#flush();
    });
  }

  #flush(): void {
    const now = this.#options.clock.monotonic();
    // Half a millisecond of slack, because timers fire a little early; order is kept whatever the times say.
    while (
      !this.#closed &&
      this.#waiting.length > 0 &&
      (this.#waiting[0]!.at ?? Number.POSITIVE_INFINITY) <= now + 0.5
    ) {
      const { deliver, byteCount } = this.#waiting.shift()!;
      this.#waitingBytes -= byteCount;
      deliver();
    }
    this.#schedule();
  }
}
