/** Partitions of tables with their items, indexes, transactions and streams: the replicated state of a cell of DynamoDB. */
export type { BackupCopy } from './backup-table.ts';
export { cancelled, reasonCode } from './cancelled.ts';
export * from './commands.ts';
export type { Cursor, Row } from './cursor.ts';
export type { PartitionHeat } from './heat.ts';
export { HISTORY_BYTES_MAX } from './history-table.ts';
export { HASHES, keyHash } from './key-hash.ts';
export type { MovedKey } from './move-table.ts';
export * from './partition.ts';
export { PAGE_BYTES_MAX, type Page, type PageLimits, readPage } from './read-page.ts';
export type {
  Accepted,
  Decision,
  ItemErrorCode,
  ItemResult,
  Refusal,
  Step,
  Transacted,
  ValueOf,
  Written,
} from './result.ts';
export { ItemStore, type ItemStoreOptions } from './state.ts';
export { hashOf, rangeOfCondition, rangeOfHashes, type StoredRange, storedKey } from './stored-keys.ts';
export { type KeptShard, RECORD_MS, type Shard, STREAM_BYTES_MAX, type StreamRecord } from './stream-table.ts';
export type { DecidedTransaction, PreparedTransaction } from './transaction-table.ts';
export * from './view.ts';
