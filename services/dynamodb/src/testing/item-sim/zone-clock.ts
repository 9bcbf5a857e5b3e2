/** The clock of a simulated zone: it may be wrong, and while the zone is frozen nothing of it runs. */
import type { Cancel, Clock } from '@stormglass/base';

export class ZoneClock implements Clock {
  skewMs = 0;
  readonly #base: Clock;
  /** What waits for the zone to wake. */
  #held: (() => void)[] | undefined;

  constructor(base: Clock) {
    this.#base = base;
  }

  now(): number {
    return this.#base.now() + this.skewMs;
  }

  monotonic(): number {
    return this.#base.monotonic();
  }

  after(ms: number, run: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.#base.after(ms, () => this.run(() => isCancelled || run()));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  soon(run: () => void): void {
    this.#base.soon(() => this.run(run));
  }

  /** Runs what comes from outside: now, or when the zone wakes. */
  run(event: () => void): void {
    if (this.#held === undefined) event();
    else this.#held.push(event);
  }

  freeze(): void {
    this.#held ??= [];
  }

  /** All that came meanwhile happens now, in its order. */
  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#base.soon(event);
  }
}
