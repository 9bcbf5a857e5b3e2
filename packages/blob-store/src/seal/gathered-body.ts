/** A body as it comes, gathered until there is enough of it to work on. What was handed out is copied once, into frames. */
import { BLOCK_BYTES, HEAD_BYTES, storedBytesOf, TAIL_BYTES } from '../stored/frame.ts';

/** More chunks than this are made into one: many tiny ones cost more than their bytes. */
const CHUNKS_MAX = 128;

export class GatheredBody {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;
  #isEnded = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes at hand. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether what is at hand is the end of the body. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Reads until there is more than `bytes` at hand, or no more to come. */
  async moreThan(bytes: number): Promise<void> {
    while (!this.#isOver && this.#bytes <= bytes) {
      const { done, value } = await this.#source.next();
      if (done === true) {
        this.#isOver = true;
        this.#isEnded = true;
      } else if (value.length > 0) {
        this.#chunks.push(value);
        this.#bytes += value.length;
        if (this.#chunks.length > CHUNKS_MAX) this.#chunks = [Buffer.concat(this.#chunks)];
      }
    }
  }

  /** All that is at hand. */
  takeAll(): Buffer {
    const [first] = this.#chunks;
    const isOne = this.#chunks.length === 1 && Buffer.isBuffer(first);
    const all = isOne ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    return all;
  }

  /**
   * Copies the next `bytes` of what is at hand to `frames`, laid out as frames with room for heads and tails. How much room
   * that took.
   */
  takeFrames(bytes: number, frames: Buffer): number {
    let at = HEAD_BYTES;
    let roomInBlock = BLOCK_BYTES;
    let used = 0;
    for (let left = bytes; left > 0; ) {
      const chunk = this.#chunks[used]!;
      if (roomInBlock === 0) {
        at += TAIL_BYTES + HEAD_BYTES;
        roomInBlock = BLOCK_BYTES;
      }
      const count = Math.min(left, roomInBlock, chunk.length);
      frames.set(count === chunk.length ? chunk : chunk.subarray(0, count), at);
      if (count === chunk.length) used++;
      else this.#chunks[used] = chunk.subarray(count);
      at += count;
      roomInBlock -= count;
      left -= count;
    }
    this.#chunks.splice(0, used);
    this.#bytes -= bytes;
    return storedBytesOf(bytes);
  }

  /** Wants no more. */
  leave(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#source.return?.()?.catch(() => {});
  }
}
