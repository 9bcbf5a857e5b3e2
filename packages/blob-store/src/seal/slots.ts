/**
 * Memory that bodies pass through on their way to the disk: slots of one batch each, shared with the workers and used
 * again and again. There are so many and no more, so bodies wait for each other rather than fill the memory; and a slot
 * is taken only when its batch has come, so that slow clients hold none.
 */
import { BLOCK_BYTES, FRAME_BYTES } from '../stored/frame.ts';

const BLOCKS_PER_BATCH = 4;
/** So many bytes of a body are sealed at a time: whole blocks, except at the end. */
export const BATCH_BYTES = BLOCKS_PER_BATCH * BLOCK_BYTES;
/** ... and so many of its stored form. */
export const SLOT_BYTES = BLOCKS_PER_BATCH * FRAME_BYTES;

export interface Slot {
  readonly index: number;
  /** Room for the stored form of a batch. */
  readonly buffer: Buffer;
}

/** Memory for so many slots. */
export const slotMemory = (count: number): SharedArrayBuffer => new SharedArrayBuffer(count * SLOT_BYTES);

/** The memory of one slot. */
export const slotBuffer = (memory: SharedArrayBuffer, index: number): Buffer =>
  Buffer.from(memory, index * SLOT_BYTES, SLOT_BYTES);

export class Slots {
  readonly #free: Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];

  constructor(memory: SharedArrayBuffer, count: number) {
    this.#free = Array.from({ length: count }, (_, index) => ({ index, buffer: slotBuffer(memory, index) }));
    this.#free.reverse();
  }

  /** How many nobody has. */
  get free(): number {
    return this.#free.length;
  }

  /** A slot, in the order of asking. */
  async take(): Promise<Slot> {
    return this.#free.pop() ?? (await new Promise(resolve => this.#waiting.push(resolve)));
  }

  /** Nobody uses it any more, nor will. */
  giveBack(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slot);
    else next(slot);
  }
}
