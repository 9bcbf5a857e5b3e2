/** Tells whether a table or an index of it is watched by Contributor Insights: none is. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { dynamoDbError } from '../../errors.ts';
import { findTable } from '../../find.ts';
import { onTable } from '../../permissions.ts';

export const describeContributorInsights = operation<DynamoDbClient, 'DescribeContributorInsights', DynamoDbDeps>({
  name: 'DescribeContributorInsights',
  state: 'strong-read',
  permission: onTable,
  gaps: ['It is always disabled.'],
  handle({ TableName, IndexName }, call, deps) {
    const { name, globals, locals } = findTable(deps, call, TableName);
    if (IndexName !== undefined && ![...globals, ...locals].some(index => index.name === IndexName))
      throw dynamoDbError('ResourceNotFoundException', 'Requested resource not found');
    return { TableName: name, ...(IndexName !== undefined && { IndexName }), ContributorInsightsStatus: 'DISABLED' };
  },
});
