/** Tells whether a table's items have a time to live. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { validationError } from '../../errors.ts';
import { findTable } from '../../find.ts';
import { onTable } from '../../permissions.ts';

export const describeTimeToLive = operation<DynamoDbClient, 'DescribeTimeToLive', DynamoDbDeps>({
  name: 'DescribeTimeToLive',
  state: 'strong-read',
  permission: onTable,
  handle({ TableName }, call, deps) {
    const { status, timeToLive } = findTable(deps, call, TableName);
    if (status === 'CREATING' || status === 'DELETING') {
      throw validationError(
        `Cannot describe time to live while table is in ${status} state: Current table state is ${status}`,
      );
    }
    if (timeToLive === undefined) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
    return { TimeToLiveDescription: { TimeToLiveStatus: timeToLive.status, AttributeName: timeToLive.attribute } };
  },
});
