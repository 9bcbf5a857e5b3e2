/**
 * Index and bytes of a region that is one zone in one folder: for the service started alone, and for its tests. In a
 * region, hosts in three zones keep them.
 */
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import { type BlobFiles, DATA_KEY_BYTES, LocalBytes, ObjectKeys, openBlobFiles, Sealers } from '@stormglass/blob-store';
import { ObjectIndex } from '@stormglass/object-index';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import type { ObjectReplica, S3Deps } from './deps.ts';

export interface LocalStoreOptions {
  /** For blobs; the index is in memory, and so is the key that they are encrypted with: nothing can be read later. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Threads that hash and encrypt; 0 for none. */
  readonly workers?: number;
}

export interface LocalStore {
  readonly machine: ObjectIndex;
  readonly index: ObjectReplica;
  readonly bytes: S3Deps['bytes'];
  readonly files: BlobFiles;
  close(): Promise<void>;
}

export async function openLocalStore({ folder, workers, ...sources }: LocalStoreOptions): Promise<LocalStore> {
  const { clock, random, logger } = sources;
  const machine = ObjectIndex.open({ path: ':memory:', logger });
  const index = new Replica({ machine, log: new MemoryLog(clock).open(), ...sources });
  const files = await openBlobFiles({ folder: join(folder, 'objects'), logger });
  const sealers = new Sealers(workers === undefined ? {} : { workers });
  const keys = new ObjectKeys(Buffer.from(random.bytes(DATA_KEY_BYTES)), random);
  await index.start();
  return {
    machine,
    index,
    files,
    bytes: new LocalBytes({ files, keys, sealers, random }),
    async close() {
      await index.close();
      await sealers.close();
    },
  };
}
