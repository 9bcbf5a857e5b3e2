/** Lists the names of the account's tables, in their order. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

const LIMIT = 100;

export const listTables = operation<DynamoDbClient, 'ListTables', DynamoDbDeps>({
  name: 'ListTables',
  state: 'strong-read',
  permission: onEverything,
  handle({ ExclusiveStartTableName, Limit = LIMIT }, { accountId }, { catalogue }) {
    // One more than asked for tells whether there is a next page.
    const names = catalogue.view.names(accountId, Limit + 1, ExclusiveStartTableName);
    const TableNames = names.slice(0, Limit);
    const last = TableNames.at(-1);
    return { TableNames, ...(names.length > Limit && last !== undefined && { LastEvaluatedTableName: last }) };
  },
});
