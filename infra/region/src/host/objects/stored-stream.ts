/** Decrypts a blob's stored form as it comes from another zone, without putting it on a disk first. */
import { BLOCK_BYTES, BlobDamaged, FRAME_BYTES, Frames, storedBytesOf } from '@stormglass/blob-store';

/** Which frame has a byte of the body. */
export const frameOf = (at: number): number => Math.floor(at / BLOCK_BYTES);

/**
 * The plain bytes from `from` up to, not including, `to`; stops reading when it has them. `stored` begins with the frame
 * that has the first of them.
 * @throws BlobDamaged
 */
export async function* openStored(
  { id, size }: { readonly id: string; readonly size: number },
  dataKey: Buffer,
  stored: AsyncIterable<Buffer>,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  if (from >= to) return;
  const frames = new Frames(id);
  const end = storedBytesOf(size);
  const lengthOf = (place: number) => Math.min(FRAME_BYTES, end - place * FRAME_BYTES);
  let place = frameOf(from);
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stored) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < lengthOf(place)) continue;
    const batch = Buffer.concat(waiting);
    let at = 0;
    for (; place * FRAME_BYTES < end && batch.length - at >= lengthOf(place); place++) {
      const begin = place * BLOCK_BYTES;
      const frame = batch.subarray(at, at + lengthOf(place));
      at += frame.length;
      const plain = frames.open(frame, dataKey, place);
      yield plain.subarray(Math.max(0, from - begin), Math.min(plain.length, to - begin));
      if (begin + plain.length >= to) return;
    }
    waiting = [batch.subarray(at)];
    bytes = batch.length - at;
  }
  throw new BlobDamaged(id, 'it was cut off on its way');
}
