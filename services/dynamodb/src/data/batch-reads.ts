/** Many reads in one request: as many items as an answer may have, and the keys of the rest. */
import type { ReadItem } from '@stormglass/item-store';
import type { Call } from '@stormglass/service-kit';
import { type ItemDeps, placeOf } from './cells.ts';
import { exceeded } from './read-budgets.ts';
import { readItems, type Wanted } from './read-items.ts';

/** What an answer has at most (API Reference, BatchGetItem), in bytes. */
const BATCH_BYTES_MAX = 16 * 1024 * 1024;

export interface BatchRead<Each extends Wanted> {
  readonly wanted: Each;
  /** Absent when there is no room for it in this answer, or the budget of its partition is used up. */
  readonly found?: ReadItem;
}

/** @throws MovedError, MapOutdated: see `withCurrentMap`; LogUnavailable; AwsError when no budget lets any be read */
export async function readBatch<Each extends Wanted>(
  deps: ItemDeps,
  call: Pick<Call, 'deadline'>,
  all: readonly Each[],
  attempt: number,
): Promise<readonly BatchRead<Each>[]> {
  const open = all.filter(
    ({ table, key }) => deps.readBudgets?.isExceeded({ table, place: placeOf(table, key) }) !== true,
  );
  if (open.length === 0 && all.length > 0) throw exceeded({});
  const items = await readItems(deps, call, open, attempt);
  const found = new Map(open.map((wanted, i) => [wanted, items[i]!]));
  let bytes = 0;
  return all.map(wanted => {
    const item = found.get(wanted);
    bytes += item?.size ?? 0;
    return item === undefined || bytes > BATCH_BYTES_MAX ? { wanted } : { wanted, found: item };
  });
}
