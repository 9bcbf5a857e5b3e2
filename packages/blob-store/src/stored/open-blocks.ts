/** Blocks of a blob's body out of its open file: read, authenticated and decrypted. */
import type { FileHandle } from 'node:fs/promises';
import type { Sealers } from '../seal/sealers.ts';
import { SLOT_BYTES } from '../seal/slots.ts';
import { FRAME_BYTES, Frames } from './frame.ts';
import { readBatches, readFully } from './read-frames.ts';

export interface OpenPlan {
  readonly id: string;
  readonly dataKey: Uint8Array;
  /** Where in the file: whole frames. */
  readonly from: number;
  readonly to: number;
}

/**
 * On the main thread. A file that is shorter than `to` ends short, or is damaged.
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

/** The same with workers, which open a batch while the one before is on its way to its reader. */
export async function* openBlocksAhead(
  file: FileHandle,
  { id, dataKey, from, to }: OpenPlan,
  sealers: Sealers,
): AsyncGenerator<Buffer> {
  const { openSlots } = sealers;
  const openAt = async (at: number): Promise<readonly Buffer[]> => {
    const slot = await openSlots.take();
    try {
      const { length } = await readFully(file, id, slot.buffer.subarray(0, to - at), at);
      return await sealers.open(slot, { id, dataKey, place: at / FRAME_BYTES, storedBytes: length });
    } finally {
      openSlots.giveBack(slot);
    }
  };
  let ahead = openAt(from);
  try {
    for (let at = from; at < to; at += SLOT_BYTES) {
      const blocks = await ahead;
      if (blocks.length === 0) return;
      if (at + SLOT_BYTES < to) {
        ahead = openAt(at + SLOT_BYTES);
        // Waited for at the next turn, or at the end.
        ahead.catch(() => {});
      }
      yield* blocks;
    }
  } finally {
    await ahead.catch(() => {});
  }
}
