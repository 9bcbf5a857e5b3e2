/** Quotas of DynamoDB, as AWS sets them by default (Developer Guide, "Service, account, and table quotas"). */
export const QUOTAS = {
  TablesPerAccount: 2500,
  LocalIndexesPerTable: 5,
  GlobalIndexesPerTable: 20,
  /** Attributes that all indexes of a table name to include. */
  IncludedAttributesPerTable: 100,
  /** Tables and indexes of an account that are being created, changed or deleted. */
  SimultaneousOperations: 500,
  TagsPerTable: 50,
  AccountReadUnits: 80_000,
  AccountWriteUnits: 80_000,
  TableReadUnits: 40_000,
  TableWriteUnits: 40_000,
  /** Decreases of throughput in a UTC day before they must be an hour apart. */
  FreeDecreases: 4,
  PolicyBytes: 20_480,
} as const;

/** A throughput beyond this is no number of units at all. */
export const UNITS_MAX = 1_000_000_000_000;
/** How long the records of a stream are kept, in ms. */
export const STREAM_KEPT_MS = 24 * 60 * 60 * 1000;
/** Ended streams of a table that are remembered. */
export const ENDED_STREAMS_MAX = 20;
/** One more than the greatest hash of a hash key. */
export const HASHES = 2 ** 32;
/** Partitions that a table may be split into. */
export const PARTITIONS_MAX = 256;
/** Backups of an account; DynamoDB has no such limit. */
export const BACKUPS_MAX = 1000;
/** Tables of an account that are being restored at once (API Reference, RestoreTableFromBackup). */
export const RESTORES_MAX = 50;
/** How long a table can be restored to a moment, in days. */
export const RECOVERY_DAYS_MAX = 35;
/** How long the backup of a deleted table is kept, in ms. */
export const SYSTEM_BACKUP_MS = 35 * 24 * 60 * 60 * 1000;
/** The least time between two changes of a time to live, in ms; AWS documents an hour and waits for half of it. */
export const TIME_TO_LIVE_MS = 30 * 60 * 1000;
