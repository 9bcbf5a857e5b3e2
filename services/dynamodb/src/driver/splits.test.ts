import type { ItemStoreView, Partition, PartitionHeat } from '@stormglass/item-store';
import type { TableRecord } from '@stormglass/table-catalogue';
import { expect, it } from 'vitest';
import type { Cells } from './cell.ts';
import { wantedSplit } from './splits.ts';

const LIMITS = { writeUnits: 1000, bytes: 1e6 };
const PLACES = [
  { id: 1, cell: 1, from: 0, to: 1000 },
  { id: 2, cell: 2, from: 1000, to: 2000 },
  { id: 3, cell: 3, from: 2000, to: 3000 },
];
const TABLE = { accountId: '123456789012', name: 'table', id: 't', status: 'ACTIVE', partitions: PLACES };
const table = (more: object = {}) => ({ ...TABLE, ...more }) as unknown as TableRecord;

/** Cells of one partition each, with what is written to them. */
function cells(heats: readonly Partial<PartitionHeat & { bytes: number }>[]): Cells {
  return new Map(
    PLACES.map(({ id, cell }, i) => {
      const { bytes = 0, perSecond = 0, middle } = heats[i] ?? {};
      const view: Partial<ItemStoreView> = {
        partition: () => ({ id, isReceiving: false }) as Partition,
        partitions: () => [{ id, isReceiving: false } as Partition],
        counts: () => ({ items: 1, bytes }),
        heat: () => ({ perSecond, middle }),
      };
      return [cell, { view, execute: () => Promise.reject(new Error('nothing is executed')) }] as never;
    }),
  );
}

it('leaves alone what is within its limits', () => {
  expect(wantedSplit(table(), cells([{ perSecond: 1000, middle: 400, bytes: 1e6 }]), 0, LIMITS)).toBeUndefined();
});

it('splits what is written too much where it is written, into the cell that is written least', () => {
  const hot = cells([{ perSecond: 500 }, { perSecond: 1001, middle: 1300 }, { perSecond: 20 }]);
  expect(wantedSplit(table(), hot, 0, LIMITS)).toEqual({
    ...{ type: 'SplitPartition', accountId: '123456789012', name: 'table', tableId: 't' },
    ...{ partition: 2, at: 1300, cell: 3 },
  });
});

it('splits what is too large in its middle', () => {
  const large = cells([{}, {}, { bytes: 1e6 + 1 }]);
  expect(wantedSplit(table(), large, 0, LIMITS)).toMatchObject({ partition: 3, at: 2500, cell: 1 });
});

it('does not split what one key makes hot, nor two partitions of a table at once', () => {
  const oneKey = cells([{ perSecond: 5000 }]);
  expect(wantedSplit(table(), oneKey, 0, LIMITS)).toBeUndefined();
  const hot = cells([{ perSecond: 5000, middle: 500 }]);
  const [first, ...others] = PLACES;
  const partitions = [{ ...first, split: { at: 9, id: 4, cell: 2 } }, ...others];
  expect(wantedSplit(table({ partitions }), hot, 0, LIMITS)).toBeUndefined();
  expect(wantedSplit(table({ status: 'UPDATING' }), hot, 0, LIMITS)).toBeUndefined();
});
