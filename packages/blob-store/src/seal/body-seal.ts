/** Seals one body, batch by batch, and takes its digests on the way. Runs in a worker, or on the main thread when small. */
import { BodyDigests } from '../digests/body-digests.ts';
import type { DigestName, DigestValues } from '../digests/digest-name.ts';
import { FRAME_BYTES, Frames, HEAD_BYTES, TAIL_BYTES } from '../stored/frame.ts';

export interface BodySealOptions {
  readonly id: string;
  readonly dataKey: Uint8Array;
  readonly wants: readonly DigestName[];
}

export class BodySeal {
  readonly #frames: Frames;
  readonly #dataKey: Uint8Array;
  readonly #digests: BodyDigests;
  #place = 0;

  constructor({ id, dataKey, wants }: BodySealOptions) {
    this.#frames = new Frames(id);
    this.#dataKey = dataKey;
    this.#digests = new BodyDigests(wants);
  }

  /** Seals in place: plain bytes that stand as frames, with room for heads and tails. The digests come with the last. */
  seal(batch: Buffer, isLast: boolean): DigestValues | undefined {
    for (let at = 0; at < batch.length; at += FRAME_BYTES) {
      const frame = batch.subarray(at, at + FRAME_BYTES);
      this.#digests.update(frame.subarray(HEAD_BYTES, frame.length - TAIL_BYTES));
      this.#frames.seal(frame, this.#dataKey, this.#place++, isLast && at + FRAME_BYTES >= batch.length);
    }
    return isLast ? this.#digests.finish() : undefined;
  }
}
