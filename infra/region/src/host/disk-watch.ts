/**
 * Does the zone's disk take writes? Writes a block there every second and remembers how it went: a zone that finds out
 * only when somebody needs the disk would look fit until then.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cancel, type Clock, errorStory, type Logger, systemCode } from '@stormglass/base';

export interface DiskWatchOptions {
  /** On the zone's disk. */
  readonly folder: string;
  /** Asked before each write; throws where it is to fail. */
  readonly beforeWrite: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `failing`: it takes no writes, for another reason than want of room. */
export type DiskState = 'ok' | 'full' | 'failing';

const INTERVAL_MS = 1000;
/** As much as a file system gives out at once. */
const BLOCK = Buffer.alloc(4096);

export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #file: string;
  #state: DiskState = 'ok';
  #cancel: Cancel = () => {};
  #isClosed = false;
  #working: Promise<void>;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#file = join(options.folder, 'room');
    this.#working = this.#look();
  }

  get state(): DiskState {
    return this.#state;
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#working;
  }

  async #look(): Promise<void> {
    const { clock, logger, beforeWrite } = this.#options;
    const was = this.#state;
    try {
      beforeWrite();
      // A new file each time, because a block that is there already can be written without room.
      await rm(this.#file, { force: true });
      await writeFile(this.#file, BLOCK, { mode: 0o600 });
      this.#state = 'ok';
      if (was !== 'ok') logger.info('the disk takes writes again');
    } catch (error) {
      const code = systemCode(error);
      this.#state = code === 'ENOSPC' || code === 'EDQUOT' ? 'full' : 'failing';
      if (was !== this.#state)
        logger.error('the disk takes no writes', { disk: this.#state, error: errorStory(error) });
    }
    if (this.#isClosed) return;
    this.#cancel = clock.after(INTERVAL_MS, () => {
      this.#working = this.#look();
    });
  }
}
