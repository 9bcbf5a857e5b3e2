/**
 * What the log of a cell holds. Items come in canonical form (`checkedItem`), expressions as text with placeholders.
 * A command that is refused changes nothing.
 */
import type { Expression, Item } from '@stormglass/items';
import type { PartitionDefinition, PartitionSettings } from './partition.ts';

// --- partitions

export interface CreatePartition {
  readonly type: 'CreatePartition';
  readonly definition: PartitionDefinition;
  /** For items that another partition hands over, until `OpenPartition`. */
  readonly isReceiving?: boolean;
}

/** Replaces the settings, unless they are older than those that are there: indexes that are new are empty until `BackfillIndex` is through, those left out are dropped. */
export interface SetPartition {
  readonly type: 'SetPartition';
  readonly partition: number;
  readonly settings: PartitionSettings;
}

/** Its items go in steps, by `CollectGarbage`; its stream can be read for as long as records are kept. */
export interface DropPartition {
  readonly type: 'DropPartition';
  readonly partition: number;
}

/** Notes changes of items from this hash on, from now on, for a partition that receives them. */
export interface BeginMove {
  readonly type: 'BeginMove';
  readonly partition: number;
  readonly from: number;
}

/** Refuses writes from this hash on, from now on; null: none, and nothing is being moved any more. */
export interface FreezePartition {
  readonly type: 'FreezePartition';
  readonly partition: number;
  readonly from: number | null;
}

/** An item as it was in the partition that hands it over. Of each key the latest version holds, in whatever order they come. */
export interface MovedItem {
  readonly item: Item;
  readonly version: number;
}

/** A key, in hexadecimal, that had no item any more. */
export interface GoneItem {
  readonly key: string;
  readonly version: number;
}

/** Items of a partition that is being split, for one that receives. The same ones may come again, and older ones too. */
export interface ReceiveItems {
  readonly type: 'ReceiveItems';
  readonly partition: number;
  readonly items: readonly MovedItem[];
  readonly gone?: readonly GoneItem[];
}

/** All items are received. */
export interface OpenPartition {
  readonly type: 'OpenPartition';
  readonly partition: number;
  /** The number of its stream's first record: behind all that the other partition has of these items. */
  readonly firstRecord?: number;
}

/** Gives up what was frozen, because another partition has it. */
export interface ShrinkPartition {
  readonly type: 'ShrinkPartition';
  readonly partition: number;
}

// --- writes

interface ItemWrite {
  readonly partition: number;
  readonly condition?: Expression;
  /** The refusal because of the condition has the item. */
  readonly returnOnFailure?: boolean;
}

export interface PutItem extends ItemWrite {
  readonly op: 'put';
  readonly item: Item;
  readonly returns?: 'ALL_OLD';
}

export interface DeleteItem extends ItemWrite {
  readonly op: 'delete';
  readonly key: Item;
  readonly returns?: 'ALL_OLD';
}

export interface UpdateItem extends ItemWrite {
  readonly op: 'update';
  readonly key: Item;
  /** Without it the item is made if it is not there. */
  readonly update?: Expression;
  readonly returns?: 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW';
}

/** In transactions only. */
export interface CheckItem extends ItemWrite {
  readonly op: 'check';
  readonly key: Item;
}

export type Write = PutItem | DeleteItem | UpdateItem;

/** Writes that are done or refused each on its own, in this order. */
export interface WriteItems {
  readonly type: 'WriteItems';
  readonly writes: readonly Write[];
}

// --- transactions

/**
 * What makes a request idempotent (TransactWriteItems, `ClientRequestToken`). The cell that is asked must be the same one
 * each time, wherever the items are.
 */
export interface RequestToken {
  /** Unique in the region: it names the account, too. */
  readonly token: string;
  /** Of all parameters: another request with the same token is refused. */
  readonly digest: string;
}

/** All writes or none. The client's order; each item at most once. */
export interface TransactItems {
  readonly type: 'TransactItems';
  readonly writes: readonly (Write | CheckItem)[];
  readonly request?: RequestToken;
}

/**
 * The part of a transaction that this cell has, or a piece of it: conditions are checked, and the items locked until
 * `FinishTransaction`.
 */
export interface PrepareTransaction {
  readonly type: 'PrepareTransaction';
  readonly transaction: string;
  /** The cell whose decision counts. */
  readonly decider: number;
  readonly writes: readonly (Write | CheckItem)[];
}

/** In the deciding cell: the first decision on a transaction is the one that counts, and the answer. */
export interface DecideTransaction {
  readonly type: 'DecideTransaction';
  readonly transaction: string;
  readonly commit: boolean;
  /** All cells that have a part. */
  readonly cells: readonly number[];
  readonly request?: RequestToken;
}

/** Does what was prepared, or lets go of it; nothing if it is done already. */
export interface FinishTransaction {
  readonly type: 'FinishTransaction';
  readonly transaction: string;
  readonly commit: boolean;
}

/** In the deciding cell: all parts are finished. */
export interface ForgetTransactions {
  readonly type: 'ForgetTransactions';
  readonly transactions: readonly string[];
}

// --- backups

/** Goes on copying a partition for a backup, from where it stopped. Each item is as it is when its piece is copied. */
export interface BackUpItems {
  readonly type: 'BackUpItems';
  readonly backup: number;
  readonly partition: number;
  /** Items of a step. */
  readonly limit: number;
}

/** Removes some of a backup's items, and in the end the backup. */
export interface DropBackup {
  readonly type: 'DropBackup';
  readonly backup: number;
  readonly limit: number;
}

/** What a restored partition is filled with: a backup's copy of a partition, or one as it was at a log time in ms. */
export type RestoreSource =
  | { readonly backup: number; readonly partition: number }
  | { readonly partition: number; readonly at: number };

/** Goes on filling a partition that receives, from where it stopped, and opens it when it has everything. */
export interface RestoreItems {
  readonly type: 'RestoreItems';
  readonly partition: number;
  readonly source: RestoreSource;
  /** Keys that are looked at. */
  readonly limit: number;
}

// --- work in steps

/** Goes on filling an index, or what finds expired items, from where it stopped. */
export interface BackfillIndex {
  readonly type: 'BackfillIndex';
  readonly partition: number;
  readonly index: number;
  /** Items that are looked at. */
  readonly limit: number;
}

/** Deletes items whose time to live is over by the log's time. */
export interface ExpireItems {
  readonly type: 'ExpireItems';
  readonly partition: number;
  readonly limit: number;
}

/** Removes what was dropped, moved away, or kept long enough. */
export interface CollectGarbage {
  readonly type: 'CollectGarbage';
  /** Rows of each kind. */
  readonly limit: number;
}

export type ItemCommand =
  | CreatePartition
  | SetPartition
  | DropPartition
  | BeginMove
  | FreezePartition
  | ReceiveItems
  | OpenPartition
  | ShrinkPartition
  | WriteItems
  | TransactItems
  | PrepareTransaction
  | DecideTransaction
  | FinishTransaction
  | ForgetTransactions
  | BackUpItems
  | DropBackup
  | RestoreItems
  | BackfillIndex
  | ExpireItems
  | CollectGarbage;

/** The command of one type. */
export type CommandOf<Type extends ItemCommand['type']> = Extract<ItemCommand, { type: Type }>;

/** How long a request with a token is the same request (TransactWriteItems), in ms of log time. */
export const REQUEST_MS = 10 * 60 * 1000;
/** How long an aborted transaction is remembered in ms of log time: longer than any copy of its commands is good. */
export const ABORTED_MS = REQUEST_MS;
