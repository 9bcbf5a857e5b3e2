/**
 * What the cells have to do for a table, compared with what they have: a pure function of both, so that any zone may ask
 * at any time, and several at once. Commands may be repeated; cells that have done something already do nothing.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ItemCommand, Partition, PartitionSettings } from '@stormglass/item-store';
import {
  type PartitionPlace,
  type TableRecord,
  type WantedSettings,
  wantedPartition,
  wantedSettings,
} from '@stormglass/table-catalogue';
import type { Cells } from './cell.ts';

/** A command that is to be carried out in a cell. */
export interface Step {
  readonly cell: number;
  readonly command: ItemCommand;
}

/** One that drops a partition. */
export interface StrayStep extends Step {
  readonly command: Extract<ItemCommand, { type: 'DropPartition' }>;
}

export interface Plan {
  /** Without these the cells are not as the table is. */
  readonly changes: readonly Step[];
  /** One piece of each index and of each restored partition that is being filled. */
  readonly fillings: readonly Step[];
  /** Ids of indexes that are filled in every partition. */
  readonly filled: readonly number[];
}

/** Items that are looked at in one step of filling. */
const FILL_ITEMS = 500;

export function planOf(table: TableRecord, cells: Cells): Plan {
  const settings = wantedSettings(table);
  const changes = table.partitions.flatMap(place =>
    table.status === 'DELETING' ? dropped(place, cells) : kept(table, place, settings, cells),
  );
  const unfilled = table.partitions.flatMap(({ id, cell }) => {
    const at = cells.get(cell)?.view;
    if (at?.partition(id) === undefined) return [];
    const counts = at.indexCounts(id).filter(({ isComplete }) => !isComplete);
    return counts.map(({ index }) => ({ cell, partition: id, index }));
  });
  const numbers = [...settings.indexes, ...(settings.timeToLive ? [settings.timeToLive] : [])].map(({ id }) => id);
  return {
    changes,
    fillings: [
      ...restoring(table, cells),
      ...unfilled.map(({ cell, partition, index }) => ({
        cell,
        command: { type: 'BackfillIndex', partition, index, limit: FILL_ITEMS } as const,
      })),
    ],
    filled: changes.length > 0 ? [] : numbers.filter(id => !unfilled.some(({ index }) => index === id)),
  };
}

/** One step for each partition of a restored table that is not open yet. */
export function restoring({ partitions, restore }: TableRecord, cells: Cells): Step[] {
  return (restore?.sources ?? []).flatMap((source, i) => {
    const { id, cell } = partitions[i]!;
    if (cells.get(cell)?.view.partition(id)?.isReceiving === false) return [];
    return [{ cell, command: { type: 'RestoreItems', partition: id, source, limit: FILL_ITEMS } }];
  });
}

function dropped({ id, cell, split }: PartitionPlace, cells: Cells): Step[] {
  const places = [{ id, cell }, ...(split === undefined ? [] : [split])];
  return places
    .filter(place => cells.get(place.cell)?.view.partition(place.id) !== undefined)
    .map(place => ({ cell: place.cell, command: { type: 'DropPartition', partition: place.id } }));
}

function kept(table: TableRecord, place: PartitionPlace, settings: WantedSettings, cells: Cells): Step[] {
  const { id, cell, split } = place;
  const at = cells.get(cell)?.view.partition(id);
  const receiver = split && cells.get(split.cell)?.view.partition(split.id);
  const own = at === undefined ? [created(table, place)] : followed(at, place, settings);
  return [
    ...own,
    ...(split && receiver ? followed(receiver, { ...split, from: split.at, to: place.to }, settings) : []),
  ];
}

const created = (table: TableRecord, place: PartitionPlace): Step => ({
  cell: place.cell,
  command: {
    ...{ type: 'CreatePartition', definition: wantedPartition(table, place) },
    ...(table.restore?.sources && { isReceiving: true }),
  },
});

function followed(at: Partition, { id, cell, to }: Omit<PartitionPlace, 'split'>, settings: WantedSettings): Step[] {
  const steps: Step[] = [];
  // A newer generation is there when this zone has not heard of it yet.
  if ((at.generation ?? 0) <= settings.generation && !isDeepStrictEqual(settingsOf(at), settings))
    steps.push({ cell, command: { type: 'SetPartition', partition: id, settings } });
  // What was frozen is another partition's by now.
  if (at.to > to) steps.push({ cell, command: { type: 'ShrinkPartition', partition: id } });
  return steps;
}

const settingsOf = (settings: PartitionSettings): PartitionSettings => {
  const { generation, indexes, timeToLive, stream, writeUnits, recoveryMs } = settings;
  return {
    ...(generation !== undefined && { generation }),
    indexes,
    ...(timeToLive && { timeToLive }),
    ...(stream && { stream }),
    ...(writeUnits !== undefined && { writeUnits }),
    ...(recoveryMs !== undefined && { recoveryMs }),
  };
};

/** Partitions that no table has any more, to be dropped: made late, by a zone that had not heard of a table's end. */
export function straysIn(tables: Iterable<TableRecord>, cells: Cells): StrayStep[] {
  const known = new Set<number>();
  for (const { partitions } of tables) {
    for (const { id, split } of partitions) {
      known.add(id);
      if (split !== undefined) known.add(split.id);
    }
  }
  return [...cells].flatMap(([cell, { view }]) =>
    view
      .partitions()
      .filter(({ id }) => !known.has(id))
      .map(({ id }) => ({ cell, command: { type: 'DropPartition', partition: id } as const })),
  );
}
