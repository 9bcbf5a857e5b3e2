/** Deletes a table with its items. It is gone once its cells have dropped its partitions. */
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';
import { shownTable } from '../../shapes.ts';

export const deleteTable = operation<DynamoDbClient, 'DeleteTable', DynamoDbDeps>({
  name: 'DeleteTable',
  state: 'write',
  permission: onTable,
  async handle({ TableName }, call, deps) {
    const table = await execute(deps, call, { type: 'DeleteTable', ...requestedTable(TableName, call) });
    return { TableDescription: shownTable(table, call, deps) };
  },
});
