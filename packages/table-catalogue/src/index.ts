/** The catalogue of DynamoDB's tables: the replicated state of its control plane, and the map of partitions. */

export type * from './commands.ts';
export { type CommandOf, NO_POLICY } from './commands.ts';
export {
  type WantedIndex,
  type WantedPartition,
  type WantedSettings,
  wantedPartition,
  wantedSettings,
} from './definitions.ts';
export { noSuchTable } from './find.ts';
export { partitionOf } from './partitions.ts';
export { QUOTAS, RECOVERY_DAYS_MAX } from './quotas.ts';
export type * from './records.ts';
export { recoverableSince } from './recovery-rules.ts';
export type { Refusal, TableErrorCode, TableResult, ValueOf } from './result.ts';
export { TableCatalogue } from './state.ts';
export { decreasesToday } from './throughput.ts';
export type { CatalogueView } from './view.ts';
