/** Backups as they begin, and what must wait for them. */

import { BACKUPS_MAX, SYSTEM_BACKUP_MS } from './quotas.ts';
import type { BackupRecord, PartitionPlace, TableRecord } from './records.ts';
import { refuse } from './result.ts';
import type { CatalogueTables } from './tables.ts';

/** What DynamoDB says of a backup that something else is being done with (API Reference, `BackupInUseException`). */
export const BACKUP_IN_USE =
  'There is another ongoing conflicting backup control plane operation on the table. The backup is either being created, deleted or restored to a table.';

/** Begins a backup of a table. @throws Refused when the account has too many */
export function newBackup(
  tables: CatalogueTables,
  table: TableRecord,
  { name, suffix }: { readonly name: string; readonly suffix: string },
  now: number,
): BackupRecord {
  let count = 0;
  for (const { accountId, type } of tables.backups()) if (accountId === table.accountId && type === 'USER') count++;
  if (count >= BACKUPS_MAX)
    refuse('LimitExceededException', `Subscriber limit exceeded: There is a limit of ${BACKUPS_MAX} backups`);
  return added(tables, table, { name, suffix, type: 'USER', isWhole: isWhole(table.partitions) }, now);
}

/** The backup that is left of a table with recovery. It is made before its partitions go. */
export function addLastBackup(tables: CatalogueTables, table: TableRecord, now: number): void {
  // The lower half of a split that was not finished has everything.
  const given = { name: `${table.name}$DeletedTableBackup`, suffix: table.id.slice(0, 8), isWhole: true } as const;
  const backup = added(tables, table, { ...given, type: 'SYSTEM' }, now);
  tables.putBackup({ ...backup, expiresAt: now + SYSTEM_BACKUP_MS });
}

function added(
  tables: CatalogueTables,
  table: TableRecord,
  { name, suffix, type, isWhole }: Pick<BackupRecord, 'name' | 'type'> & { suffix: string; isWhole: boolean },
  now: number,
): BackupRecord {
  const { recovery: _, ...source } = table;
  const backup: BackupRecord = {
    ...{ accountId: table.accountId, id: tables.nextBackup(), name, type, status: 'CREATING', createdAt: now },
    ...{ stamp: `${String(now).padStart(14, '0')}-${suffix}`, table: source, items: 0, bytes: 0 },
    ...(isWhole && { partitions: table.partitions.map(withoutSplit) }),
  };
  tables.putBackup(backup);
  return backup;
}

/** Backups that waited for a split know now what to copy. */
export function beginWaitingBackups(tables: CatalogueTables, table: TableRecord): void {
  if (!isWhole(table.partitions)) return;
  for (const backup of backupsOf(tables, table))
    if (backup.partitions === undefined) tables.putBackup({ ...backup, partitions: table.partitions });
}

/** @throws Refused while the table is being backed up: its partitions stay where they are */
export function checkNotBackedUp(tables: CatalogueTables, table: TableRecord): void {
  if (isBackedUp(tables, table))
    refuse('ResourceInUseException', `Attempt to change a resource which is still in use: ${table.name} is backed up`);
}

/** @throws Refused while the table is being backed up, or another one is made of its past */
export function checkNotUsed(tables: CatalogueTables, table: TableRecord): void {
  checkNotBackedUp(tables, table);
  for (const { restore, name } of tables.ofAccount(table.accountId))
    if (restore?.sources !== undefined && restore.backup === undefined && restore.tableId === table.id)
      refuse(
        'ResourceInUseException',
        `Attempt to change a resource which is still in use: Table ${table.name} is being restored to ${name}`,
      );
}

export const isBackedUp = (tables: CatalogueTables, table: TableRecord): boolean =>
  backupsOf(tables, table).next().done === false;

/** Those of a table that are being made. */
export function* backupsOf(tables: CatalogueTables, { id }: TableRecord): IterableIterator<BackupRecord> {
  for (const backup of tables.backups()) if (backup.status === 'CREATING' && backup.table.id === id) yield backup;
}

const isWhole = (partitions: readonly PartitionPlace[]): boolean =>
  partitions.every(({ split }) => split === undefined);

const withoutSplit = ({ split: _, ...place }: PartitionPlace): PartitionPlace => place;
