/** Lists the account's backups, or those of one table, the oldest first. */
import { operation } from '@stormglass/service-kit';
import type { BackupRecord } from '@stormglass/table-catalogue';
import { shownSummary } from '../../backup-shapes.ts';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { backupArn, requestedBackup, requestedTable } from '../../names.ts';
import { onEverything } from '../../permissions.ts';

const LIMIT = 100;

export const listBackups = operation<DynamoDbClient, 'ListBackups', DynamoDbDeps>({
  name: 'ListBackups',
  state: 'strong-read',
  permission: onEverything,
  gaps: ['Backups of AWS Backup are not offered: there are none to list.'],
  handle(input, call, { catalogue }) {
    const { TableName, BackupType = 'USER', Limit = LIMIT, ExclusiveStartBackupArn } = input;
    const { TimeRangeLowerBound: low, TimeRangeUpperBound: high } = input;
    const about = TableName === undefined ? undefined : requestedTable(TableName, call);
    const after = ExclusiveStartBackupArn === undefined ? '' : requestedBackup(ExclusiveStartBackupArn, call).stamp;
    const isWanted = ({ accountId, table, type, createdAt, stamp }: BackupRecord) =>
      accountId === (about?.accountId ?? call.accountId) &&
      (about === undefined || table.name === about.name) &&
      (BackupType === 'ALL' || type === BackupType) &&
      (low === undefined || createdAt >= low.getTime()) &&
      (high === undefined || createdAt < high.getTime()) &&
      stamp > after;
    const found = [...catalogue.view.backups()].filter(isWanted);
    found.sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
    const page = found.slice(0, Limit);
    const last = page.at(-1);
    return {
      BackupSummaries: page.map(backup => shownSummary(backup, call)),
      ...(found.length > Limit &&
        last !== undefined && { LastEvaluatedBackupArn: backupArn(call, last.table, last.stamp) }),
    };
  },
});
