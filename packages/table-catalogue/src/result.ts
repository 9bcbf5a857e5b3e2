/** Answers of the catalogue: what a command made, or why it is refused, in AWS's own words. */
import { type Accepted, accepted, Refused } from '@stormglass/replicated-state/command-result';
import type { CommandOf, TableCommand } from './commands.ts';
import type { BackupRecord, ResourcePolicy, TableRecord } from './records.ts';

export { type Accepted, accepted, Refused };

export type TableErrorCode =
  | 'BackupInUseException'
  | 'BackupNotFoundException'
  | 'ContinuousBackupsUnavailableException'
  | 'InvalidRestoreTimeException'
  | 'LimitExceededException'
  | 'PointInTimeRecoveryUnavailableException'
  | 'PolicyNotFoundException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'TableAlreadyExistsException'
  | 'TableInUseException'
  | 'TableNotFoundException'
  | 'UnknownCommand'
  | 'ValidationException';

export interface Refusal {
  readonly ok: false;
  readonly code: TableErrorCode;
  readonly message: string;
}

/** What each command answers when it is accepted; commands not named here answer null. */
interface Values {
  CreateTable: TableRecord;
  UpdateTable: TableRecord;
  /** As it goes. */
  DeleteTable: TableRecord;
  PutPolicy: ResourcePolicy;
  CreateBackup: BackupRecord;
  /** As it was. */
  DeleteBackup: BackupRecord;
  UpdateRecovery: TableRecord;
  RestoreTable: TableRecord;
  /** The one that was removed, if there was one. */
  DeletePolicy: ResourcePolicy | null;
}

export type ValueOf<Type extends TableCommand['type']> = Type extends keyof Values ? Values[Type] : null;

/** The result of a command; `TableResult<'CreateTable'>` names the value of one type. */
export type TableResult<Type extends TableCommand['type'] = TableCommand['type']> = Accepted<ValueOf<Type>> | Refusal;

/** Applies one type of command at a time of the log, in ms since the epoch. */
export type Applier<Type extends TableCommand['type'], Tables> = (
  tables: Tables,
  command: CommandOf<Type>,
  now: number,
) => TableResult<Type>;

export function refuse(code: TableErrorCode, message: string): never {
  throw new Refused<Refusal>({ ok: false, code, message });
}

/** Refuses values that do not go together; the words that DynamoDB puts before most of what is wrong with a request. */
export const invalid = (message: string): never =>
  refuse('ValidationException', `One or more parameter values were invalid: ${message}`);
