/** Lists global tables: there are none. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

export const listGlobalTables = operation<DynamoDbClient, 'ListGlobalTables', DynamoDbDeps>({
  name: 'ListGlobalTables',
  state: 'local-read',
  permission: onEverything,
  gaps: ['There are no global tables.'],
  handle: () => ({ GlobalTables: [] }),
});
