/**
 * Snapshots as files in a zone's folder: written beside, synced, then renamed, so that there is always a whole one.
 * The two newest are kept: should the newest be rotten, the one before it and a longer tail give the same state.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@stormglass/base';
import { writeWhole } from '@stormglass/base/whole-file';
import { readSnapshot, type SnapshotStore, writeSnapshot } from './snapshot.ts';

const NAME = /^snapshot-(\d{16})\.jsonl$/;
const KEEP = 2;

/**
 * Snapshots of one machine in `folder`, which is made when missing. `beforeWrite` is asked before each write, and throws
 * where it is to fail.
 */
export function snapshotFiles(folder: string, logger: Logger, beforeWrite: () => void = () => {}): SnapshotStore {
  const newestFirst = async (): Promise<string[]> => {
    await mkdir(folder, { recursive: true });
    return (await readdir(folder))
      .filter(name => NAME.test(name))
      .sort()
      .reverse();
  };
  return {
    async load() {
      for (const name of await newestFirst()) {
        try {
          return readSnapshot(await readFile(join(folder, name), 'utf8'));
        } catch (error) {
          logger.warn('snapshot dropped', { file: name, error: String(error) });
          await rm(join(folder, name), { force: true });
        }
      }
      return undefined;
    },
    async save(snapshot) {
      beforeWrite();
      await mkdir(folder, { recursive: true });
      const name = `snapshot-${String(snapshot.header.seq).padStart(16, '0')}.jsonl`;
      await writeWhole(join(folder, name), writeSnapshot(snapshot));
      for (const old of (await newestFirst()).slice(KEEP)) await rm(join(folder, old), { force: true });
    },
  };
}
