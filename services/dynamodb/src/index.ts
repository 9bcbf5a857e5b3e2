/** What hosts and generated documents need of the DynamoDB service. */
export { createDynamoDbService } from './app.ts';
export type { CellReplica, ItemDeps } from './data/cells.ts';
export type { CatalogueReplica, Counts, DynamoDbDeps, TableCounts } from './deps.ts';
export { CellKeeper, type CellKeeperOptions } from './driver/cell-keeper.ts';
export { countsIn } from './driver/counts.ts';
export { TableDriver } from './driver/table-driver.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
export { createDynamoDbStreamsService } from './streams/index.ts';
