/** Answers of a cell: what a command did, or why it is refused, in AWS's own words where a client may read them. */
import { type Accepted, accepted, Refused } from '@stormglass/replicated-state/command-result';
import type { ItemCommand } from './commands.ts';

export { type Accepted, accepted, Refused };

export type ItemErrorCode =
  | 'ConditionalCheckFailedException'
  | 'IdempotentParameterMismatchException'
  | 'ItemCollectionSizeLimitExceededException'
  /** For the handler: the map of partitions that it used is not, or no longer, right. It may try again. */
  | 'Moved'
  /** For the handler: the partition is not in the state that the command is for. */
  | 'NotPossible'
  | 'ProvisionedThroughputExceededException'
  | 'TransactionCanceledException'
  | 'TransactionConflictException'
  | 'UnknownCommand'
  | 'ValidationException';

export interface Refusal {
  readonly ok: false;
  readonly code: ItemErrorCode;
  readonly message: string;
  /** The item as JSON text, where a failed condition is to show it. */
  readonly item?: string;
  /** Of a transaction: for each write in order why it could not be done, or null. */
  readonly reasons?: readonly (Refusal | null)[];
}

/** A write that was done. */
export interface Written {
  readonly ok: true;
  /** Sizes of the item before and after it, in bytes; 0 where there is none. */
  readonly before: number;
  readonly after: number;
  /** What was asked for with `returns`, as JSON text; absent when there is nothing. */
  readonly attributes?: string;
  /** Write units of indexes that changed, by name. */
  readonly indexes?: Readonly<Record<string, number>>;
  /** Bytes of the item's collection now, in tables with local indexes. */
  readonly collection?: number;
}

export interface Transacted {
  /** In the order of the writes; empty when it was done before. */
  readonly written: readonly Written[];
  /** The same request was done before, and nothing now. */
  readonly isRepeated: boolean;
}

export interface Decision {
  readonly commit: boolean;
  /** The same request was committed before, as another transaction: this one is not, and was done. */
  readonly isRepeated: boolean;
}

export interface Step {
  /** Whether there is more to do. */
  readonly isMore: boolean;
  readonly count: number;
}

/** What each command answers when it is accepted; commands not named here answer null. */
interface Values {
  WriteItems: readonly (Written | Refusal)[];
  TransactItems: Transacted;
  /** Sizes as they will be. */
  PrepareTransaction: readonly Written[];
  DecideTransaction: Decision;
  /** How many writes were waiting. */
  FinishTransaction: number;
  BackUpItems: Step;
  DropBackup: Step;
  RestoreItems: Step;
  BackfillIndex: Step;
  ExpireItems: Step;
  CollectGarbage: Step;
}

export type ValueOf<Type extends ItemCommand['type']> = Type extends keyof Values ? Values[Type] : null;

/** The result of a command; `ItemResult<'WriteItems'>` names the value of one type. */
export type ItemResult<Type extends ItemCommand['type'] = ItemCommand['type']> = Accepted<ValueOf<Type>> | Refusal;

export function refuse(code: ItemErrorCode, message: string, more: Pick<Refusal, 'item' | 'reasons'> = {}): never {
  throw new Refused<Refusal>({ ok: false, code, message, ...more });
}

/** What `attempt` returns, or how it was refused. */
export function refusalOr<Value>(attempt: () => Value): Value | Refusal {
  try {
    return attempt();
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
}
