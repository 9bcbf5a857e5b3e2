/** `BlobFiles` on a disk. What it knows of blobs is what lies in their folder; it keeps nothing beside it. */
import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { type Logger, systemCode } from '@stormglass/base';
import { BlobDamaged, BlobMissing } from './blob-errors.ts';
import type { BlobFiles, BlobFilesOptions, BlobSink, ScrubVerdict } from './blob-files.ts';
import { BlobFolder } from './blob-folder.ts';
import { BLOCK_BYTES, FRAME_BYTES, isBlobId, storedBytesOf } from './stored/frame.ts';
import { openBlocks } from './stored/open-blocks.ts';
import { readBatches } from './stored/read-frames.ts';
import { StoredCheck } from './stored/stored-check.ts';

/** What comes from another zone in small pieces is written so many bytes at a time, or more. */
const GATHERED_BYTES = 262_144;

/** Opens the folder, and drops what a crash left half written. */
export async function openBlobFiles(options: BlobFilesOptions): Promise<BlobFiles> {
  const folder = new BlobFolder(options.folder);
  await folder.begin();
  return new DiskBlobFiles(folder, options);
}

class DiskBlobFiles implements BlobFiles {
  readonly #folder: BlobFolder;
  readonly #beforeWrite: () => void;
  readonly #logger: Logger;

  constructor(folder: BlobFolder, { logger, beforeWrite = () => {} }: BlobFilesOptions) {
    this.#folder = folder;
    this.#logger = logger;
    this.#beforeWrite = beforeWrite;
  }

  create(id: string): Promise<BlobSink> {
    return this.#create(id);
  }

  async #create(id: string): Promise<FileSink> {
    if (!isBlobId(id)) throw new RangeError('an id of a blob has 32 hexadecimal digits');
    this.#beforeWrite();
    const path = this.#folder.incomingPath(id);
    return new FileSink({
      id,
      path,
      file: await open(path, 'wx'),
      folder: this.#folder,
      beforeWrite: this.#beforeWrite,
    });
  }

  async receive(id: string, stored: AsyncIterable<Uint8Array>): Promise<void> {
    const check = new StoredCheck(id);
    const sink = await this.#create(id);
    try {
      let gathered: Uint8Array[] = [];
      let bytes = 0;
      let writing: Promise<void> = Promise.resolve();
      for await (const piece of stored) {
        check.update(piece);
        gathered.push(piece);
        bytes += piece.length;
        if (bytes < GATHERED_BYTES) continue;
        await writing;
        writing = sink.writeAll(gathered);
        // Waited for at the next turn, or at the end.
        writing.catch(() => {});
        gathered = [];
        bytes = 0;
      }
      check.finish();
      await writing;
      await sink.writeAll(gathered);
      await sink.commit();
    } catch (error) {
      await sink.abort();
      throw error;
    }
  }

  async *read(
    blob: { readonly id: string; readonly size: number },
    dataKey: Buffer,
    from: number,
    to: number,
  ): AsyncGenerator<Buffer> {
    const { id, size } = blob;
    if (from < 0 || to > size || from > to) throw new RangeError(`${from} to ${to} of a blob of ${size} bytes`);
    if (from === to) return;
    const file = await this.#open(id);
    try {
      let begin = Math.floor(from / BLOCK_BYTES) * BLOCK_BYTES;
      const plan = {
        ...{ id, dataKey, from: (begin / BLOCK_BYTES) * FRAME_BYTES },
        to: Math.min(Math.ceil(to / BLOCK_BYTES) * FRAME_BYTES, storedBytesOf(size)),
      };
      for await (const plain of openBlocks(file, plan)) {
        yield plain.subarray(Math.max(0, from - begin), Math.min(plain.length, to - begin));
        begin += BLOCK_BYTES;
      }
      if (begin < to) throw new BlobDamaged(id, 'it is cut off');
    } finally {
      await file.close();
    }
  }

  readStored(id: string, fromFrame = 0): AsyncGenerator<Buffer> {
    return this.#checked(id, false, fromFrame);
  }

  async storedBytes(id: string): Promise<number | undefined> {
    if (!isBlobId(id)) return undefined;
    try {
      return (await stat(this.#folder.pathOf(id))).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async delete(id: string): Promise<boolean> {
    if (!isBlobId(id)) return false;
    try {
      await unlink(this.#folder.pathOf(id));
      return true;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  list(): AsyncGenerator<string> {
    return this.#folder.list();
  }

  async scrub(id: string, signal?: AbortSignal): Promise<ScrubVerdict> {
    try {
      for await (const _ of this.#checked(id, true, 0)) signal?.throwIfAborted();
      return 'whole';
    } catch (error) {
      if (error instanceof BlobMissing) return 'missing';
      if (!(error instanceof BlobDamaged)) throw error;
      this.#logger.warn('a blob is damaged', { blob: id, error: error.message });
      return 'damaged';
    }
  }

  async *#checked(id: string, reuse: boolean, fromFrame: number): AsyncGenerator<Buffer> {
    const file = await this.#open(id);
    const check = new StoredCheck(id, fromFrame);
    try {
      const { size } = await file.stat();
      const from = Math.min(fromFrame * FRAME_BYTES, size);
      for await (const batch of readBatches(file, { id, from, to: size, reuse })) {
        check.update(batch);
        yield batch;
      }
      check.finish();
    } finally {
      await file.close();
    }
  }

  async #open(id: string): Promise<FileHandle> {
    if (!isBlobId(id)) throw new BlobMissing(id);
    try {
      return await open(this.#folder.pathOf(id), 'r');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') throw new BlobMissing(id, { cause: error });
      throw error;
    }
  }
}

interface FileSinkParts {
  readonly id: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly folder: BlobFolder;
  readonly beforeWrite: () => void;
}

/** One blob being written, beside where it will be. */
class FileSink implements BlobSink {
  readonly #parts: FileSinkParts;
  #isOver = false;

  constructor(parts: FileSinkParts) {
    this.#parts = parts;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const { file, beforeWrite } = this.#parts;
    beforeWrite();
    let written = 0;
    while (written < chunk.length) {
      const { bytesWritten } = await file.write(chunk, written, chunk.length - written);
      written += bytesWritten;
    }
  }

  /** Several chunks at once, in their order. */
  async writeAll(chunks: readonly Uint8Array[]): Promise<void> {
    if (chunks.length === 0) return;
    const { file, beforeWrite } = this.#parts;
    beforeWrite();
    let { bytesWritten: written } = await file.writev(chunks);
    // A disk that is nearly full takes less than it was given.
    for (const chunk of chunks) {
      if (written < chunk.length) await this.write(chunk.subarray(written));
      written = Math.max(0, written - chunk.length);
    }
  }

  async commit(): Promise<void> {
    const { id, path, file, folder, beforeWrite } = this.#parts;
    beforeWrite();
    await file.datasync();
    await file.close();
    await folder.publish(path, id);
    this.#isOver = true;
  }

  async abort(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const { path, file } = this.#parts;
    await file.close().catch(() => {});
    await unlink(path).catch(() => {});
  }
}
