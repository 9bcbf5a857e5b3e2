/** Makes a table. It is there for its items once its cells have its partitions. */
import { uuid } from '@stormglass/base';
import { operation } from '@stormglass/service-kit';
import { type DynamoDbClient, type DynamoDbDeps, execute } from '../../deps.ts';
import { invalidValues, notOffered, validationError } from '../../errors.ts';
import {
  givenAttributes,
  givenFirstStream,
  givenIndex,
  givenKeys,
  givenLimits,
  givenTags,
  givenThroughput,
  refuseOwnKeys,
} from '../../given.ts';
import { checkName, requestedTable } from '../../names.ts';
import { toCreateTable } from '../../permissions.ts';
import { checkPolicy } from '../../policies.ts';
import { shownTable } from '../../shapes.ts';

export const createTable = operation<DynamoDbClient, 'CreateTable', DynamoDbDeps>({
  name: 'CreateTable',
  state: 'write',
  permission: toCreateTable,
  gaps: [
    'Keys of KMS, warm throughput and global tables are refused.',
    'Keys of indexes have one hash and one range attribute at most.',
  ],
  async handle(input, call, deps) {
    const { AttributeDefinitions = [], KeySchema = [], GlobalSecondaryIndexes, LocalSecondaryIndexes } = input;
    const { BillingMode, ProvisionedThroughput, OnDemandThroughput, ResourcePolicy, WarmThroughput } = input;
    if (input.GlobalTableSourceArn !== undefined) throw notOffered('Global tables are');
    if (WarmThroughput !== undefined) throw notOffered('WarmThroughput is');
    refuseOwnKeys(input.SSESpecification);
    const about = requestedTable(input.TableName, call);
    if (about.accountId !== call.accountId) throw notOffered('Tables of other accounts are');
    checkIndexNames(LocalSecondaryIndexes, 'localSecondaryIndexes');
    checkIndexNames(GlobalSecondaryIndexes, 'globalSecondaryIndexes');
    if (KeySchema.length > 2) throw tooManyKeys(KeySchema);
    if (KeySchema.length === 0) throw invalidValues('KeySchema is required');
    if (ResourcePolicy !== undefined) checkPolicy(ResourcePolicy);
    const stream = givenFirstStream(input.StreamSpecification);
    const table = await execute(deps, call, {
      ...{ ...about, type: 'CreateTable', tableId: uuid(deps.random), policyRevision: String(call.now) },
      attributes: givenAttributes(AttributeDefinitions),
      keys: givenKeys(KeySchema),
      ...(LocalSecondaryIndexes && { locals: LocalSecondaryIndexes.map(givenIndex) }),
      ...(GlobalSecondaryIndexes && { globals: GlobalSecondaryIndexes.map(givenIndex) }),
      billing: BillingMode ?? 'PROVISIONED',
      ...(ProvisionedThroughput && { throughput: givenThroughput(ProvisionedThroughput) }),
      ...(OnDemandThroughput && { onDemand: givenLimits(OnDemandThroughput) }),
      tableClass: input.TableClass ?? 'STANDARD',
      deletionProtection: input.DeletionProtectionEnabled ?? false,
      ...(stream && { stream }),
      tags: givenTags(input.Tags ?? []),
      ...(ResourcePolicy !== undefined && { policy: ResourcePolicy }),
      cells: deps.cells,
    });
    return { TableDescription: shownTable(table, call, deps) };
  },
});

/** As AWS prints the list. */
function tooManyKeys(keys: readonly { AttributeName?: string | undefined; KeyType?: string | undefined }[]) {
  const shown = keys.map(key => `KeySchemaElement(attributeName=${key.AttributeName}, keyType=${key.KeyType})`);
  return validationError(
    `1 validation error detected: Value '[${shown.join(', ')}]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2`,
  );
}

function checkIndexNames(list: readonly { IndexName?: string | undefined }[] = [], label: string): void {
  for (const [i, { IndexName }] of list.entries()) checkName(IndexName!, `${label}.${i + 1}.member.indexName`);
}
