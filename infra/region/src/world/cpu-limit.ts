/**
 * A limit on the processor of a process, by stopping it for a part of each tenth of a second: what a container's quota
 * does (`docker update --cpus`), without one. A process with several busy threads gets its share of each.
 */
import type { Cancel, Clock } from '@stormglass/base';

const PERIOD_MS = 100;

export class CpuLimit {
  readonly #clock: Clock;
  readonly #signal: (name: 'SIGSTOP' | 'SIGCONT') => void;
  #cancel: Cancel = () => {};
  #isOn = false;

  /** `signal` reaches the process that is there, if one is. */
  constructor(clock: Clock, signal: (name: 'SIGSTOP' | 'SIGCONT') => void) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** `share` of one core, from 0 to 1; undefined lifts the limit. */
  set(share: number | undefined): void {
    this.#cancel();
    if (this.#isOn) this.#signal('SIGCONT');
    this.#isOn = share !== undefined && share < 1;
    if (share !== undefined && share < 1) this.#run(share * PERIOD_MS);
  }

  #run(runMs: number): void {
    this.#signal('SIGCONT');
    this.#cancel = this.#clock.after(runMs, () => {
      this.#signal('SIGSTOP');
      this.#cancel = this.#clock.after(PERIOD_MS - runMs, () => this.#run(runMs));
    });
  }
}
