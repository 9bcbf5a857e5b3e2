/**
 * Tells for how long the log has been without a quorum. A short loss is ridden out; a longer one fails requests at once,
 * so that a client hears a clear 503 in well under a second instead of waiting for its own deadline.
 */
import type { Clock } from '@stormglass/base';
import { LogUnavailable, type ReplicatedLog } from './log.ts';

export class QuorumWatch {
  readonly #log: ReplicatedLog;
  readonly #clock: Clock;
  readonly #graceMs: number;
  #lostSince: number | undefined;
  #stop: () => void = () => {};

  /** `graceMs`: a loss of quorum up to this long is waited out (engines that elect leaders need seconds). */
  constructor(log: ReplicatedLog, clock: Clock, graceMs: number) {
    this.#log = log;
    this.#clock = clock;
    this.#graceMs = graceMs;
    this.#sample();
  }

  /** True when the quorum has been gone for longer than the grace. */
  lost(): boolean {
    if (this.#lostSince === undefined || !this.#isGone()) return false;
    return this.#clock.monotonic() - this.#lostSince >= this.#graceMs;
  }

  /** @throws LogUnavailable (`not-applied`) when the quorum has been gone for longer than the grace. */
  assertHeld(): void {
    if (this.lost()) throw new LogUnavailable('not-applied', 'fewer than two zones answer');
  }

  close(): void {
    this.#stop();
  }

  #isGone(): boolean {
    return this.#log.health().state === 'no-quorum';
  }

  /** Looks regularly, so that two short losses with a good time between them are not taken for one long one. */
  #sample(): void {
    if (!this.#isGone()) this.#lostSince = undefined;
    else this.#lostSince ??= this.#clock.monotonic();
    this.#stop = this.#clock.after(SAMPLE_MS, () => this.#sample());
  }
}

const SAMPLE_MS = 100;
