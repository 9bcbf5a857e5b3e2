/**
 * One barrier serves every reader that arrived before it started: a thousand strong reads in one turn cost one round
 * through the log. A reader never joins a barrier that is already under way, because that one may have been confirmed
 * before the reader's own request was made.
 */
import type { Clock } from '@stormglass/base';

export class SharedBarrier {
  readonly #clock: Clock;
  readonly #pass: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `pass` resolves when everything acknowledged before it was called is applied here. */
  constructor(clock: Clock, pass: () => Promise<void>) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /** Resolves once a barrier begun after this call has passed. */
  join(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    if (this.#running !== undefined) await this.#running.catch(() => {});
    else await new Promise<void>(resolve => this.#clock.soon(resolve));
    const mine = this.#pass();
    this.#running = mine;
    this.#next = undefined;
    try {
      await mine;
    } finally {
      if (this.#running === mine) this.#running = undefined;
    }
  }
}
