/** A partition: what the catalogue of tables says of it, and what its cell knows besides. */
import type { KeySchema } from '@stormglass/items';

export type StreamView = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

export interface IndexDefinition {
  /** From 1 on; never used again in a table, for a time to live neither. */
  readonly id: number;
  readonly name: string;
  /** A local secondary index, whose entries count in item collections. */
  readonly isLocal: boolean;
  readonly schema: KeySchema;
  readonly projection: 'ALL' | 'KEYS_ONLY' | readonly string[];
  /** Write units a second of the index in this partition; unlimited if absent. */
  readonly writeUnits?: number;
}

export interface TimeToLive {
  /** Numbered like an index. */
  readonly id: number;
  /** The attribute that says when an item expires, in seconds since the epoch. */
  readonly attribute: string;
}

/** What may change while a partition lives. */
export interface PartitionSettings {
  /** Of the table that they are for: they give way to those of a later one (0 if absent). */
  readonly generation?: number;
  readonly indexes: readonly IndexDefinition[];
  readonly timeToLive?: TimeToLive;
  /** `id` is another one each time that a stream is enabled. */
  readonly stream?: { readonly id: number; readonly view: StreamView };
  /** How long what items were before can be restored, in ms; it cannot if absent. */
  readonly recoveryMs?: number;
  /** Write units a second of this partition; unlimited if absent. */
  readonly writeUnits?: number;
}

export interface PartitionDefinition extends PartitionSettings {
  /** Unique over all cells, and never used again. */
  readonly id: number;
  /** Names the table; nothing here looks into it. */
  readonly table: string;
  readonly schema: KeySchema;
  /** Hashes from here up to, not including, `to`, which is at most `HASHES`. */
  readonly from: number;
  readonly to: number;
}

export interface Partition extends PartitionDefinition {
  /** A partition that receives the items of another one is not read, and not written to by clients. */
  readonly isReceiving: boolean;
  /** The key that a restore has come to, in hexadecimal. */
  readonly restoredUpTo?: string;
  /** Items of hashes from here on are being copied to another partition: what changes of them is noted. */
  readonly movingFrom?: number;
  /** Hashes from here on are read and not written: the last of them is on its way. */
  readonly frozenFrom?: number;
}

/** How much a table or index has in one partition. */
export interface Counts {
  readonly items: number;
  /** Sizes of the items, or of their projections, as DynamoDB counts them. */
  readonly bytes: number;
}

/** An index may be added to items that are there already; then it is filled in steps. */
export interface IndexCounts extends Counts {
  readonly index: number;
  readonly isComplete: boolean;
}

/** Item collections of tables with local secondary indexes (Developer Guide, "Item collection size limit"), in bytes. */
export const COLLECTION_BYTES_MAX = 10 * 1024 ** 3;
