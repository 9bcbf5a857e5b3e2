/**
 * Keys of bodies. Every body has a data key of its own, which is kept wrapped: under the region's master key, or under one
 * that came with the request and is not kept (SSE-C). Bodies that ride in a command are sealed whole, key and all.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@stormglass/base';
import { BlobDamaged } from './blob-errors.ts';
import type { BodyKey } from './object-bytes.ts';

export const DATA_KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Format, nonce, data key, tag. */
const WRAPPED_BYTES = 1 + NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES;
const FORMAT = 1;
/** A data key seals one body only, so that the nonce need not be drawn. */
const ZERO_NONCE = Buffer.alloc(NONCE_BYTES);
const INLINE = 'inline';

export class ObjectKeys {
  readonly #master: Buffer;
  readonly #random: Random;

  /** `master` is the region's object master key, 32 bytes. */
  constructor(master: Buffer, random: Random) {
    if (master.length !== DATA_KEY_BYTES) throw new RangeError(`an object master key has ${DATA_KEY_BYTES} bytes`);
    this.#master = master;
    this.#random = random;
  }

  newDataKey(): Buffer {
    return Buffer.from(this.#random.bytes(DATA_KEY_BYTES));
  }

  /** The data key of blob `id`, encrypted, in base64. */
  wrap(dataKey: Buffer, id: string, key: BodyKey): string {
    return this.#wrap(dataKey, id, key).toString('base64');
  }

  /** @throws BlobDamaged when `wrapped` is not a data key of blob `id` under this key */
  unwrap(wrapped: string, id: string, key: BodyKey): Buffer {
    return this.#unwrap(Buffer.from(wrapped, 'base64'), id, key);
  }

  /** The body, encrypted, with its wrapped data key: 77 bytes more than the body. */
  sealInline(body: Uint8Array, key: BodyKey): Buffer {
    const dataKey = this.newDataKey();
    const cipher = createCipheriv(ALGORITHM, dataKey, ZERO_NONCE);
    const wrapped = this.#wrap(dataKey, INLINE, key);
    return Buffer.concat([wrapped, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws BlobDamaged when it is not what was sealed under this key */
  openInline(inline: Uint8Array, key: BodyKey): Buffer {
    const sealed = Buffer.from(inline.buffer, inline.byteOffset, inline.byteLength);
    if (sealed.length < WRAPPED_BYTES + TAG_BYTES) throw new BlobDamaged(INLINE, 'it is cut off');
    const dataKey = this.#unwrap(sealed.subarray(0, WRAPPED_BYTES), INLINE, key);
    return opened(INLINE, dataKey, ZERO_NONCE, sealed.subarray(WRAPPED_BYTES));
  }

  #wrap(dataKey: Buffer, context: string, key: BodyKey): Buffer {
    const nonce = this.#random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#wrapping(key), nonce).setAAD(Buffer.from(context));
    return Buffer.concat([[FORMAT], nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()].map(toBuffer));
  }

  #unwrap(wrapped: Buffer, context: string, key: BodyKey): Buffer {
    if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== FORMAT)
      throw new BlobDamaged(context, 'its key has no known form');
    const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
    return opened(context, this.#wrapping(key), nonce, wrapped.subarray(1 + NONCE_BYTES), Buffer.from(context));
  }

  #wrapping(key: BodyKey): Buffer {
    return key.kind === 'region' ? this.#master : key.key;
  }
}

const toBuffer = (part: Uint8Array | readonly number[]): Uint8Array =>
  part instanceof Uint8Array ? part : Uint8Array.from(part);

/** Decrypts `ciphertext || tag`. */
function opened(id: string, key: Buffer, nonce: Buffer, sealed: Buffer, aad?: Buffer): Buffer {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(
    sealed.subarray(end),
  );
  if (aad !== undefined) decipher.setAAD(aad);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch (error) {
    throw new BlobDamaged(id, 'it does not open under this key', { cause: error });
  }
}
