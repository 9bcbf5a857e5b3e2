import {
  CreateBackupCommand,
  DeleteBackupCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DescribeTableCommand,
  ListBackupsCommand,
  type ListBackupsCommandInput,
  PutItemCommand,
  QueryCommand,
  RestoreTableFromBackupCommand,
  type RestoreTableFromBackupCommandInput,
  ScanCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
});
afterAll(() => host.close());

const ITEMS = 60;
const IN_USE =
  'There is another ongoing conflicting backup control plane operation on the table. The backup is either being created, deleted or restored to a table.';
const BY_OWNER = {
  IndexName: 'by-owner',
  KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
} as const;

async function fullTable(name: string): Promise<void> {
  const AttributeDefinitions = [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'owner', AttributeType: 'S' },
  ] as const;
  await host.table(name, {
    AttributeDefinitions: [...AttributeDefinitions],
    GlobalSecondaryIndexes: [{ ...BY_OWNER, KeySchema: [...BY_OWNER.KeySchema] }],
    Tags: [{ Key: 'env', Value: 'test' }],
  });
  for (let n = 0; n < ITEMS; n++) {
    const Item = { id: { S: `item ${n}` }, owner: { S: `owner ${n % 3}` } };
    await host.root.send(new PutItemCommand({ TableName: name, Item }));
  }
}

const isReady = () => [...host.catalogue.view.backups()].every(({ status }) => status === 'AVAILABLE');

async function backedUp(TableName: string, BackupName = 'backup'): Promise<string> {
  const { BackupDetails } = await host.root.send(new CreateBackupCommand({ TableName, BackupName }));
  while (!isReady()) await host.driver.round();
  return BackupDetails!.BackupArn!;
}

const restore = (BackupArn: string, TargetTableName: string, more: Partial<RestoreTableFromBackupCommandInput> = {}) =>
  host.root.send(new RestoreTableFromBackupCommand({ BackupArn, TargetTableName, ...more }));
const describeBackup = (BackupArn: string) => host.root.send(new DescribeBackupCommand({ BackupArn }));
const remove = (BackupArn: string) => host.root.send(new DeleteBackupCommand({ BackupArn }));
const count = async (TableName: string) =>
  (await host.root.send(new ScanCommand({ TableName, Select: 'COUNT' }))).Count;

