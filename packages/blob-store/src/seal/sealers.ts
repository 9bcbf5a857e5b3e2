/**
 * Hashing and encryption off the main thread: a few workers, started when first needed. A body stays with one worker, as
 * its digests are taken in order.
 */
import { availableParallelism } from 'node:os';
import type { DigestValues } from '../digests/digest-name.ts';
import { BodySeal, type BodySealOptions } from './body-seal.ts';
import { SealThread } from './seal-thread.ts';
import { type Slot, Slots, slotMemory } from './slots.ts';

/** One body being sealed. */
export interface Sealing {
  /**
   * Seals a batch in its slot, in the order of the calls; the digests of the body come with the last. The slot is in use
   * until the promise is settled, whatever happens to the body meanwhile.
   */
  seal(slot: Slot, storedBytes: number, isLast: boolean): Promise<DigestValues | undefined>;
  /** The body is given up: no further batch comes. */
  drop(): void;
}

export interface SealersOptions {
  /** Worker threads; 0 does everything on the main thread. One, or two where there are four processors or more. */
  readonly workers?: number;
  /** Batches of 256 KiB that may be in memory at once, of all bodies. */
  readonly slots?: number;
}

const SLOTS = 32;

export class Sealers {
  readonly slots: Slots;
  readonly #memory: SharedArrayBuffer;
  readonly #workersMax: number;
  readonly #threads: SealThread[] = [];
  #isClosed = false;

  constructor({ workers = availableParallelism() < 4 ? 1 : 2, slots = SLOTS }: SealersOptions = {}) {
    this.#memory = slotMemory(slots);
    this.slots = new Slots(this.#memory, slots);
    this.#workersMax = workers;
  }

  /** `isSmall` is for bodies of less than a batch: a worker would cost more than it saves. */
  begin(options: BodySealOptions, isSmall: boolean): Sealing {
    if (this.#isClosed) throw new Error('the sealers are closed');
    return isSmall || this.#workersMax === 0 ? sealHere(options) : this.#leastBusy().begin(options);
  }

  /** Ends the workers; bodies under way are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map(thread => thread.end()));
  }

  #leastBusy(): SealThread {
    const idle = this.#threads.find(thread => thread.bodies === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < this.#workersMax) return this.#start();
    return this.#threads.reduce((least, thread) => (thread.bodies < least.bodies ? thread : least));
  }

  #start(): SealThread {
    const thread = new SealThread(this.#memory, () => {
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
    });
    this.#threads.push(thread);
    return thread;
  }
}

function sealHere(options: BodySealOptions): Sealing {
  const seal = new BodySeal(options);
  return {
    seal: async ({ buffer }, storedBytes, isLast) => seal.seal(buffer.subarray(0, storedBytes), isLast),
    drop() {},
  };
}
