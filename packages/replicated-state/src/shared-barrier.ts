/**
 * One barrier serves every reader that arrived before it started: a thousand strong reads in one turn cost one round
 * through the log. A reader never joins a barrier that is already under way, because that one may have been confirmed
 * before the reader's own request was made.
 */
import type { Clock } from '@stormglass/base';
import { LogUnavailable } from './log.ts';

interface Reader {
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Deadlines are looked at this often, in ms: a timer for each reader would cost more than the barrier. */
const SWEEP_MS = 50;

export class SharedBarrier {
  readonly #clock: Clock;
  readonly #pass: () => Promise<void>;
  /** All that wait, for the barrier under way or for the next one. */
  readonly #readers = new Set<Reader>();
  #next: Reader[] = [];
  #isRunning = false;
  #isSweeping = false;

  /** `pass` resolves when everything acknowledged before it was called is applied here. */
  constructor(clock: Clock, pass: () => Promise<void>) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /**
   * Resolves once a barrier begun after this call has passed.
   * @param deadline in monotonic ms
   * @throws LogUnavailable when that is not so by then; what `pass` throws
   */
  join(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const reader = { deadline, resolve, reject };
      this.#readers.add(reader);
      this.#next.push(reader);
      if (this.#next.length === 1 && !this.#isRunning) this.#clock.soon(() => this.#begin());
      this.#sweepLater();
    });
  }

  #begin(): void {
    const readers = this.#next;
    this.#next = [];
    this.#isRunning = true;
    const over = (how: (reader: Reader) => void) => {
      this.#isRunning = false;
      if (this.#next.length > 0) this.#begin();
      for (const reader of readers) if (this.#readers.delete(reader)) how(reader);
    };
    this.#pass().then(
      () => over(reader => reader.resolve()),
      (error: unknown) => over(reader => reader.reject(error)),
    );
  }

  #sweepLater(): void {
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    this.#clock.after(SWEEP_MS, () => this.#sweep());
  }

  /** Tells those whose time is over. */
  #sweep(): void {
    this.#isSweeping = false;
    const now = this.#clock.monotonic();
    for (const reader of this.#readers) {
      if (now < reader.deadline) continue;
      this.#readers.delete(reader);
      reader.reject(new LogUnavailable('unknown', 'no barrier passed in time'));
    }
    if (this.#readers.size > 0) this.#sweepLater();
  }
}
