/**
 * The part of DynamoDB and its streams in a zone: the catalogue of tables, and the cells that have their items, each a
 * replica of its own log with a file of its own on the zone's disk; what makes the cells follow the catalogue, and what
 * keeps them.
 */
import { join } from 'node:path';
import type { Clock, Logger, Random } from '@stormglass/base';
import {
  type CatalogueReplica,
  CellKeeper,
  type CellReplica,
  countsIn,
  createDynamoDbService,
  createDynamoDbStreamsService,
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
  readonly zone: string;
  /** Ids of all zones of the region. */
  readonly zones: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ZoneTables {
  readonly replicas: Readonly<Record<'tables' | CellLog, CatalogueReplica | CellReplica>>;
  readonly services: readonly Service[];
  /** Begins to drive and to keep the cells; the replicas have started by then. */
  start(): void;
  close(): Promise<void>;
}

const DRIVE_MS = 200;
/** So much longer each zone leaves it to those before it, which are done by then if they live. */
const LATER_MS = 700;
const KEEP_MS = 1000;

export function openZoneTables(options: ZoneTablesOptions): ZoneTables {
  const { disk, catalogueOf, cellOf, zone, zones, clock, random } = options;
  const logger = options.logger.with({ part: 'tables' });
  const catalogue = catalogueOf(new TableCatalogue());
  const byLog = CELL_LOGS.map(name => {
    const path = disk === undefined ? ':memory:' : join(disk.folder, `${name}.sqlite`);
    return [name, cellOf(name, ItemStore.open({ name, path, logger, beforeWrite: disk?.beforeWrite }))] as const;
  });
  const cells = new Map(byLog.map(([, cell], i) => [i + 1, cell]));
  const ordinal = zones.indexOf(zone);
  const driver = new TableDriver({ catalogue, cells, clock, logger, intervalMs: DRIVE_MS + ordinal * LATER_MS });
  const keeper = new CellKeeper({
    ...{ cellReplicas: cells, clock, logger, intervalMs: KEEP_MS },
    ...{ zone: ordinal, zones: zones.length },
  });
  const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), clock, random };
  return {
    replicas: { tables: catalogue, ...(Object.fromEntries(byLog) as Record<CellLog, CellReplica>) },
    services: [createDynamoDbService(deps), createDynamoDbStreamsService(deps)],
    start() {
      driver.start();
      keeper.start();
    },
    async close() {
      await Promise.all([driver.stop(), keeper.stop()]);
    },
  };
}
