import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, type DynamoDbHost, OTHER_ACCOUNT, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

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
const remove = (TableName: string) => host.root.send(new DeleteTableCommand({ TableName }));

describe('tables', () => {
  it('come to be, are described, and go', async () => {
    const TableName = 'life';
    const made = await host.root.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [S('a'), S('b'), S('c')],
        KeySchema: [hash('a'), range('b')],
        ProvisionedThroughput: units(3, 2),
        LocalSecondaryIndexes: [index('local', hash('a'), range('c'))],
        GlobalSecondaryIndexes: [
          {
            ...index('global', hash('c')),
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] },
            ProvisionedThroughput: units(1),
          },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    expect(made.TableDescription).toMatchObject({ TableStatus: 'CREATING', TableArn: arnOf(TableName), ItemCount: 0 });
    await expect(remove(TableName)).rejects.toMatchObject(
      refusal(
        'ResourceInUseException',
        'Attempt to change a resource which is still in use: Table is being created: life',
      ),
    );
    await host.settle();
    const table = await describeTable(TableName);
    expect(table).toMatchObject({
      TableStatus: 'ACTIVE',
      KeySchema: [hash('a'), range('b')],
      AttributeDefinitions: [S('a'), S('b'), S('c')],
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2, NumberOfDecreasesToday: 0 },
      LocalSecondaryIndexes: [{ IndexName: 'local', IndexArn: `${arnOf(TableName)}/index/local`, ItemCount: 0 }],
      GlobalSecondaryIndexes: [
        { IndexName: 'global', IndexStatus: 'ACTIVE', Projection: { NonKeyAttributes: ['x'] }, IndexSizeBytes: 0 },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      LatestStreamArn: `${arnOf(TableName)}/stream/${table.LatestStreamLabel}`,
      DeletionProtectionEnabled: false,
    });
    expect(table.BillingModeSummary).toBeUndefined();
    expect(table.CreationDateTime).toBeInstanceOf(Date);
    expect((await describeTable(arnOf(TableName))).TableId).toBe(table.TableId);
    expect([...host.cells.values()].map(({ view }) => view.partitions().length)).toEqual([1, 0, 0]);

    expect((await remove(TableName)).TableDescription).toMatchObject({ TableStatus: 'DELETING' });
    expect((await remove(TableName)).TableDescription).toMatchObject({ TableStatus: 'DELETING' });
    await host.settle();
    expect([...host.cells.values()].map(({ view }) => view.partitions().length)).toEqual([0, 0, 0]);
    await expect(describeTable(TableName)).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'Requested resource not found: Table: life not found'),
    );
  });

  it('are listed in pages', async () => {
    for (const name of ['list-c', 'list-a', 'list-b']) await host.table(name);
    const list = (input: object) => host.root.send(new ListTablesCommand(input));
    const start = { ExclusiveStartTableName: 'list' };
    expect(await list({ ...start, Limit: 2 })).toMatchObject({
      TableNames: ['list-a', 'list-b'],
      LastEvaluatedTableName: 'list-b',
    });
    const rest = await list({ ExclusiveStartTableName: 'list-b', Limit: 1 });
    expect(rest.TableNames).toEqual(['list-c']);
    expect(rest.LastEvaluatedTableName).toBeUndefined();
    expect((await host.client(OTHER_ACCOUNT).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    await expect(list({ Limit: 0 })).rejects.toMatchObject(
      refusal(
        'ValidationException',
        "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ),
    );
  });

  it('change their throughput, their billing, their class and their protection', async () => {
    const name = 'change';
    await host.table(name);
    expect((await describeTable(name)).BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    const provisioned = { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5) } as const;
    expect((await update(name, provisioned)).TableDescription).toMatchObject({ TableStatus: 'UPDATING' });
    await expect(update(name, provisioned)).rejects.toMatchObject(
      refusal(
        'ResourceInUseException',
        'Attempt to change a resource which is still in use: Table is being updated: change',
      ),
    );
    await host.settle();
    await expect(update(name, { ProvisionedThroughput: units(5) })).rejects.toMatchObject(
      refusal('ValidationException', expect.stringContaining('throughput for the table will not change.')),
    );
    for (const each of [4, 3, 2, 1]) {
      await update(name, { ProvisionedThroughput: units(5, each) });
      await host.settle();
    }
    expect((await describeTable(name)).ProvisionedThroughput).toMatchObject({ NumberOfDecreasesToday: 4 });
    await expect(update(name, { ProvisionedThroughput: units(4, 1) })).rejects.toMatchObject(
      refusal(
        'LimitExceededException',
        expect.stringMatching(
          /Number of decreases today: 4\. Last decrease at \w+, \w+ \d+, \d{4} at [\d:]+ [AP]M Coord/,
        ),
      ),
    );
    await update(name, { TableClass: 'STANDARD_INFREQUENT_ACCESS' });
    await update(name, { DeletionProtectionEnabled: true });
    expect(await describeTable(name)).toMatchObject({
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      DeletionProtectionEnabled: true,
    });
    await expect(remove(name)).rejects.toMatchObject(
      refusal(
        'ValidationException',
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      ),
    );
  });

  it('get and lose global indexes and streams', async () => {
    const name = 'indexes';
    await host.table(name);
    const create = { Create: index('by-b', hash('b')) };
    const made = await update(name, { AttributeDefinitions: [S('b')], GlobalSecondaryIndexUpdates: [create] });
    expect(made.TableDescription).toMatchObject({
      TableStatus: 'UPDATING',
      AttributeDefinitions: [S('id'), S('b')],
      GlobalSecondaryIndexes: [{ IndexName: 'by-b', IndexStatus: 'CREATING', Backfilling: false }],
    });
    await host.settle();
    expect((await describeTable(name)).GlobalSecondaryIndexes).toMatchObject([{ IndexStatus: 'ACTIVE' }]);
    await expect(
      update(name, { AttributeDefinitions: [S('b')], GlobalSecondaryIndexUpdates: [create] }),
    ).rejects.toMatchObject(refusal('ValidationException', 'Attempting to create an index which already exists'));
    const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } } as const;
    await update(name, stream);
    await host.settle();
    await expect(update(name, stream)).rejects.toMatchObject(
      refusal('ValidationException', 'Table already has an enabled stream: TableName: indexes'),
    );
    await update(name, { StreamSpecification: { StreamEnabled: false } });
    await host.settle();
    const off = await describeTable(name);
    expect(off.StreamSpecification).toBeUndefined();
    expect(off.LatestStreamLabel).toMatch(/^\d{4}-/);
    await update(name, { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-b' } }] });
    expect((await describeTable(name)).GlobalSecondaryIndexes).toMatchObject([{ IndexStatus: 'DELETING' }]);
    await host.settle();
    const bare = await describeTable(name);
    expect(bare.GlobalSecondaryIndexes).toBeUndefined();
    expect(bare.AttributeDefinitions).toEqual([S('id')]);
  });

  it('tell quotas and the endpoint', async () => {
    expect(await host.root.send(new DescribeLimitsCommand({}))).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
    const { Endpoints } = await host.root.send(new DescribeEndpointsCommand({}));
    expect(Endpoints).toEqual([{ Address: new URL(host.endpoint).host, CachePeriodInMinutes: 1440 }]);
  });
});
