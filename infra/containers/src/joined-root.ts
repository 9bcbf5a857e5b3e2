/**
 * The root of the partition, where another region had it first: the world of a region that joins it sees the disk of that
 * region's world, and takes the root from its authority.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Logger, sleep } from '@stormglass/base';
import { authorityFolder, hasAuthority } from '@stormglass/pki';
import { AUTHORITY_FOLDER } from './parts.ts';

const EVERY_MS = 200;

/** Folders of the authorities that a region takes its root from; none when it has joined nobody. */
export const siblingFolders = (joinedFolder: string | undefined): readonly string[] =>
  joinedFolder === undefined ? [] : [join(joinedFolder, AUTHORITY_FOLDER)];

/** Resolves when there is a root to take; a region that did not wait would begin a partition of its own. */
export async function untilThereIsARoot(folders: readonly string[], clock: Clock, logger: Logger): Promise<void> {
  for (const folder of folders) {
    const isThere = () => existsSync(folder) && hasAuthority(authorityFolder(folder));
    if (!isThere()) logger.warn('waiting for the root of the partition', { folder });
    while (!isThere()) await sleep(clock, EVERY_MS);
  }
}
