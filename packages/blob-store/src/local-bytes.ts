/** The bytes of objects in one zone alone: for a service that runs by itself, and for tests. */
import type { Random } from '@stormglass/base';
import type { BlobFiles } from './blob-files.ts';
import type { BlobRef, BodyKey, ObjectBytes, ReadOptions, StoredBody, StoreOptions } from './object-bytes.ts';
import type { ObjectKeys } from './object-keys.ts';
import type { Sealers } from './seal/sealers.ts';
import { storeBody } from './store-body.ts';

export interface LocalBytesOptions {
  readonly files: BlobFiles;
  readonly keys: ObjectKeys;
  readonly sealers: Sealers;
  readonly random: Random;
}

export class LocalBytes implements ObjectBytes {
  readonly #options: LocalBytesOptions;

  constructor(options: LocalBytesOptions) {
    this.#options = options;
  }

  store(source: AsyncIterable<Uint8Array>, options: StoreOptions): Promise<StoredBody> {
    const { files, ...tools } = this.#options;
    return storeBody(source, options, { ...tools, place: id => files.create(id) });
  }

  async *read(ref: BlobRef, key: BodyKey, from: number, to: number, options?: ReadOptions): AsyncGenerator<Buffer> {
    const { files, keys } = this.#options;
    for await (const chunk of files.read(ref, keys.unwrap(ref.key, ref.id, key), from, to)) {
      options?.signal?.throwIfAborted();
      yield chunk;
    }
  }

  openInline(inline: Uint8Array, key: BodyKey): Buffer {
    return this.#options.keys.openInline(inline, key);
  }

  discard({ ref }: StoredBody): void {
    if (ref !== undefined) this.#options.files.delete(ref.id).catch(() => {});
  }
}
