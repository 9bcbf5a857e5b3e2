/**
 * The commands of the log `tables`. Each is complete: ids were drawn by the handler that proposed it, and the time is the
 * log's. Inputs are as clients give them: nothing of them is checked but their types.
 */
import type { KeyAttribute } from '@stormglass/items';
import type { BillingMode, OnDemandLimits, StreamView, TableClass, Tag, Throughput } from './records.ts';

interface AboutTable {
  readonly accountId: string;
  readonly name: string;
}

export interface KeyElement {
  readonly name: string;
  readonly role: string;
}

export interface ProjectionInput {
  readonly type?: string;
  readonly attributes?: readonly string[];
}

export interface IndexInput {
  readonly name: string;
  readonly keys: readonly KeyElement[];
  readonly projection: ProjectionInput;
  readonly throughput?: Throughput;
  readonly onDemand?: OnDemandLimits;
}

export interface CreateTable extends AboutTable {
  readonly type: 'CreateTable';
  readonly tableId: string;
  readonly attributes: readonly KeyAttribute[];
  readonly keys: readonly KeyElement[];
  readonly locals?: readonly IndexInput[];
  readonly globals?: readonly IndexInput[];
  readonly billing: BillingMode;
  readonly throughput?: Throughput;
  readonly onDemand?: OnDemandLimits;
  readonly tableClass: TableClass;
  readonly deletionProtection: boolean;
  /** The view of its stream, if it has one. */
  readonly stream?: StreamView;
  readonly tags: readonly Tag[];
  readonly policy?: string;
  readonly policyRevision: string;
  /** Numbers of the cells that there are. */
  readonly cells: readonly number[];
}

export type IndexUpdate =
  | { readonly action: 'create'; readonly index: IndexInput }
  | {
      readonly action: 'update';
      readonly name: string;
      readonly throughput?: Throughput;
      readonly onDemand?: OnDemandLimits;
    }
  | { readonly action: 'delete'; readonly name: string };

/** What is absent stays as it is. */
export interface UpdateTable extends AboutTable {
  readonly type: 'UpdateTable';
  readonly attributes?: readonly KeyAttribute[];
  readonly billing?: BillingMode;
  readonly throughput?: Throughput;
  readonly onDemand?: OnDemandLimits;
  readonly indexes?: readonly IndexUpdate[];
  /** The view of a stream that begins; null ends the one that there is. */
  readonly stream?: StreamView | null;
  readonly tableClass?: TableClass;
  readonly deletionProtection?: boolean;
}

export interface DeleteTable extends AboutTable {
  readonly type: 'DeleteTable';
}

export interface ChangeTags extends AboutTable {
  readonly type: 'ChangeTags';
  readonly add: readonly Tag[];
  readonly remove: readonly string[];
}

export interface UpdateTimeToLive extends AboutTable {
  readonly type: 'UpdateTimeToLive';
  readonly isEnabled: boolean;
  readonly attribute: string;
}

interface AboutPolicy extends AboutTable {
  /** Of a stream of the table, in place of the table itself. */
  readonly streamLabel?: string;
  /** The revision that the caller saw; `NO_POLICY` is none; any if absent. */
  readonly expected?: string;
}

export interface PutPolicy extends AboutPolicy {
  readonly type: 'PutPolicy';
  readonly text: string;
  readonly revision: string;
}

export interface DeletePolicy extends AboutPolicy {
  readonly type: 'DeletePolicy';
}

/** Said by whoever sees that the cells have followed. It does nothing when the table has changed in the meantime. */
export interface Advance extends AboutTable {
  readonly type: 'Advance';
  readonly tableId: string;
  readonly generation: number;
  /** Ids of indexes, and of the time to live, that every partition has filled. */
  readonly filled: readonly number[];
}

/** Hashes of a partition from `at` on are to move to a new partition in `cell`. */
export interface SplitPartition extends AboutTable {
  readonly type: 'SplitPartition';
  readonly tableId: string;
  readonly partition: number;
  readonly at: number;
  readonly cell: number;
}

/** The new partition has everything: from now on it is asked. */
export interface FinishSplit extends AboutTable {
  readonly type: 'FinishSplit';
  readonly tableId: string;
  readonly partition: number;
}

export interface CreateBackup extends AboutTable {
  readonly type: 'CreateBackup';
  readonly backupName: string;
  /** The end of its ARN behind the time. */
  readonly suffix: string;
}

interface AboutBackup {
  readonly accountId: string;
  readonly backup: number;
}

export interface DeleteBackup extends AboutBackup {
  readonly type: 'DeleteBackup';
}

/** Its cells have copied everything. */
export interface FinishBackup extends AboutBackup {
  readonly type: 'FinishBackup';
  readonly items: number;
  readonly bytes: number;
}

/** Forgets the backups whose time is over. */
export interface ExpireBackups {
  readonly type: 'ExpireBackups';
}

export interface UpdateRecovery extends AboutTable {
  readonly type: 'UpdateRecovery';
  readonly isEnabled: boolean;
  /** As before, or the most that there is, if absent. */
  readonly days?: number;
}

/** Makes a table of what there was, with what the caller wants otherwise. */
export interface RestoreTable extends AboutTable {
  readonly type: 'RestoreTable';
  readonly tableId: string;
  readonly policyRevision: string;
  /** A backup, or a table of the account at a time; now if that is absent. */
  readonly source: { readonly backup: number } | { readonly tableName: string; readonly at?: number };
  readonly billing?: BillingMode;
  readonly throughput?: Throughput;
  readonly onDemand?: OnDemandLimits;
  readonly locals?: readonly IndexInput[];
  readonly globals?: readonly IndexInput[];
}

export type TableCommand =
  | CreateTable
  | UpdateTable
  | DeleteTable
  | ChangeTags
  | UpdateTimeToLive
  | PutPolicy
  | DeletePolicy
  | Advance
  | SplitPartition
  | FinishSplit
  | CreateBackup
  | DeleteBackup
  | FinishBackup
  | ExpireBackups
  | UpdateRecovery
  | RestoreTable;

/** The command of one type. */
export type CommandOf<Type extends TableCommand['type']> = Extract<TableCommand, { type: Type }>;

/** The revision that stands for there being no policy (PutResourcePolicy, `ExpectedRevisionId`). */
export const NO_POLICY = 'NO_POLICY';
