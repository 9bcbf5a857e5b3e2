/** Does to the blobs on a zone's disk what an injected fault says: changes a byte of some, or takes some away. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { randomInt, seededRandom } from '@stormglass/base';
import type { BlobFiles } from '@stormglass/blob-store';
import type { BlobDamageRule } from '@stormglass/faults';

const PAGE = 500;

/** `folder` is that of `files`. Resolves to how many it hit: at least one, where there is any. */
export async function damageBlobs(
  { damage, share, seed }: BlobDamageRule,
  folder: string,
  files: Pick<BlobFiles, 'list' | 'delete'>,
): Promise<number> {
  const random = seededRandom(seed);
  let count = 0;
  let after: string | undefined;
  for (;;) {
    const page = await files.list(after, PAGE);
    for (const [i, { id, storedBytes }] of page.entries()) {
      const isFirst = after === undefined && i === 0;
      if (random.next() >= share && !isFirst) continue;
      if (damage === 'blob-loss') await files.delete(id);
      else await rot(join(folder, id.slice(0, 2), id), randomInt(random, storedBytes));
      count++;
    }
    if (page.length < PAGE) return count;
    after = page.at(-1)!.id;
  }
}

async function rot(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    byte[0]! ^= 0xff;
    await file.write(byte, 0, 1, at);
  } finally {
    await file.close();
  }
}
