/** Changes a table: its throughput or billing, one of its global indexes, its stream, its class, its protection. */
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { notOffered } from '../../errors.ts';
import {
  givenAttributes,
  givenLimits,
  givenStreamChange,
  givenThroughput,
  givenUpdate,
  refuseOwnKeys,
} from '../../given.ts';
import { checkName, requestedTable } from '../../names.ts';
import { onTable } from '../../permissions.ts';
import { shownTable } from '../../shapes.ts';

export const updateTable = operation<DynamoDbClient, 'UpdateTable', DynamoDbDeps>({
  name: 'UpdateTable',
  state: 'write',
  permission: onTable,
  gaps: [
    'Keys of KMS, warm throughput, replicas and witnesses are refused.',
    'The billing may be changed at any time; AWS allows four changes to on-demand in a day.',
  ],
  async handle(input, call, deps) {
    const { AttributeDefinitions, BillingMode, ProvisionedThroughput, OnDemandThroughput, TableClass } = input;
    const { GlobalSecondaryIndexUpdates, StreamSpecification, DeletionProtectionEnabled, WarmThroughput } = input;
    if (input.ReplicaUpdates ?? input.GlobalTableWitnessUpdates ?? input.MultiRegionConsistency)
      throw notOffered('Global tables are');
    if (WarmThroughput !== undefined) throw notOffered('WarmThroughput is');
    refuseOwnKeys(input.SSESpecification);
    const about = requestedTable(input.TableName, call);
    GlobalSecondaryIndexUpdates?.forEach(({ Create }, i) => {
      if (Create !== undefined)
        checkName(Create.IndexName!, `globalSecondaryIndexUpdates.${i + 1}.member.create.indexName`);
    });
    const table = await execute(deps, call, {
      ...{ ...about, type: 'UpdateTable' },
      ...(AttributeDefinitions && { attributes: givenAttributes(AttributeDefinitions) }),
      ...(BillingMode && { billing: BillingMode }),
      ...(ProvisionedThroughput && { throughput: givenThroughput(ProvisionedThroughput) }),
      ...(OnDemandThroughput && { onDemand: givenLimits(OnDemandThroughput) }),
      ...(GlobalSecondaryIndexUpdates && { indexes: GlobalSecondaryIndexUpdates.map(givenUpdate) }),
      ...(StreamSpecification && { stream: givenStreamChange(StreamSpecification) }),
      ...(TableClass && { tableClass: TableClass }),
      ...(DeletionProtectionEnabled !== undefined && { deletionProtection: DeletionProtectionEnabled }),
    });
    return { TableDescription: shownTable(table, call, deps) };
  },
});
