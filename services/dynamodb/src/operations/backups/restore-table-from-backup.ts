/** Makes a table of a backup. It is there for its items once its cells have filled its partitions. */
import { uuid } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { findBackup } from '../../backup-shapes.ts';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { givenOverrides } from '../../given.ts';
import { checkName } from '../../names.ts';
import { toRestore } from '../../permissions.ts';
import { shownTable } from '../../shapes.ts';

export const restoreTableFromBackup = operation<DynamoDbClient, 'RestoreTableFromBackup', DynamoDbDeps>({
  name: 'RestoreTableFromBackup',
  state: 'strong-read',
  permission: toRestore,
  gaps: ['Keys of KMS are refused.', 'What AWS asks of permissions on the items of the new table is not asked.'],
  async handle(input, call, deps) {
    const { TargetTableName: name, BackupArn } = input;
    checkName(name, 'targetTableName');
    const { id: backup } = findBackup(deps, call, BackupArn);
    const table = await execute(deps, call, {
      ...{ type: 'RestoreTable', accountId: call.accountId, name, tableId: uuid(deps.random) },
      ...{ policyRevision: String(call.now), source: { backup } },
      ...givenOverrides(input),
    });
    return { TableDescription: shownTable(table, call, deps) };
  },
});
