/**
 * What the world tells containers: the rules of links, and what is broken in hosts. Each is told what holds now, again
 * whenever it changes and every other second, so that one that was started anew hears of it too.
 */
import type { Cancel, Clock, Logger } from '@stormglass/base';

export interface Told {
  readonly name: string;
  /** Tells what holds now; rejects when the other end cannot be reached. */
  readonly tell: () => Promise<unknown>;
}

const AGAIN_MS = 2000;

export class ToldHosts {
  readonly #told: readonly Told[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Those being told, and those to be told once more because something changed meanwhile. */
  readonly #busy = new Map<Told, 'told' | 'again'>();
  readonly #away = new Set<Told>();
  #cancel: Cancel = () => {};

  constructor(told: readonly Told[], clock: Clock, logger: Logger) {
    this.#told = told;
    this.#clock = clock;
    this.#logger = logger;
    this.#tick();
  }

  /** Something has changed. */
  changed(): void {
    for (const each of this.#told) void this.#tell(each);
  }

  close(): void {
    this.#cancel();
  }

  #tick(): void {
    this.changed();
    this.#cancel = this.#clock.after(AGAIN_MS, () => this.#tick());
  }

  async #tell(each: Told): Promise<void> {
    if (this.#busy.has(each)) {
      this.#busy.set(each, 'again');
      return;
    }
    do {
      this.#busy.set(each, 'told');
      try {
        await each.tell();
        this.#away.delete(each);
      } catch (error) {
        if (!this.#away.has(each)) this.#logger.warn('cannot be told', { host: each.name, error: String(error) });
        this.#away.add(each);
      }
    } while (this.#busy.get(each) === 'again');
    this.#busy.delete(each);
  }
}
