/** Lists exports of tables: there are none. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

export const listExports = operation<DynamoDbClient, 'ListExports', DynamoDbDeps>({
  name: 'ListExports',
  state: 'local-read',
  permission: onEverything,
  gaps: ['There are no exports.'],
  handle: () => ({ ExportSummaries: [] }),
});
