/** Tells the quotas of throughput, which are AWS's defaults and bound nothing here but what may be asked for. */
import { operation } from '@stormglass/service-kit';
import { QUOTAS } from '@stormglass/table-catalogue';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { onEverything } from '../../permissions.ts';

export const describeLimits = operation<DynamoDbClient, 'DescribeLimits', DynamoDbDeps>({
  name: 'DescribeLimits',
  state: 'local-read',
  permission: onEverything,
  gaps: ["The quotas of an account and of a table's throughput are told, and not enforced."],
  handle: () => ({
    AccountMaxReadCapacityUnits: QUOTAS.AccountReadUnits,
    AccountMaxWriteCapacityUnits: QUOTAS.AccountWriteUnits,
    TableMaxReadCapacityUnits: QUOTAS.TableReadUnits,
    TableMaxWriteCapacityUnits: QUOTAS.TableWriteUnits,
  }),
});
