/** How much there is in a table and its indexes, as this zone's copies of the cells have it. */
import type { TableRecord } from '@stormglass/table-catalogue';
import type { Counts, TableCounts } from '../deps.ts';
import type { Cells } from './cell.ts';

export const countsIn =
  (cells: Cells) =>
  (table: TableRecord): TableCounts => {
    let total: Counts = { items: 0, bytes: 0 };
    const indexes = new Map<number, Counts>();
    for (const { id, cell } of table.partitions) {
      const view = cells.get(cell)?.view;
      if (view?.partition(id) === undefined) continue;
      total = sum(total, view.counts(id));
      for (const { index, ...counts } of view.indexCounts(id))
        indexes.set(index, sum(indexes.get(index) ?? { items: 0, bytes: 0 }, counts));
    }
    return { ...total, indexes };
  };

const sum = (a: Counts, b: Counts): Counts => ({ items: a.items + b.items, bytes: a.bytes + b.bytes });
