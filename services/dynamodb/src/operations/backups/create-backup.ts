/** Begins a backup of a table. It is there when its cells have copied the table's partitions. */
import { hexId } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { shownBackup } from '../../backup-shapes.ts';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';

export const createBackup = operation<DynamoDbClient, 'CreateBackup', DynamoDbDeps>({
  name: 'CreateBackup',
  state: 'write',
  permission: onTable,
  gaps: [
    'An account has 1,000 backups at most, and a table one that is being made.',
    'A partition is not split while it is backed up, and a backup waits for one that is being split.',
  ],
  async handle({ TableName, BackupName: backupName }, call, deps) {
    const about = requestedTable(TableName, call);
    const suffix = hexId(deps.random, 4);
    const backup = await execute(deps, call, { ...about, type: 'CreateBackup', backupName, suffix });
    return { BackupDetails: shownBackup(backup, call) };
  },
});
