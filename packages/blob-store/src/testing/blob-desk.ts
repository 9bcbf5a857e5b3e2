/** Blobs in a folder of their own, and bodies to put there: what the tests of this package begin with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hexId, seededRandom, silentLogger } from '@stormglass/base';
import { openBlobFiles } from '../disk-blob-files.ts';
import { LocalBytes } from '../local-bytes.ts';
import type { BodyKey, StoreOptions } from '../object-bytes.ts';
import { ObjectKeys } from '../object-keys.ts';
import { BodySeal } from '../seal/body-seal.ts';
import { GatheredBody } from '../seal/gathered-body.ts';
import { Sealers } from '../seal/sealers.ts';
import { storedBytesOf } from '../stored/frame.ts';

export const REGION_KEY: BodyKey = { kind: 'region' };

/** Stored always as a blob, under the region's key. */
export const AS_BLOB: StoreOptions = { wants: [], key: REGION_KEY, inlineMax: -1 };

export type BlobDesk = Awaited<ReturnType<typeof openBlobDesk>>;

export async function openBlobDesk(workers = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-blobs-'));
  const random = seededRandom(6);
  const disk = { isFull: false };
  const beforeWrite = () => {
    if (disk.isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
  };
  const keys = new ObjectKeys(Buffer.from(random.bytes(32)), random);
  const sealers = new Sealers({ workers });
  const open = () => openBlobFiles({ folder: join(folder, 'objects'), logger: silentLogger, beforeWrite });
  const files = await open();
  return {
    ...{ folder: join(folder, 'objects'), random, disk, keys, sealers, files },
    bytes: new LocalBytes({ files, keys, sealers, random }),
    /** Opens the folder once more, as after a restart. */
    reopen: open,
    newId: () => hexId(random, 16),
    pathOf: (id: string) => join(folder, 'objects', id.slice(0, 2), id),
    /** Files that are being written. */
    incoming: () => readdir(join(folder, 'objects', 'incoming')),
    async close() {
      await sealers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A body in chunks of `chunkBytes`. */
export async function* inChunks(body: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += chunkBytes) yield body.subarray(at, at + chunkBytes);
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** The stored form of a body. */
export async function storedForm(id: string, dataKey: Buffer, body: Uint8Array): Promise<Buffer> {
  const gathered = new GatheredBody(inChunks(body, 50_000));
  await gathered.moreThan(body.length);
  const stored = Buffer.alloc(storedBytesOf(body.length));
  gathered.takeFrames(body.length, stored);
  new BodySeal({ id, dataKey, wants: [] }).seal(stored, true);
  return stored;
}
