/**
 * Blobs on this zone's disk: immutable files of ciphertext. A blob has one stored form, the same bytes in every zone, so
 * that what was encrypted once can be written to several places, and a zone can serve and check what it cannot decrypt.
 */
import type { Logger } from '@stormglass/base';

/** Where the stored form of one blob goes: a file, another zone, or several of these. */
export interface BlobSink {
  /** The next bytes. They are written over once the promise is settled: a sink that is not done by then copies. */
  write(chunk: Uint8Array): Promise<void>;
  /** Resolves when the blob is durable, under its name. */
  commit(): Promise<void>;
  /** Forgets what was written. Never rejects; does nothing after `commit`. */
  abort(): Promise<void>;
}

export interface BlobFilesOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly logger: Logger;
  /** Asked before each write; throws where it is to fail. */
  readonly beforeWrite?: () => void;
}

export type ScrubVerdict = 'whole' | 'damaged' | 'missing';

export interface BlobFiles {
  /** Begins a blob's file: bytes of its stored form. They are believed; `receive` checks. */
  create(id: string): Promise<BlobSink>;
  /**
   * Stores what another zone sends, fsynced, once it is seen to be whole. Takes the stored form.
   * @throws BlobDamaged when it is not
   */
  receive(id: string, stored: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The plain bytes from `from` up to, not including, `to`, each block authenticated before it is handed out.
   * @throws BlobMissing, BlobDamaged
   */
  read(
    blob: { readonly id: string; readonly size: number },
    dataKey: Buffer,
    from: number,
    to: number,
  ): AsyncIterable<Buffer>;
  /**
   * The stored form, for another zone, checked on the way; from a frame on, where one is given.
   * @throws BlobMissing; BlobDamaged, also when there is no such frame
   */
  readStored(id: string, fromFrame?: number): AsyncIterable<Buffer>;
  /** Bytes of the stored form; undefined when it is not there. */
  storedBytes(id: string): Promise<number | undefined>;
  /** Whether there was something to delete. */
  delete(id: string): Promise<boolean>;
  /** Ids of all blobs, in order. What comes and goes meanwhile may be told or not. */
  list(): AsyncIterable<string>;
  /** Reads it all and checks it, without a key. */
  scrub(id: string, signal?: AbortSignal): Promise<ScrubVerdict>;
}
