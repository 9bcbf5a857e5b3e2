/** What the log `tables` keeps. Records never change: an update stores a new one. Times are the log's, in ms since the epoch. */
import type { KeyAttribute, KeySchema } from '@stormglass/items';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export type Status = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE';
export type BillingMode = 'PROVISIONED' | 'PAY_PER_REQUEST';
export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';
export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';

/** Units a second; 0 of both when every request is paid for. */
export interface Throughput {
  readonly read: number;
  readonly write: number;
}

/** Throughput with what limits its next decrease. */
export interface ThroughputRecord extends Throughput {
  readonly increasedAt?: number;
  readonly decreasedAt?: number;
  /** In the UTC day of `decreasedAt`. */
  readonly decreases: number;
}

/** The most that an on-demand table or index takes; -1 is no limit of its own. */
export interface OnDemandLimits {
  readonly read?: number;
  readonly write?: number;
}

export type Projection = 'ALL' | 'KEYS_ONLY' | readonly string[];

export interface IndexRecord {
  /** From 1 on, within the table; never used again, for a time to live neither. */
  readonly id: number;
  readonly name: string;
  readonly schema: KeySchema;
  readonly projection: Projection;
}

export interface GlobalIndexRecord extends IndexRecord {
  readonly status: Status;
  /** The cells have it, and are filling it with what was in the table before. */
  readonly isBackfilling: boolean;
  readonly throughput: ThroughputRecord;
  readonly onDemand?: OnDemandLimits;
}

/** A table's share of hashes, from `from` up to, not including, `to`, and the cell that has its items. */
export interface PartitionPlace {
  /** Unique over all tables, and never used again. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly cell: number;
  /** What is becoming of it: hashes from `at` on go to the new partition `id` in `cell`. */
  readonly split?: { readonly at: number; readonly id: number; readonly cell: number };
}

export interface TimeToLive {
  readonly status: 'ENABLING' | 'ENABLED' | 'DISABLING';
  readonly attribute: string;
  /** Numbered like an index. */
  readonly id: number;
}

export interface ResourcePolicy {
  readonly text: string;
  readonly revision: string;
}

/** How a table can be restored to a moment. */
export interface Recovery {
  readonly days: number;
  readonly since: number;
  /** Where the partitions were before splits, the oldest first, each up to a time. */
  readonly maps: readonly { readonly until: number; readonly partitions: readonly PartitionPlace[] }[];
}

/** What a table was restored from. */
export interface Restore {
  /** Stamp of the backup, if it is one: the end of its ARN. */
  readonly backup?: string;
  readonly tableName: string;
  readonly tableId: string;
  /** The time that its items are of. */
  readonly at: number;
  /** While it goes on: what each partition is filled with, in their order. */
  readonly sources?: readonly RestoreSource[];
}

/** A backup's copy of a partition, or one as it was at a time. */
export type RestoreSource =
  | { readonly backup: number; readonly partition: number }
  | { readonly partition: number; readonly at: number };

export interface TableRecord {
  readonly accountId: string;
  readonly name: string;
  /** A UUID, which tells the table from earlier and later ones of its name. */
  readonly id: string;
  readonly status: Status;
  readonly createdAt: number;
  readonly attributes: readonly KeyAttribute[];
  readonly schema: KeySchema;
  readonly locals: readonly IndexRecord[];
  readonly globals: readonly GlobalIndexRecord[];
  readonly billing: BillingMode;
  /** When it was last changed to on-demand, or made so. */
  readonly onDemandSince?: number;
  readonly throughput: ThroughputRecord;
  readonly onDemand?: OnDemandLimits;
  readonly tableClass: TableClass;
  readonly tableClassAt?: number;
  readonly deletionProtection: boolean;
  /** The stream that is being written. */
  readonly stream?: { readonly id: number; readonly view: StreamView };
  /** Of the newest stream, be it still written or not. */
  readonly streamLabel?: string;
  readonly timeToLive?: TimeToLive;
  readonly timeToLiveAt?: number;
  readonly tags: readonly Tag[];
  readonly policy?: ResourcePolicy;
  readonly recovery?: Recovery;
  readonly restore?: Restore;
  /** In the order of their hashes; together they are all hashes. */
  readonly partitions: readonly PartitionPlace[];
  /** Of indexes and the time to live. */
  readonly lastIndexId: number;
  /** Grows with everything that the cells must follow. */
  readonly generation: number;
  /** The generation that they have followed. */
  readonly settled: number;
}

export interface BackupRecord {
  readonly accountId: string;
  /** Over all backups, and never used again. */
  readonly id: number;
  /** The end of its ARN: `01489602797149-73d8d5bc`. */
  readonly stamp: string;
  readonly name: string;
  readonly type: 'USER' | 'SYSTEM';
  readonly status: 'CREATING' | 'AVAILABLE';
  readonly createdAt: number;
  readonly expiresAt?: number;
  /** The table as it was when the backup was asked for. */
  readonly table: TableRecord;
  /** The partitions that are copied, where they are; absent while one of them is being split. */
  readonly partitions?: readonly PartitionPlace[];
  /** 0 until everything is copied. */
  readonly items: number;
  readonly bytes: number;
}

/** A stream of a table, kept for as long as its records are. */
export interface StreamRecord {
  readonly accountId: string;
  readonly tableName: string;
  readonly tableId: string;
  /** Another one each time that a stream is enabled, over all tables. */
  readonly id: number;
  /** When it was enabled, as its ARN has it: `2026-11-22T10:00:00.000`. */
  readonly label: string;
  readonly view: StreamView;
  readonly schema: KeySchema;
  readonly enabledAt: number;
  readonly endedAt?: number;
  /** Of a stream that has ended: the partitions that its records are in. */
  readonly partitions?: readonly PartitionPlace[];
  readonly policy?: ResourcePolicy;
}
