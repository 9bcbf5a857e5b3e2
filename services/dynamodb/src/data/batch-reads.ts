/** Many reads in one request: as many items as an answer may have, and the keys of the rest. */
import type { ReadItem } from '@stormglass/item-store';
import type { Call } from '@stormglass/service-kit';
import type { ItemDeps } from './cells.ts';
import { readItems, type Wanted } from './read-items.ts';

/** What an answer has at most (API Reference, BatchGetItem), in bytes. */
const BATCH_BYTES_MAX = 16 * 1024 * 1024;

export interface BatchRead<Each extends Wanted> {
  readonly wanted: Each;
  /** Absent when there is no room for it in this answer. */
  readonly found?: ReadItem;
}

/** @throws MovedError, MapOutdated: see `withCurrentMap`; LogUnavailable */
export async function readBatch<Each extends Wanted>(
  deps: ItemDeps,
  call: Pick<Call, 'deadline'>,
  all: readonly Each[],
  attempt: number,
): Promise<readonly BatchRead<Each>[]> {
  const found = await readItems(deps, call, all, attempt);
  let bytes = 0;
  return all.map((wanted, i) => {
    bytes += found[i]!.size;
    return bytes > BATCH_BYTES_MAX ? { wanted } : { wanted, found: found[i]! };
  });
}
