/**
 * Pages of rows of a table or index over its partitions. The partitions of a table follow each other in the order of their
 * hashes and are read one after the other. An index has its rows beside the items, so those of all partitions are merged.
 */
import {
  type CursorQuery,
  PAGE_BYTES_MAX,
  type Page,
  type Row,
  type RowPosition,
  rangeOfHashes,
  readPage,
  type StoredRange,
} from '@stormglass/item-store';
import type { Item } from '@stormglass/items';
import type { Call } from '@stormglass/service-kit';
import type { PartitionPlace } from '@stormglass/table-catalogue';
import { cellOf, checkNotMoving, type ItemDeps } from './cells.ts';
import { MapOutdated } from './errors.ts';
import type { Target } from './read-target.ts';
import { checkRowBudgets, takeRows } from './row-costs.ts';

export interface RowQuery {
  readonly target: Target;
  readonly range: StoredRange;
  /** Those that may have such rows, in the order of their hashes. */
  readonly partitions: readonly PartitionPlace[];
  readonly isReverse: boolean;
  readonly isWhole: boolean;
  readonly isStrong: boolean;
  readonly limit: number | undefined;
  readonly after: RowPosition | undefined;
}

/** The keys of a segment. */
export const segmentRange = ({ from, to }: { readonly from: number; readonly to: number }): StoredRange =>
  rangeOfHashes(from, to);

/**
 * Brings the cells of the partitions up to date, for a strong read or a further attempt.
 *
 * @throws LogUnavailable, MapOutdated
 */
export async function freshen(
  deps: ItemDeps,
  { deadline }: Pick<Call, 'deadline'>,
  partitions: readonly PartitionPlace[],
  attempt: number,
): Promise<void> {
  const cells = new Set(partitions.map(({ cell }) => cell));
  await Promise.all([...cells].map(cell => cellOf(deps, cell).upToDate(deadline)));
  if (attempt === 0) checkNotMoving(deps, partitions);
}

/** The place of a start key that was checked. @throws MovedError, MapOutdated */
export function positionOf(deps: ItemDeps, { table, index }: Target, start: Item): RowPosition {
  const { cell, id } = table.partitions[0]!;
  const position = cellOf(deps, cell).view.position(id, index?.record.id, start);
  // The key was checked by the catalogue's definition of the index, which the cell does not have yet.
  if (position === undefined) throw new MapOutdated('the index is not known in its cell');
  return position;
}

/** @throws MovedError, MapOutdated: see `withCurrentMap`; AwsError when the budget of reads is used up */
export function rowsOf(deps: ItemDeps, query: RowQuery): Page {
  const { readBudgets } = deps;
  if (readBudgets === undefined) return pageOf(deps, query);
  checkRowBudgets(readBudgets, query);
  const page = pageOf(deps, query);
  takeRows(readBudgets, page, query);
  return page;
}

function pageOf(deps: ItemDeps, query: RowQuery): Page {
  const { target, partitions, limit } = query;
  if (target.index !== undefined || partitions.length === 1) {
    const cursors = partitions.map(place => cellOf(deps, place.cell).view.cursor(cursorQuery(query, place, limit)));
    return readPage(cursors, { ...(limit !== undefined && { limit }), bytes: PAGE_BYTES_MAX });
  }
  const rows: Row[] = [];
  let size = 0;
  for (const place of partitions) {
    const left = limit === undefined ? undefined : limit - rows.length;
    const cursor = cellOf(deps, place.cell).view.cursor(cursorQuery(query, place, left));
    const page = readPage([cursor], { ...(left !== undefined && { limit: left }), bytes: PAGE_BYTES_MAX - size });
    for (const row of page.rows) rows.push(row);
    size += page.size;
    if (page.isCut) return { rows, size, isCut: true };
  }
  return { rows, size, isCut: false };
}

function cursorQuery(
  { target, range, isReverse, isWhole, after }: RowQuery,
  { id, from, to }: PartitionPlace,
  limit: number | undefined,
): CursorQuery {
  return {
    ...range,
    ...{ partition: id, from, to, isReverse, isWhole },
    ...(target.index !== undefined && { index: target.index.record.id }),
    ...(after !== undefined && { after }),
    ...(limit !== undefined && { limit }),
  };
}
