/** Lists the tables that Contributor Insights watches: none. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

export const listContributorInsights = operation<DynamoDbClient, 'ListContributorInsights', DynamoDbDeps>({
  name: 'ListContributorInsights',
  state: 'local-read',
  permission: onEverything,
  gaps: ['None is ever watched.'],
  handle: () => ({ ContributorInsightsSummaries: [] }),
});
