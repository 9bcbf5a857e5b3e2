/**
 * A catalogue and cells in one process, in memory, with what drives them: for the service started alone, and for its
 * tests. In a region they are on the disks of three zones.
 */
import type { Clock, Logger, Random } from '@stormglass/base';
import { type ItemCommand, type ItemResult, ItemStore, type ItemStoreView } from '@stormglass/item-store';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { TableCatalogue } from '@stormglass/table-catalogue';
import type { CatalogueReplica } from './deps.ts';
import { TableDriver } from './driver/table-driver.ts';

export interface LocalCells {
  readonly catalogue: CatalogueReplica;
  /** By their numbers. */
  readonly cells: ReadonlyMap<number, Replica<ItemCommand, ItemResult, ItemStoreView>>;
  readonly driver: TableDriver;
  close(): Promise<void>;
}

const NUMBERS = [1, 2, 3];
const INTERVAL_MS = 50;

/** The driver is not started. */
export async function openLocalCells(sources: {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}): Promise<LocalCells> {
  const { clock, logger } = sources;
  const log = () => new MemoryLog(clock).open();
  const catalogue = new Replica({ machine: new TableCatalogue(), log: log(), ...sources });
  const cells = new Map(
    NUMBERS.map(number => {
      const machine = ItemStore.open({ name: `items-${number}`, path: ':memory:', logger });
      return [number, new Replica({ machine, log: log(), ...sources })];
    }),
  );
  await Promise.all([catalogue, ...cells.values()].map(replica => replica.start()));
  const driver = new TableDriver({ catalogue, cells, clock, logger, intervalMs: INTERVAL_MS });
  return {
    ...{ catalogue, cells, driver },
    async close() {
      await driver.stop();
      await Promise.all([catalogue, ...cells.values()].map(replica => replica.close()));
    },
  };
}
