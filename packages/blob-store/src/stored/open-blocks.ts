/** Blocks of a blob's body out of its open file: read, authenticated and decrypted. */
import type { FileHandle } from 'node:fs/promises';
import { FRAME_BYTES, Frames } from './frame.ts';
import { readBatches } from './read-frames.ts';

export interface OpenPlan {
  readonly id: string;
  readonly dataKey: Uint8Array;
  /** Where in the file: whole frames. */
  readonly from: number;
  readonly to: number;
}

/**
 * A file that is shorter than `to` ends short, or is damaged.
 * @throws BlobDamaged
 */
export async function* openBlocks(file: FileHandle, { id, dataKey, from, to }: OpenPlan): AsyncGenerator<Buffer> {
  const frames = new Frames(id);
  let place = from / FRAME_BYTES;
  for await (const batch of readBatches(file, { id, from, to, reuse: true })) {
    for (let at = 0; at < batch.length; at += FRAME_BYTES) {
      yield frames.open(batch.subarray(at, at + FRAME_BYTES), dataKey, place++);
    }
  }
}
