/** Reads every blob on the disk again, little by little, so that rot is found while other zones still have good copies. */

import { type Clock, errorStory, type Logger, sleep } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';

export interface ScrubOptions {
  readonly files: Pick<BlobFiles, 'list' | 'scrub' | 'storedBytes'>;
  readonly onDamaged: (id: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of a round that nobody asked for. */
const BYTES_PER_MS = 8000;
const FIRST_ROUND_MS = 60_000;
const BETWEEN_ROUNDS_MS = 6 * 3_600_000;

export class Scrub {
  readonly #options: ScrubOptions;
  readonly #stopping = new AbortController();
  #hurry = new AbortController();
  #asked = 0;
  #checked = 0;
  #isRunning = false;
  #endedAt: number | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ScrubOptions) {
    this.#options = options;
  }

  get state() {
    return { isRunning: this.#isRunning, checked: this.#checked, endedAt: this.#endedAt };
  }

  start(): void {
    this.#running = this.#rounds();
  }

  /** A round from the beginning, as fast as the disk reads. */
  now(): void {
    this.#asked++;
    this.#isRunning = true;
    this.#hurry.abort();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
  }

  async #rounds(): Promise<void> {
    const { clock, logger } = this.#options;
    let waitMs = FIRST_ROUND_MS;
    while (!this.#stopping.signal.aborted) {
      await this.#rest(waitMs);
      const asked = this.#asked;
      this.#isRunning = true;
      try {
        await this.#round(() => asked !== this.#asked);
      } catch (error) {
        if (!this.#stopping.signal.aborted) logger.warn('objects: scrubbing failed', { error: errorStory(error) });
      }
      waitMs = BETWEEN_ROUNDS_MS;
      if (asked !== this.#asked) continue;
      this.#hurry = new AbortController();
      this.#isRunning = false;
      this.#endedAt = clock.now();
    }
  }

  /** Until somebody asks for another. */
  async #round(isOver: () => boolean): Promise<void> {
    const { files, onDamaged, clock } = this.#options;
    const { signal } = this.#stopping;
    const isHurried = this.#hurry.signal.aborted;
    this.#checked = 0;
    for await (const id of files.list()) {
      if (signal.aborted || isOver()) return;
      const startedAt = clock.monotonic();
      if ((await files.scrub(id, signal)) === 'damaged') onDamaged(id);
      this.#checked++;
      if (isHurried) continue;
      const storedBytes = (await files.storedBytes(id)) ?? 0;
      await this.#rest(storedBytes / BYTES_PER_MS - (clock.monotonic() - startedAt));
    }
  }

  /** Ends early when somebody is in a hurry. */
  async #rest(ms: number): Promise<void> {
    if (ms > 0) await sleep(this.#options.clock, ms, this.#hurry.signal).catch(() => {});
  }
}
