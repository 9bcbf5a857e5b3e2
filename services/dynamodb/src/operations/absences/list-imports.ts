/** Lists imports of tables: there are none. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

export const listImports = operation<DynamoDbClient, 'ListImports', DynamoDbDeps>({
  name: 'ListImports',
  state: 'local-read',
  permission: onEverything,
  gaps: ['There are no imports.'],
  handle: () => ({ ImportSummaryList: [] }),
});
