/** Tells whether a table can be restored to a moment, and to which. */
import { operation } from '@stormglass/service-kit';
import { shownRecovery } from '../../backup-shapes.ts';
import type { ItemDeps } from '../../data/cells.ts';
import type { DynamoDbClient } from '../../deps.ts';
import { dynamoDbError } from '../../errors.ts';
import { requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';

export const describeContinuousBackups = operation<DynamoDbClient, 'DescribeContinuousBackups', ItemDeps>({
  name: 'DescribeContinuousBackups',
  state: 'strong-read',
  permission: onTable,
  gaps: ['LatestRestorableDateTime is now; in AWS it is five minutes ago.'],
  handle({ TableName }, call, deps) {
    const { accountId, name } = requestedTable(TableName, call);
    const table = deps.catalogue.view.table(accountId, name);
    if (table === undefined) throw dynamoDbError('TableNotFoundException', `Table not found: ${name}`);
    return { ContinuousBackupsDescription: shownRecovery(table, deps, call.now) };
  },
});
