/**
 * The bytes of objects as a service sees them: where they lie and how many copies there are is for others to know. Small
 * bodies come back sealed, to ride in a command; larger ones become a blob, of which the index keeps a reference.
 */
import type { DigestName, DigestValues } from './digests/digest-name.ts';

/** Whose key wraps the data key of a body: the region's, or one that came with the request (SSE-C, 32 bytes). */
export type BodyKey = { readonly kind: 'region' } | { readonly kind: 'customer'; readonly key: Buffer };

/** What the index keeps of a blob. */
export interface BlobRef {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** Bytes of the body, before encryption. */
  readonly size: number;
  /** The blob's data key, wrapped, base64. */
  readonly key: string;
}

/** A body that was stored: either `ref` or `inline` is there. */
export interface StoredBody {
  readonly ref: BlobRef | undefined;
  /** The whole body, encrypted, with its wrapped key: what `openInline` opens. */
  readonly inline: Buffer | undefined;
  /** Bytes of the body, before encryption. */
  readonly size: number;
  readonly digests: DigestValues;
}

export interface StoreOptions {
  readonly wants: readonly DigestName[];
  readonly key: BodyKey;
  /** Bodies up to so many bytes are not stored but returned sealed; -1 for none. */
  readonly inlineMax: number;
  /** The only zone that may hold the bytes; without it, all do. */
  readonly zone?: string;
  readonly signal?: AbortSignal;
  /** Called with all there is to know before anything is kept; throws to refuse the body. */
  readonly check?: (body: { readonly size: number; readonly digests: DigestValues }) => void;
}

export interface ReadOptions {
  /** The only zone that holds the bytes, as they were stored. */
  readonly zone?: string;
  readonly signal?: AbortSignal;
}

export interface ObjectBytes {
  /**
   * Takes a body, and resolves once it would survive. Chunks of `source` must not change after they were handed out.
   * Nothing is kept when it fails.
   */
  store(source: AsyncIterable<Uint8Array>, options: StoreOptions): Promise<StoredBody>;
  /**
   * The bytes from `from` up to, not including, `to`. The first `next()` throws what is wrong from the beginning; ending
   * the iteration early releases what it holds.
   * @throws BlobMissing, BlobDamaged when no zone within reach has them whole
   */
  read(ref: BlobRef, key: BodyKey, from: number, to: number, options?: ReadOptions): AsyncIterable<Buffer>;
  /** @throws BlobDamaged when it is not what was sealed under this key */
  openInline(inline: Uint8Array, key: BodyKey): Buffer;
  /** What was stored will not be referred to: its command was refused. Without this it would be collected later. */
  discard(body: StoredBody): void;
}
