/**
 * Copies of chunks that are on their way to other zones when their writer goes on. They are made in buffers that are used
 * again: a new one for each chunk would have the garbage collector look through the heap once for each hundred of them.
 */
import { FRAME_BYTES } from '@stormglass/blob-store';

export interface KeptChunk {
  readonly bytes: Uint8Array;
  /** To be called by each of its users who will not look at it any more; where one never says so, it is garbage. */
  readonly left: () => void;
}

/** Blobs are written in chunks of so many bytes. */
const CHUNK_BYTES = 4 * FRAME_BYTES;
const FREE_MAX = 32;

const free: Buffer[] = [];

/** A copy for so many users. */
export function keepChunk(chunk: Uint8Array, users: number): KeptChunk {
  if (chunk.length !== CHUNK_BYTES) return { bytes: Buffer.from(chunk), left() {} };
  const bytes = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  bytes.set(chunk);
  let still = users;
  const left = () => {
    if (--still === 0 && free.length < FREE_MAX) free.push(bytes);
  };
  return { bytes, left };
}
