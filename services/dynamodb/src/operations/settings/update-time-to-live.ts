/** Enables or disables the time to live of a table's items. */
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';

export const updateTimeToLive = operation<DynamoDbClient, 'UpdateTimeToLive', DynamoDbDeps>({
  name: 'UpdateTimeToLive',
  state: 'write',
  permission: onTable,
  async handle({ TableName, TimeToLiveSpecification }, call, deps) {
    const { Enabled, AttributeName } = TimeToLiveSpecification;
    await execute(deps, call, {
      ...requestedTable(TableName, call),
      ...{ type: 'UpdateTimeToLive', isEnabled: Enabled!, attribute: AttributeName! },
    });
    return { TimeToLiveSpecification };
  },
});
