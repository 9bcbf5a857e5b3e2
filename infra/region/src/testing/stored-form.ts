/** A blob as zones store it, made without a key: they check its sums and cannot look into it (`stored/frame.ts` of blob-store). */
import { crc32 } from 'node:zlib';

const BLOCK_BYTES = 65_536;
const TAG = Buffer.alloc(16, 7);

export function storedForm(id: string, body: Buffer): Buffer {
  const seed = crc32(Buffer.from(id, 'hex'));
  const frames: Buffer[] = [];
  for (let place = 0; place === 0 || place * BLOCK_BYTES < body.length; place++) {
    const block = body.subarray(place * BLOCK_BYTES, (place + 1) * BLOCK_BYTES);
    const isLast = (place + 1) * BLOCK_BYTES >= body.length;
    const head = Buffer.from('SGB1\0\0\0\0');
    head.writeUInt32BE((block.length | (isLast ? 0x8000_0000 : 0)) >>> 0, 4);
    const frame = Buffer.concat([head, block, TAG]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(frame, (seed ^ place) >>> 0));
    frames.push(frame, sum);
  }
  return Buffer.concat(frames);
}
