/** Does to the blobs on a zone's disk what an injected fault says: changes a byte of some, or takes some away. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Random, randomInt, seededRandom } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import type { BlobDamageRule } from '@stormglass/faults';

/** `folder` is that of `files`. Resolves to how many it hit: at least one, where there is any. */
export async function damageBlobs(
  { damage, share, seed }: BlobDamageRule,
  folder: string,
  files: Pick<BlobFiles, 'list' | 'delete'>,
): Promise<number> {
  const random = seededRandom(seed);
  let count = 0;
  for await (const id of files.list()) {
    if (random.next() >= share && count > 0) continue;
    if (damage === 'blob-loss') await files.delete(id);
    else await rot(join(folder, id.slice(0, 2), id), random);
    count++;
  }
  return count;
}

async function rot(path: string, random: Random): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const at = randomInt(random, (await file.stat()).size);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0]! ^= 0xff;
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
}
