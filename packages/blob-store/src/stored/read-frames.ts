/** Reads frames of an open file, several at a time and one time ahead, through buffers that are used again. */
import type { FileHandle } from 'node:fs/promises';
import { systemCode } from '@stormglass/base';
import { BlobDamaged } from '../blob-errors.ts';
import { FRAME_BYTES } from './frame.ts';

/** So many bytes are read at a time, at most. */
const BATCH_BYTES = 4 * FRAME_BYTES;
const FREE_MAX = 16;

const free: Buffer[] = [];

/** Large buffers are costly to make and to collect; those of small reads are not kept. */
const take = (bytes: number): Buffer =>
  (bytes === BATCH_BYTES ? free.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);

function giveBack(buffer: Buffer): void {
  if (buffer.length === BATCH_BYTES && free.length < FREE_MAX) free.push(buffer);
}

export interface ReadPlan {
  readonly id: string;
  /** Where in the file. */
  readonly from: number;
  readonly to: number;
  /** Whether each batch is gone when the next is asked for. */
  readonly reuse: boolean;
}

/**
 * The bytes of the file in batches of whole frames. A file that is shorter than `to` ends short.
 * @throws BlobDamaged when the disk cannot read it
 */
export async function* readBatches(file: FileHandle, { id, from, to, reuse }: ReadPlan): AsyncGenerator<Buffer> {
  const bytes = Math.min(BATCH_BYTES, to - from);
  const next = () => (reuse ? take(bytes) : Buffer.allocUnsafeSlow(bytes));
  const buffers = [next(), ...(to - from > bytes ? [next()] : [])];
  const readAt = (at: number, buffer: Buffer) => readFully(file, id, buffer.subarray(0, to - at), at);
  let ahead = readAt(from, buffers[0]!);
  try {
    for (let at = from, turn = 1; at < to; at += bytes, turn++) {
      const batch = await ahead;
      if (at + bytes < to) {
        ahead = readAt(at + bytes, reuse ? buffers[turn % 2]! : next());
        // Waited for at the next turn, or at the end.
        ahead.catch(() => {});
      }
      if (batch.length > 0) yield batch;
      if (batch.length < Math.min(bytes, to - at)) return;
    }
  } finally {
    await ahead.catch(() => {});
    for (const buffer of buffers) giveBack(buffer);
  }
}

/**
 * Reads until the buffer is full or the file ends, and returns what was read.
 * @throws BlobDamaged when the disk cannot read it
 */
async function readFully(file: FileHandle, id: string, buffer: Buffer, at: number): Promise<Buffer> {
  try {
    let got = 0;
    while (got < buffer.length) {
      const { bytesRead } = await file.read(buffer, got, buffer.length - got, at + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return buffer.subarray(0, got);
  } catch (error) {
    if (systemCode(error) === 'EIO') throw new BlobDamaged(id, 'the disk cannot read it', { cause: error });
    throw error;
  }
}
