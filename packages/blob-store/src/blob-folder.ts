/**
 * The folder of blobs: `ab/<id>` for a blob whose id begins with `ab`, and `incoming/` for what is being written. A file
 * comes under its name when it is whole and synced, so what lies in `incoming` after a crash was never acknowledged.
 */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '@stormglass/base';
import { isBlobId } from './stored/frame.ts';

const INCOMING = 'incoming';
const SHELF_DIGITS = 2;
const SHELF = /^[0-9a-f]{2}$/;

export class BlobFolder {
  readonly #folder: string;
  /** Syncs of folders that have not begun, by folder: all who come before one begins share it. */
  readonly #syncs = new Map<string, Promise<void>>();
  /** The last sync of each folder that is under way. */
  readonly #running = new Map<string, Promise<void>>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes what is not there, and drops what was being written when it ended. */
  async begin(): Promise<void> {
    const incoming = join(this.#folder, INCOMING);
    await rm(incoming, { recursive: true, force: true });
    await mkdir(incoming, { recursive: true });
    await this.#sync(this.#folder);
    await this.#sync(dirname(this.#folder));
  }

  pathOf(id: string): string {
    return join(this.#folder, id.slice(0, SHELF_DIGITS), id);
  }

  /** Where the blob is written before it has its name; another path each time. */
  incomingPath(id: string): string {
    return join(this.#folder, INCOMING, `${id}.${this.#count++}`);
  }

  /** Gives a synced file its name, durably. */
  async publish(incoming: string, id: string): Promise<void> {
    const path = this.pathOf(id);
    await rename(incoming, path).catch(async error => {
      if (systemCode(error) !== 'ENOENT') throw error;
      // The first blob of its shelf.
      await mkdir(dirname(path), { recursive: true });
      await this.#sync(this.#folder);
      await rename(incoming, path);
    });
    await this.#sync(dirname(path));
  }

  /** Ids in order; no more than those of one shelf are in memory. */
  async *list(): AsyncGenerator<string> {
    for (const shelf of await names(this.#folder)) {
      if (!SHELF.test(shelf)) continue;
      for (const id of await names(join(this.#folder, shelf))) if (isBlobId(id) && id.startsWith(shelf)) yield id;
    }
  }

  /** Syncs a folder: what was renamed in it before the call stays. */
  #sync(folder: string): Promise<void> {
    const waiting = this.#syncs.get(folder);
    if (waiting !== undefined) return waiting;
    const before = this.#running.get(folder) ?? Promise.resolve();
    const sync = before
      .catch(() => {})
      .then(() => {
        this.#syncs.delete(folder);
        this.#running.set(folder, sync);
        return syncFolder(folder);
      })
      .finally(() => {
        if (this.#running.get(folder) === sync) this.#running.delete(folder);
      });
    this.#syncs.set(folder, sync);
    return sync;
  }
}

/** Sorted; none when the folder is not there. */
async function names(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
