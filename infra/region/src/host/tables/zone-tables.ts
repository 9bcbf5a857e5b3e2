/**
 * DynamoDB's part of a zone: the catalogue of tables, and the cells that have their items, each a replica of its own log
 * with a file of its own on the zone's disk; and what makes the cells follow the catalogue.
 */
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import {
  type CatalogueReplica,
  type CellReplica,
  countsIn,
  createDynamoDbService,
  TableDriver,
} from '@stormglass/dynamodb';
import type { BeforeWrite } from '@stormglass/faults';
import { ItemStore } from '@stormglass/item-store';
import type { Service } from '@stormglass/service-kit';
import { TableCatalogue } from '@stormglass/table-catalogue';
import { CELL_LOGS, type CellLog } from '../services.ts';

/** What a host has for the items of its zone. */
export interface ItemStoreParts {
  /** On the zone's disk. */
  readonly folder: string;
  readonly beforeWrite: BeforeWrite;
}

export interface ZoneTablesOptions {
  /** Without it items are in memory: a simulation has no files. */
  readonly disk: ItemStoreParts | undefined;
  /** Make the zone's replicas. */
  readonly catalogueOf: (machine: TableCatalogue) => CatalogueReplica;
  readonly cellOf: (log: CellLog, machine: ItemStore) => CellReplica;
  /** Which of the region's zones this is, from 0. */
  readonly ordinal: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ZoneTables {
  readonly replicas: Readonly<Record<'tables' | CellLog, CatalogueReplica | CellReplica>>;
  readonly services: readonly Service[];
  /** Begins to drive the cells; the replicas have started by then. */
  start(): void;
  close(): Promise<void>;
}

const DRIVE_MS = 200;
/** A zone leaves it so much longer to those before it, which are done by then if they live. */
const LATER_MS = 700;

export function openZoneTables(options: ZoneTablesOptions): ZoneTables {
  const { disk, catalogueOf, cellOf, ordinal, clock, random } = options;
  const logger = options.logger.with({ part: 'tables' });
  const catalogue = catalogueOf(new TableCatalogue());
  const byLog = CELL_LOGS.map(name => {
    const path = disk === undefined ? ':memory:' : join(disk.folder, `${name}.sqlite`);
    return [name, cellOf(name, ItemStore.open({ name, path, logger, beforeWrite: disk?.beforeWrite }))] as const;
  });
  const cells = new Map(byLog.map(([, cell], i) => [i + 1, cell]));
  const driver = new TableDriver({ catalogue, cells, clock, logger, intervalMs: DRIVE_MS + ordinal * LATER_MS });
  const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), clock, random };
  return {
    replicas: { tables: catalogue, ...(Object.fromEntries(byLog) as Record<CellLog, CellReplica>) },
    services: [createDynamoDbService(deps)],
    start: () => driver.start(),
    close: () => driver.stop(),
  };
}
