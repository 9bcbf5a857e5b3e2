/** Items of a partition as they were at a moment: the present ones, and in their place what its history says. */
import type { CopiedItem } from './backup-table.ts';
import type { StoredRange } from './stored-keys.ts';
import type { StoreTables } from './tables.ts';

/** Items in the order of their keys. */
export interface Piece {
  readonly items: readonly CopiedItem[];
  /** Where the next piece goes on; undefined at the end. */
  readonly last?: Uint8Array;
}

/** Those after the low end of the range: at most `limit` keys are looked at, and about `bytes` read. */
export function itemsAt(
  { items: table, history }: StoreTables,
  partition: number,
  { low, high }: StoredRange,
  at: number,
  { limit, bytes }: { readonly limit: number; readonly bytes: number },
): Piece {
  const present = table.after(partition, low, limit, bytes);
  const items: CopiedItem[] = [];
  let last: Uint8Array | undefined;
  let [next, size] = [0, 0];
  let changed = history.keyAfter(partition, low);
  for (let looked = 0; looked < limit && size < bytes; looked++) {
    const here = present[next];
    // Behind the last of these there may be more that are present.
    if (here === undefined && next > 0) break;
    const isHere = here !== undefined && (changed === undefined || Buffer.compare(here.key, changed) <= 0);
    const key = isHere ? here.key : changed;
    if (key === undefined || Buffer.compare(key, high) >= 0) return { items };
    last = key;
    const past = history.versionAt(partition, key, at);
    const found = past === undefined ? (isHere ? here : undefined) : (past ?? undefined);
    if (found !== undefined) items.push({ key, size: found.size, item: found.item });
    size += found?.size ?? 0;
    if (isHere) next++;
    if (changed !== undefined && Buffer.compare(changed, key) <= 0) changed = history.keyAfter(partition, key);
  }
  return { items, ...(last && { last }) };
}
