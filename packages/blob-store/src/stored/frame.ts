/**
 * The stored form of a blob: frames in a row, one for each 64 KiB of the body, the last one marked.
 *
 *     mark "SGB1"  u32 bytes of the body in this frame, highest bit: the last one  |  ciphertext  |  tag  |  CRC-32
 *
 * AES-256-GCM authenticates the block together with the blob's id, its place and whether it is the last (NIST SP 800-38D);
 * its nonce is the place, as a data key seals one blob only. The CRC, of all that stands before it in the frame, begins
 * with a value of blob and place, so that who has no key finds rot, and frames that are not where they belong.
 * All frames but the last have the same length: where a byte of the body lies can be computed.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BlobDamaged } from '../blob-errors.ts';

export const BLOCK_BYTES = 65_536;
export const HEAD_BYTES = 8;
const TAG_BYTES = 16;
const CRC_BYTES = 4;
/** What follows the ciphertext. */
export const TAIL_BYTES = TAG_BYTES + CRC_BYTES;
export const FRAME_BYTES = HEAD_BYTES + BLOCK_BYTES + TAIL_BYTES;

const MARK = 0x53474231;
const LAST = 0x8000_0000;
const LENGTH = 0x7fff_ffff;
const ALGORITHM = 'aes-256-gcm';
const ID = /^[0-9a-f]{32}$/;

/** Whether this can be the id of a blob: ids become names of files. */
export const isBlobId = (id: string): boolean => ID.test(id);

/** Frames of a body of `size` bytes; an empty body has one. */
export const framesOf = (size: number): number => Math.max(1, Math.ceil(size / BLOCK_BYTES));

/** Bytes of the stored form of a body of `size` bytes. */
export const storedBytesOf = (size: number): number => size + framesOf(size) * (HEAD_BYTES + TAIL_BYTES);

/** Frames of one blob: what goes into them besides the data. */
export class Frames {
  readonly id: string;
  readonly #id: Buffer;
  readonly #seed: number;

  /** @throws RangeError when it is no id of a blob */
  constructor(id: string) {
    if (!isBlobId(id)) throw new RangeError('an id of a blob has 32 hexadecimal digits');
    this.id = id;
    this.#id = Buffer.from(id, 'hex');
    this.#seed = crc32(this.#id);
  }

  /** Seals in place: `frame` has room for head and tail around the plain bytes. */
  seal(frame: Buffer, dataKey: Uint8Array, place: number, isLast: boolean): void {
    const plainBytes = frame.length - HEAD_BYTES - TAIL_BYTES;
    const end = HEAD_BYTES + plainBytes;
    frame.writeUInt32BE(MARK, 0);
    frame.writeUInt32BE((plainBytes | (isLast ? LAST : 0)) >>> 0, 4);
    const cipher = createCipheriv(ALGORITHM, dataKey, nonceOf(place));
    cipher.setAAD(this.#context(place, frame));
    cipher.update(frame.subarray(HEAD_BYTES, end)).copy(frame, HEAD_BYTES);
    cipher.final();
    cipher.getAuthTag().copy(frame, end);
    frame.writeUInt32BE(crc32(frame.subarray(0, end + TAG_BYTES), this.crcBegin(place)), end + TAG_BYTES);
  }

  /** @throws BlobDamaged when it is not the frame of this place, sealed under this key */
  open(frame: Buffer, dataKey: Uint8Array, place: number): Buffer {
    const { length } = this.head(frame);
    const end = HEAD_BYTES + length;
    if (frame.length !== end + TAIL_BYTES) throw new BlobDamaged(this.id, `frame ${place} has another length`);
    const decipher = createDecipheriv(ALGORITHM, dataKey, nonceOf(place), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(frame.subarray(end, end + TAG_BYTES));
    decipher.setAAD(this.#context(place, frame));
    const plain = decipher.update(frame.subarray(HEAD_BYTES, end));
    try {
      decipher.final();
    } catch (error) {
      throw new BlobDamaged(this.id, `frame ${place} is not what was sealed`, { cause: error });
    }
    return plain;
  }

  /** @throws BlobDamaged when it is not the beginning of a frame */
  head(frame: Buffer): { readonly length: number; readonly isLast: boolean } {
    const word = frame.length < HEAD_BYTES ? 0 : frame.readUInt32BE(4);
    const length = word & LENGTH;
    const isLast = (word & LAST) !== 0;
    const isFrame = frame.length >= HEAD_BYTES && frame.readUInt32BE(0) === MARK;
    if (!isFrame || length > BLOCK_BYTES || (!isLast && length < BLOCK_BYTES)) {
      throw new BlobDamaged(this.id, 'a frame has no head');
    }
    return { length, isLast };
  }

  /** What the CRC of a frame begins with. */
  crcBegin(place: number): number {
    return (this.#seed ^ place) >>> 0;
  }

  /** Id, place, and the length with its mark. */
  #context(place: number, frame: Buffer): Buffer {
    const context = Buffer.allocUnsafe(24);
    this.#id.copy(context);
    context.writeUInt32BE(place, 16);
    frame.copy(context, 20, 4, HEAD_BYTES);
    return context;
  }
}

function nonceOf(place: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(place, 8);
  return nonce;
}
