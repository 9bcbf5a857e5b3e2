/** What CreateTable and UpdateTable say to what is wrong, word for word. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
});
afterAll(() => host.close());

const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' }) as const;
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' }) as const;
const Projection = { ProjectionType: 'ALL' } as const;
const units = (ReadCapacityUnits: number, WriteCapacityUnits = ReadCapacityUnits) => ({
  ReadCapacityUnits,
  WriteCapacityUnits,
});
const index = (IndexName: string, ...KeySchema: CreateTableCommandInput['KeySchema'] & object) => ({
  ...{ IndexName, KeySchema, Projection },
});

const describeTable = async (TableName: string) =>
  (await host.root.send(new DescribeTableCommand({ TableName }))).Table!;
const update = (TableName: string, input: Omit<UpdateTableCommandInput, 'TableName'>) =>
  host.root.send(new UpdateTableCommand({ TableName, ...input }));

const INVALID = 'One or more parameter values were invalid: ';
const constraint = (value: string, at: string, rule: string) =>
  `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${rule}`;

describe('CreateTable refuses', () => {
  const keys = { AttributeDefinitions: [S('a')], KeySchema: [hash('a')] };
  const good = { TableName: 'refused', BillingMode: 'PAY_PER_REQUEST', ...keys } as const;
  const both = { AttributeDefinitions: [S('a'), S('b')], KeySchema: [hash('a'), range('b')] };
  const local = (...indexes: object[]) => ({ ...both, LocalSecondaryIndexes: indexes }) as object;
  const global = (...indexes: object[]) =>
    ({ AttributeDefinitions: [S('a'), S('b')], GlobalSecondaryIndexes: indexes }) as object;
  const many = (count: number) => Array.from({ length: count }, (_, i) => index(`index-${i}`, hash('a'), range('b')));

  it.each<[string, object]>([
    [constraint('ab', 'tableName', 'Member must have length greater than or equal to 3'), { TableName: 'ab' }],
    [
      constraint('a;b', 'tableName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+'),
      { TableName: 'a;b' },
    ],
    [
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
      { TableName: undefined },
    ],
    [
      constraint('x', 'billingMode', 'Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]'),
      { BillingMode: 'x' },
    ],
    [
      `${INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
      { BillingMode: undefined },
    ],
    [
      `${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
      { ProvisionedThroughput: units(1) },
    ],
    [
      'Given value 1000000000001 for ReadCapacityUnits is out of bounds',
      { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1_000_000_000_001, 1) },
    ],
    [
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. Keys: [b], AttributeDefinitions: [a]`,
      { KeySchema: [hash('b')] },
    ],
    ['Invalid KeySchema: The first KeySchemaElement is not a HASH key type', { KeySchema: [range('a')] }],
    [
      'Invalid KeySchema: The second KeySchemaElement is not a RANGE key type',
      { ...both, KeySchema: [hash('a'), hash('b')] },
    ],
    [
      'Both the Hash Key and the Range Key element in the KeySchema have the same name',
      { KeySchema: [hash('a'), range('a')] },
    ],
    ['Attribute Name is duplicated: a', { AttributeDefinitions: [S('a'), S('a')] }],
    [
      `${INVALID}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
      { AttributeDefinitions: [S('a'), S('b')] },
    ],
    [
      constraint(
        '[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]',
        'keySchema',
        'Member must have length less than or equal to 2',
      ),
      { KeySchema: [hash('a'), range('b'), range('c')] },
    ],
    [`${INVALID}List of LocalSecondaryIndexes is empty`, local()],
    [
      `${INVALID}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
      { LocalSecondaryIndexes: many(1) },
    ],
    [`${INVALID}Index KeySchema does not have a range key for index: local`, local(index('local', hash('a')))],
    [
      `${INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for index: local. index hash key: b, table hash key: a`,
      local(index('local', hash('b'), range('a'))),
    ],
    [`${INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of 5`, local(...many(6))],
    [
      `${INVALID}Duplicate index name: local`,
      local(index('local', hash('a'), range('b')), index('local', hash('a'), range('b'))),
    ],
    [`${INVALID}List of GlobalSecondaryIndexes is empty`, global()],
    [`${INVALID}GlobalSecondaryIndex count exceeds the per-table limit of 20`, global(...many(21))],
    [
      constraint(
        'i',
        'globalSecondaryIndexes.1.member.indexName',
        'Member must have length greater than or equal to 3',
      ),
      global(index('i', hash('b'))),
    ],
    [`${INVALID}Unknown ProjectionType: null`, global({ ...index('global', hash('b')), Projection: {} })],
    [
      `${INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`,
      global({ ...index('global', hash('b')), Projection: { ProjectionType: 'INCLUDE' } }),
    ],
    [
      `${INVALID}ProjectionType is ALL, but NonKeyAttributes is specified`,
      global({ ...index('global', hash('b')), Projection: { ...Projection, NonKeyAttributes: ['x'] } }),
    ],
    [
      `${INVALID}ProvisionedThroughput is not specified for index: global`,
      { ...global(index('global', hash('b'))), BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1) },
    ],
    [
      `${INVALID}ProvisionedThroughput should not be specified for index: global when BillingMode is PAY_PER_REQUEST`,
      global({ ...index('global', hash('b')), ProvisionedThroughput: units(1) }),
    ],
    [
      `${INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: [a, b, c], keys used: [a, b]`,
      { ...global(index('global', hash('b'))), AttributeDefinitions: [S('c'), S('b'), S('a')] },
    ],
    [
      `${INVALID}Table is being created with a stream enabled, UpdateViewType is required`,
      { StreamSpecification: { StreamEnabled: true } },
    ],
    [
      `${INVALID}MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`,
      { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1), OnDemandThroughput: { MaxReadRequestUnits: 1 } },
    ],
    ['Tag Key cannot be prefixed with aws:, Key: aws:x', { Tags: [{ Key: 'aws:x', Value: '' }] }],
    [`${INVALID}Invalid policy document: This policy contains invalid Json`, { ResourcePolicy: '{' }],
    [`${INVALID}Encryption with keys of KMS is not offered here`, { SSESpecification: { Enabled: true } }],
  ])('%.150s', async (message, change) => {
    const input = { ...good, ...change } as CreateTableCommandInput;
    await expect(host.root.send(new CreateTableCommand(input))).rejects.toMatchObject(
      refusal('ValidationException', message),
    );
  });

  it('a name that is taken', async () => {
    await host.table('taken');
    await expect(host.table('taken')).rejects.toMatchObject(
      refusal('ResourceInUseException', 'Table already exists: taken'),
    );
  });
});

describe('UpdateTable refuses', () => {
  const name = 'refusing';
  beforeAll(() => host.table(name));
  const indexes = (...updates: object[]) => ({ GlobalSecondaryIndexUpdates: updates });
  const defined = { AttributeDefinitions: [S('b')] };

  it.each<[string, string, object]>([
    ['ValidationException', expect.stringContaining('At least one of ProvisionedThroughput, BillingMode,'), {}],
    [
      'ValidationException',
      `${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
      { ProvisionedThroughput: units(1) },
    ],
    [
      'ValidationException',
      `${INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED`,
      { BillingMode: 'PROVISIONED' },
    ],
    [
      'ValidationException',
      `${INVALID}TableClass modification must be the only operation in the request`,
      { TableClass: 'STANDARD', BillingMode: 'PAY_PER_REQUEST' },
    ],
    [
      'ValidationException',
      `${INVALID}DeletionProtection modification must be the only operation in the request`,
      { DeletionProtectionEnabled: true, BillingMode: 'PAY_PER_REQUEST' },
    ],
    [
      'ValidationException',
      `${INVALID}If stream is being enabled then UpdateViewType is required`,
      { StreamSpecification: { StreamEnabled: true } },
    ],
    [
      'ValidationException',
      `${INVALID}If stream is being disabled, then UpdateViewType must not be specified`,
      { StreamSpecification: { StreamEnabled: false, StreamViewType: 'KEYS_ONLY' } },
    ],
    [
      'ValidationException',
      'Table has no stream to disable: TableName: refusing',
      { StreamSpecification: { StreamEnabled: false } },
    ],
    ['ValidationException', `${INVALID}List of GlobalSecondaryIndexUpdates is empty`, indexes()],
    [
      'ValidationException',
      `${INVALID}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null`,
      indexes({}),
    ],
    [
      'ValidationException',
      `${INVALID}Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object`,
      indexes({ Create: index('global', hash('b')), Delete: { IndexName: 'other' } }),
    ],
    [
      'ValidationException',
      `${INVALID}Only one global secondary index update per index is allowed simultaneously. Index: global`,
      { ...defined, ...indexes({ Create: index('global', hash('b')) }, { Delete: { IndexName: 'global' } }) },
    ],
    [
      'ValidationException',
      `${INVALID}AttributeDefinitions is not specified for index: global`,
      indexes({ Create: index('global', hash('b')) }),
    ],
    [
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
      { ...defined, ...indexes({ Create: index('one', hash('b')) }, { Create: index('two', hash('b')) }) },
    ],
    ['ResourceNotFoundException', 'Requested resource not found', indexes({ Delete: { IndexName: 'none' } })],
    [
      'ResourceNotFoundException',
      'Requested resource not found: Table: none not found',
      { TableName: 'none', TableClass: 'STANDARD' },
    ],
  ])('%s: %.120s', async (code, message, change) => {
    await expect(update(name, change)).rejects.toMatchObject(refusal(code, message));
  });

  it('tables that are elsewhere', async () => {
    const far = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${name}`;
    await expect(describeTable(far)).rejects.toMatchObject(
      refusal('ValidationException', `1 validation error detected: Invalid AWS region in '${far}'`),
    );
  });
});
