/** The door of one zone: listens on the zone's address while the zone answers, and refuses connections while it does not. */
import { type Clock, type Logger, sleep } from '@stormglass/base';
import type { FrontDoor, Target } from './front-door.ts';

export interface ZonalDoorOptions {
  readonly door: FrontDoor;
  readonly target: Pick<Target, 'zone' | 'healthy'>;
  readonly address: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_MS = 1000;

export class ZonalDoor {
  readonly #options: ZonalDoorOptions;
  #listening = false;
  #following = false;
  #closed = false;

  constructor(options: ZonalDoorOptions) {
    this.#options = options;
  }

  get door(): FrontDoor {
    return this.#options.door;
  }

  /** Does what the zone's health asks for; a port that cannot be had now is tried again. */
  async follow(port: number): Promise<void> {
    if (this.#following) return;
    this.#following = true;
    const { door, target, address, clock, logger } = this.#options;
    while (!this.#closed && this.#listening !== target.healthy) {
      try {
        if (this.#listening) door.shut();
        else await door.listen(port, address);
        this.#listening = !this.#listening;
      } catch (error) {
        const { message } = error as Error;
        logger.warn("the zone's address cannot be had and is tried again", { zone: target.zone, error: message });
        await sleep(clock, RETRY_MS);
      }
    }
    this.#following = false;
    if (this.#closed) door.close();
  }

  close(): void {
    this.#closed = true;
    this.#options.door.close();
  }
}
