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
const FORMAT_BYTES = Buffer.of(FORMAT);
/** A data key seals one body only, so that the nonce need not be drawn. */
const ZERO_NONCE = Buffer.alloc(NONCE_BYTES);
const INLINE = 'inline';
const INLINE_CONTEXT = Buffer.from(INLINE);
/** Data keys that stay unwrapped, of what was read lately: unwrapping one costs as much as opening a small body. */
const KNOWN_MAX = 4096;

export class ObjectKeys {
  readonly #master: Buffer;
  readonly #random: Random;
  /** By the wrapped key and what it is bound to; only those that the region's key wraps. */
  readonly #known = new Map<string, Buffer>();

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
    const cipher = createCipheriv(ALGORITHM, this.#wrapping(key), nonce).setAAD(contextOf(context));
    return Buffer.concat([FORMAT_BYTES, nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
  }

  #unwrap(wrapped: Buffer, context: string, key: BodyKey): Buffer {
    if (key.kind !== 'region') return this.#unwrapped(wrapped, context, key);
    const name = context + wrapped.toString('latin1');
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const dataKey = this.#unwrapped(wrapped, context, key);
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(name, dataKey);
    return dataKey;
  }

  #unwrapped(wrapped: Buffer, context: string, key: BodyKey): Buffer {
    if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== FORMAT)
      throw new BlobDamaged(context, 'its key has no known form');
    const nonce = wrapped.subarray(1, 1 + NONCE_BYTES);
    return opened(context, this.#wrapping(key), nonce, wrapped.subarray(1 + NONCE_BYTES), contextOf(context));
  }

  #wrapping(key: BodyKey): Buffer {
    return key.kind === 'region' ? this.#master : key.key;
  }
}

const contextOf = (context: string): Buffer => (context === INLINE ? INLINE_CONTEXT : Buffer.from(context));

/** Decrypts `ciphertext || tag`. */
function opened(id: string, key: Buffer, nonce: Buffer, sealed: Buffer, aad?: Buffer): Buffer {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(
    sealed.subarray(end),
  );
  if (aad !== undefined) decipher.setAAD(aad);
  try {
    const body = decipher.update(sealed.subarray(0, end));
    // In this mode the end brings no bytes, only the verdict.
    decipher.final();
    return body;
  } catch (error) {
    throw new BlobDamaged(id, 'it does not open under this key', { cause: error });
  }
}