describe('a backup', () => {
  it('is made, described, restored after its table is gone, and deleted', async () => {
    await fullTable('source');
    const about = { TableName: 'source', BackupName: 'first' };
    const { BackupDetails: begun } = await host.root.send(new CreateBackupCommand(about));
    const BackupArn = begun!.BackupArn!;
    expect(begun).toEqual({
      ...{ BackupArn, BackupName: 'first', BackupSizeBytes: 0, BackupStatus: 'CREATING', BackupType: 'USER' },
      BackupCreationDateTime: expect.any(Date),
    });
    expect(BackupArn).toMatch(/^arn:aws:dynamodb:us-east-1:123456789012:table\/source\/backup\/\d{14}-[0-9a-f]{8}$/);
    await expect(host.root.send(new CreateBackupCommand(about))).rejects.toMatchObject(
      refusal('BackupInUseException', IN_USE),
    );
    await expect(host.root.send(new DeleteTableCommand(about))).rejects.toMatchObject(
      refusal('ResourceInUseException'),
    );
    await expect(remove(BackupArn)).rejects.toMatchObject(refusal('BackupInUseException', IN_USE));
    while (!isReady()) await host.driver.round();
    const { BackupDescription } = await describeBackup(BackupArn);
    const { TableSizeBytes, ...source } = BackupDescription!.SourceTableDetails!;
    expect(BackupDescription?.BackupDetails).toMatchObject({
      BackupStatus: 'AVAILABLE',
      BackupSizeBytes: TableSizeBytes,
    });
    expect(TableSizeBytes).toBeGreaterThan(ITEMS);
    expect(source).toMatchObject({
      ...{ TableName: 'source', ItemCount: ITEMS, BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    expect(BackupDescription?.SourceTableFeatureDetails?.GlobalSecondaryIndexes).toMatchObject([BY_OWNER]);

    await host.root.send(new DeleteTableCommand({ TableName: 'source' }));
    await host.settle();
    const { TableDescription } = await restore(BackupArn, 'target');
    expect(TableDescription).toMatchObject({
      ...{ TableName: 'target', TableStatus: 'CREATING' },
      RestoreSummary: { SourceBackupArn: BackupArn, RestoreInProgress: true, RestoreDateTime: expect.any(Date) },
    });
    await expect(remove(BackupArn)).rejects.toMatchObject(refusal('BackupInUseException', IN_USE));
    await expect(restore(BackupArn, 'target')).rejects.toMatchObject(
      refusal('TableAlreadyExistsException', 'Table already exists: target'),
    );
    await host.settle();
    const { Table } = await host.root.send(new DescribeTableCommand({ TableName: 'target' }));
    expect(Table).toMatchObject({
      ...{ TableStatus: 'ACTIVE', ItemCount: ITEMS, GlobalSecondaryIndexes: [{ ...BY_OWNER, IndexStatus: 'ACTIVE' }] },
      RestoreSummary: { RestoreInProgress: false },
    });
    expect(await count('target')).toBe(ITEMS);
    const ofOwner = new QueryCommand({
      ...{ TableName: 'target', IndexName: 'by-owner', KeyConditionExpression: '#o = :o' },
      ...{ ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': { S: 'owner 1' } } },
    });
    expect((await host.root.send(ofOwner)).Count).toBe(ITEMS / 3);

    const { BackupDescription: deleted } = await remove(BackupArn);
    expect(deleted?.BackupDetails?.BackupStatus).toBe('DELETED');
    const isGone = refusal('BackupNotFoundException', `Backup not found: ${BackupArn}`);
    await expect(remove(BackupArn)).rejects.toMatchObject(isGone);
    await expect(describeBackup(BackupArn)).rejects.toMatchObject(isGone);
    await expect(restore(BackupArn, 'other')).rejects.toMatchObject(isGone);
    await host.driver.round();
    expect([...host.cells.values()].flatMap(({ view }) => view.past.backups())).toEqual([]);
  });

  it('is restored with other billing, and without indexes', async () => {
    await fullTable('plain');
    const arn = await backedUp('plain');
    const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
    const paid = { BillingModeOverride: 'PROVISIONED', ProvisionedThroughputOverride: units } as const;
    await restore(arn, 'paid', { ...paid, GlobalSecondaryIndexOverride: [] });
    await host.settle();
    const { Table } = await host.root.send(new DescribeTableCommand({ TableName: 'paid' }));
    expect(Table).toMatchObject({ ProvisionedThroughput: units, ItemCount: ITEMS });
    expect(Table?.GlobalSecondaryIndexes).toBeUndefined();
    expect(Table?.AttributeDefinitions).toHaveLength(1);
    await expect(restore(arn, 'unpaid', { BillingModeOverride: 'PROVISIONED' })).rejects.toMatchObject(
      refusal('ValidationException'),
    );
    const other = { ...BY_OWNER, IndexName: 'other', KeySchema: [...BY_OWNER.KeySchema] };
    await expect(restore(arn, 'other', { GlobalSecondaryIndexOverride: [other] })).rejects.toMatchObject(
      refusal('ValidationException'),
    );
  });

  it('is left of a table that could be restored to a moment', async () => {
    await host.table('kept');
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await host.root.send(new UpdateContinuousBackupsCommand({ TableName: 'kept', PointInTimeRecoverySpecification }));
    await host.root.send(new PutItemCommand({ TableName: 'kept', Item: { id: { S: 'a' } } }));
    await host.root.send(new DeleteTableCommand({ TableName: 'kept' }));
    await host.settle();
    const list = new ListBackupsCommand({ TableName: 'kept', BackupType: 'SYSTEM' });
    const [summary] = (await host.root.send(list)).BackupSummaries!;
    expect(summary).toMatchObject({ BackupName: 'kept$DeletedTableBackup', BackupType: 'SYSTEM' });
    expect(summary!.BackupExpiryDateTime!.getTime() - summary!.BackupCreationDateTime!.getTime()).toBe(35 * 86_400_000);
    await restore(summary!.BackupArn!, 'kept');
    await host.settle();
    expect(await count('kept')).toBe(1);
  });
});

describe('the list of backups', () => {
  it('has pages, and those of a table, a kind or a time', async () => {
    await host.table('listed');
    await host.table('other');
    const arns: string[] = [];
    for (const name of ['one', 'two', 'three']) arns.push(await backedUp('listed', name));
    await backedUp('other');
    const list = async (input: ListBackupsCommandInput) => {
      const page = await host.root.send(new ListBackupsCommand(input));
      return { names: page.BackupSummaries?.map(each => each.BackupName), last: page.LastEvaluatedBackupArn };
    };
    expect(await list({ TableName: 'listed' })).toEqual({ names: ['one', 'two', 'three'], last: undefined });
    expect(await list({ TableName: 'listed', BackupType: 'SYSTEM' })).toMatchObject({ names: [] });
    const first = await list({ TableName: 'listed', Limit: 2 });
    expect(first).toEqual({ names: ['one', 'two'], last: arns[1] });
    const next = { TableName: 'listed', Limit: 2, ExclusiveStartBackupArn: first.last };
    expect(await list(next)).toEqual({ names: ['three'], last: undefined });
    const TimeRangeUpperBound = new Date(0);
    expect(await list({ TimeRangeUpperBound })).toEqual({ names: [], last: undefined });
    expect((await list({ BackupType: 'ALL' })).names?.length).toBeGreaterThan(3);
  });
});

it('backups are refused', async () => {
  const create = (TableName: string, BackupName: string) =>
    host.root.send(new CreateBackupCommand({ TableName, BackupName }));
  await expect(create('nowhere', 'name')).rejects.toMatchObject(
    refusal('TableNotFoundException', 'Table not found: nowhere'),
  );
  await host.table('here');
  await expect(create('here', 'no')).rejects.toMatchObject(refusal('ValidationException'));
  await expect(describeBackup('arn:aws:dynamodb:us-east-1:123456789012:table/here')).rejects.toMatchObject(
    refusal('ValidationException'),
  );
  const arn = await backedUp('here');
  const user = await host.user('reader', [{ Effect: 'Allow', Action: 'dynamodb:DescribeBackup', Resource: arn }]);
  await user.send(new DescribeBackupCommand({ BackupArn: arn }));
  await expect(user.send(new DeleteBackupCommand({ BackupArn: arn }))).rejects.toMatchObject(
    refusal('AccessDeniedException'),
  );
  const other = await host.user('other', [{ Effect: 'Allow', Action: '*', Resource: '*' }], '210987654321');
  await expect(other.send(new DescribeBackupCommand({ BackupArn: arn }))).rejects.toMatchObject(
    refusal('BackupNotFoundException'),
  );
});
