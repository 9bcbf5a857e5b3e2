/** Reads of single items by their keys: of the zone's own copy, or of what the region has acknowledged. */
import type { ReadItem } from '@stormglass/item-store';
import type { Item } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { readUnits } from './capacity.ts';
import { cellOf, checkNotMoving, type ItemDeps, placeOf } from './cells.ts';

/** An item that is to be read. */
export interface Wanted {
  readonly table: TableRecord;
  readonly key: Item;
  readonly isStrong: boolean;
}

/**
 * Reads items as they are at one moment in each cell. Cells with items that want a strong read are brought up to date.
 *
 * @param attempt from 1 on all of them are, as the map is then
 * @param cost times its usual price; a read that was paid for already costs nothing
 * @throws MovedError, MapOutdated: see `withCurrentMap`; LogUnavailable; AwsError when a partition's budget is used up
 */
export async function readItems(
  deps: ItemDeps,
  { deadline }: Pick<Call, 'deadline'>,
  wanted: readonly Wanted[],
  attempt: number,
  cost = 1,
): Promise<readonly ReadItem[]> {
  const strong = new Set<number>();
  const places = wanted.map(({ table, key, isStrong }) => {
    const place = placeOf(table, key);
    if (cost > 0) deps.readBudgets?.check({ table, place });
    if (isStrong || attempt > 0) strong.add(place.cell);
    return place;
  });
  await Promise.all([...strong].map(cell => cellOf(deps, cell).upToDate(deadline)));
  const isStrong = wanted.some(each => each.isStrong);
  if (isStrong && attempt === 0) checkNotMoving(deps, places);
  const found = wanted.map(({ key }, i) => cellOf(deps, places[i]!.cell).view.get(places[i]!.id, key));
  wanted.forEach(({ table, isStrong }, i) => {
    deps.readBudgets?.take({ table, place: places[i]! }, cost * readUnits(found[i]!.size, isStrong));
  });
  return found;
}
