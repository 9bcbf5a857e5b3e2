/** What the driver and the counts need of a cell: a zone's replica of it. */
import type { ItemCommand, ItemResult, ItemStoreView } from '@stormglass/item-store';
import type { Replica } from '@stormglass/replicated-state';

export type Cell = Pick<Replica<ItemCommand, ItemResult, ItemStoreView>, 'execute' | 'view'>;

/** The cells of a region by their numbers. */
export type Cells = ReadonlyMap<number, Cell>;
