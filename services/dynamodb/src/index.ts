/** What hosts and generated documents need of the DynamoDB service. */
export { createDynamoDbService } from './app.ts';
export type { CatalogueReplica, Counts, DynamoDbDeps, TableCounts } from './deps.ts';
export { GAPS, OPERATIONS } from './operations/index.ts';
