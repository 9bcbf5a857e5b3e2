/** The patience of a call whose body is a stream: it may last, as long as something moves. */
import type { Cancel, Clock } from '@stormglass/base';

/** Calls back when nothing has moved for too long. */
export class Silence {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #ms: number;
  #last: number;
  #cancel: Cancel = () => {};
  #isHeld = false;

  constructor(clock: Clock, ms: number, onSilence: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onSilence = onSilence;
    this.#last = clock.monotonic();
    this.#watch(ms);
  }

  /** Something moved. */
  broken(): void {
    this.#last = this.#clock.monotonic();
    this.#isHeld = false;
  }

  /** It is this end that waits, until something moves. */
  hold(): void {
    this.#isHeld = true;
  }

  /** From now on so long. */
  allow(ms: number): void {
    this.#ms = ms;
    this.broken();
  }

  end(): void {
    this.#cancel();
  }

  #watch(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => {
      const left = this.#isHeld ? this.#ms : this.#last + this.#ms - this.#clock.monotonic();
      if (left > 0) this.#watch(left);
      else this.#onSilence();
    });
  }
}
