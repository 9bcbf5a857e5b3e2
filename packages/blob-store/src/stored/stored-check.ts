/** Checks the stored form of a blob while it passes, without its key and however it is cut: heads, CRCs, and its end. */
import { crc32 } from 'node:zlib';
import { BlobDamaged } from '../blob-errors.ts';
import { Frames, HEAD_BYTES, TAIL_BYTES } from './frame.ts';

const CRC_BYTES = 4;

export class StoredCheck {
  readonly #frames: Frames;
  readonly #head = Buffer.alloc(HEAD_BYTES);
  readonly #crc = Buffer.alloc(CRC_BYTES);
  #place: number;
  /** Bytes of the current frame so far. */
  #got = 0;
  /** Where its CRC stands; known when the head is. */
  #crcAt = 0;
  #value = 0;
  #isLast = false;
  #isOver = false;

  /** @param place of the first frame that comes */
  constructor(id: string, place = 0) {
    this.#frames = new Frames(id);
    this.#place = place;
  }

  /** @throws BlobDamaged as soon as something is wrong */
  update(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) at += this.#take(chunk, at);
  }

  /** @throws BlobDamaged when there should be more */
  finish(): void {
    if (!this.#isOver) throw new BlobDamaged(this.#frames.id, 'it is cut off');
  }

  /** Takes what belongs to the current part of the frame; how many bytes that was. */
  #take(chunk: Uint8Array, at: number): number {
    if (this.#isOver) throw new BlobDamaged(this.#frames.id, 'it goes on after its end');
    const isHead = this.#got < HEAD_BYTES;
    const end = isHead ? HEAD_BYTES : this.#got < this.#crcAt ? this.#crcAt : this.#crcAt + CRC_BYTES;
    const piece = chunk.subarray(at, at + end - this.#got);
    if (isHead) this.#head.set(piece, this.#got);
    else if (end === this.#crcAt) this.#value = crc32(piece, this.#value);
    else this.#crc.set(piece, this.#got - this.#crcAt);
    this.#got += piece.length;
    if (this.#got === end) {
      if (isHead) this.#begin();
      else if (end > this.#crcAt) this.#end();
    }
    return piece.length;
  }

  #begin(): void {
    const { length, isLast } = this.#frames.head(this.#head);
    this.#isLast = isLast;
    this.#crcAt = HEAD_BYTES + length + TAIL_BYTES - CRC_BYTES;
    this.#value = crc32(this.#head, this.#frames.crcBegin(this.#place));
  }

  #end(): void {
    if (this.#crc.readUInt32BE(0) !== this.#value) {
      throw new BlobDamaged(this.#frames.id, `frame ${this.#place} has another checksum`);
    }
    this.#isOver = this.#isLast;
    this.#place += 1;
    this.#got = 0;
  }
}
