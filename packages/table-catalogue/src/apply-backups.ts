/** Backups: asked for, made by the cells, and deleted. */
import { BACKUP_IN_USE, isBackedUp, newBackup } from './backup-rules.ts';
import type { CreateBackup, DeleteBackup, ExpireBackups, FinishBackup } from './commands.ts';
import type { BackupRecord } from './records.ts';
import { accepted, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';

export const applyBackups = {
  CreateBackup: createBackup,
  DeleteBackup: deleteBackup,
  FinishBackup: finishBackup,
  ExpireBackups: expireBackups,
};

function createBackup(tables: CatalogueTables, command: CreateBackup, now: number): TableResult<'CreateBackup'> {
  const { accountId, name, backupName, suffix } = command;
  const table = tables.table(accountId, name) ?? refuse('TableNotFoundException', `Table not found: ${name}`);
  if (table.status === 'CREATING' || table.status === 'DELETING')
    refuse('TableInUseException', `Table is being ${table.status === 'CREATING' ? 'created' : 'deleted'}: ${name}`);
  if (isBackedUp(tables, table)) refuse('BackupInUseException', BACKUP_IN_USE);
  return accepted(newBackup(tables, table, { name: backupName, suffix }, now));
}

function deleteBackup(tables: CatalogueTables, { accountId, backup: id }: DeleteBackup): TableResult<'DeleteBackup'> {
  const backup = tables.backup(id);
  if (backup?.accountId !== accountId) return refuse('BackupNotFoundException', 'Backup not found');
  if (backup.status === 'CREATING' || isRestored(tables, backup)) refuse('BackupInUseException', BACKUP_IN_USE);
  tables.deleteBackup(id);
  return accepted(backup);
}

function finishBackup(tables: CatalogueTables, command: FinishBackup): TableResult<'FinishBackup'> {
  const backup = tables.backup(command.backup);
  // Another zone may have said so before.
  if (backup?.status !== 'CREATING' || backup.partitions === undefined) return accepted(null);
  tables.putBackup({ ...backup, status: 'AVAILABLE', items: command.items, bytes: command.bytes });
  return accepted(null);
}

function expireBackups(tables: CatalogueTables, _: ExpireBackups, now: number): TableResult<'ExpireBackups'> {
  for (const backup of [...tables.backups()]) {
    const { id, expiresAt = Number.POSITIVE_INFINITY, status } = backup;
    if (expiresAt <= now && status === 'AVAILABLE' && !isRestored(tables, backup)) tables.deleteBackup(id);
  }
  return accepted(null);
}

/** Whether a table is being made of it. */
function isRestored(tables: CatalogueTables, { accountId, stamp }: BackupRecord): boolean {
  for (const { restore } of tables.ofAccount(accountId))
    if (restore?.sources !== undefined && restore.backup === stamp) return true;
  return false;
}
