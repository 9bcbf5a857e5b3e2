import {
  BatchGetItemCommand,
  type CreateTableCommandInput,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '@stormglass/base';
import type { TableRecord } from '@stormglass/table-catalogue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../testing/dynamodb-host.ts';
import { ReadBudgets } from './read-budgets.ts';

const OF_TABLE =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';
const OF_INDEXES = expect.stringContaining('one or more global secondary indexes');
const THROTTLED = 'ProvisionedThroughputExceededException';

describe('the budgets of reads', () => {
  let now = 0;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  const places = [1, 2].map(id => ({ id, from: 0, to: 1, cell: 1 }));
  const table = (read: number) => ({ throughput: { read }, partitions: places }) as unknown as TableRecord;
  const at = (read: number, id = 1) => ({ table: table(read), place: places[id - 1]! });

  it('save up five minutes of a share, may be overdrawn, and fill again', () => {
    const budgets = new ReadBudgets(clock);
    budgets.take(at(10), 1499);
    budgets.check(at(10));
    budgets.take(at(10), 11);
    expect(() => budgets.check(at(10))).toThrow(OF_TABLE);
    budgets.check(at(10, 2));
    now += 2000;
    expect(budgets.isExceeded(at(10))).toBe(true);
    now += 1000;
    expect(budgets.isExceeded(at(10))).toBe(false);
    now += 10_000_000;
    budgets.take(at(10), 1500);
    expect(budgets.isExceeded(at(10))).toBe(true);
  });

  it('are no limit where nothing is provisioned', () => {
    const budgets = new ReadBudgets(clock);
    budgets.take(at(0), 1_000_000);
    budgets.check(at(0));
  });
});

describe('reads of a provisioned table', () => {
  let host: DynamoDbHost;
  beforeAll(async () => {
    host = await startDynamoDbHost();
  });
  afterAll(() => host.close());

  const units = { ReadCapacityUnits: 1, WriteCapacityUnits: 1000 };
  const provisioned: Partial<CreateTableCommandInput> = { BillingMode: 'PROVISIONED', ProvisionedThroughput: units };
  const large = 'x'.repeat(399_000);
  const isThrottled = refusal(THROTTLED, OF_TABLE);

  async function used(TableName: string): Promise<void> {
    await host.table(TableName, provisioned);
    await host.root.send(new PutItemCommand({ TableName, Item: { id: { S: 'large' }, v: { S: large } } }));
    // A partition has 300 units, and this takes 98 of them each time.
    for (let n = 0; n < 4; n++) await get(TableName);
  }
  const get = (TableName: string, id = 'large') =>
    host.root.send(new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }));
  const batch = (TableName: string, ...ids: string[]) =>
    host.root.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: ids.map(id => ({ id: { S: id } })) } } }),
    );

  it('are refused where the budget of a partition is used up', async () => {
    await used('gets');
    await expect(get('gets')).rejects.toMatchObject(isThrottled);
    const names = { ExpressionAttributeNames: { '#i': 'id' }, ExpressionAttributeValues: { ':i': { S: 'large' } } };
    const query = new QueryCommand({ TableName: 'gets', KeyConditionExpression: '#i = :i', ...names });
    await expect(host.root.send(query)).rejects.toMatchObject(isThrottled);
    const Get = { TableName: 'gets', Key: { id: { S: 'large' } } };
    await expect(host.root.send(new TransactGetItemsCommand({ TransactItems: [{ Get }] }))).rejects.toMatchObject(
      isThrottled,
    );
    // Other partitions have their own.
    const others = Array.from({ length: 30 }, (_, n) => `item ${n}`);
    const found = await Promise.allSettled(others.map(id => get('gets', id)));
    const refused = others.filter((_, i) => found[i]!.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(others.length);
    const { UnprocessedKeys } = await batch('gets', ...others);
    expect(UnprocessedKeys?.gets?.Keys).toEqual(refused.map(id => ({ id: { S: id } })));
    await expect(batch('gets', ...refused)).rejects.toMatchObject(isThrottled);
  });

  it('cost what pages have', async () => {
    await host.table('scans', provisioned);
    for (let n = 0; n < 30; n++) {
      const Item = { id: { S: `item ${n}` }, v: { S: large } };
      await host.root.send(new PutItemCommand({ TableName: 'scans', Item }));
    }
    const pages = async (): Promise<number> => {
      let ExclusiveStartKey: Record<string, { S: string }> | undefined;
      for (let count = 0; ; count++) {
        const page = await host.root.send(
          new ScanCommand({ TableName: 'scans', ConsistentRead: true, ExclusiveStartKey }),
        );
        ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
        if (ExclusiveStartKey === undefined) return count;
      }
    };
    await expect(pages()).rejects.toMatchObject(isThrottled);
  });

  it('of a global index take from its own budget', async () => {
    await host.table('indexed', {
      ...provisioned,
      AttributeDefinitions: ['id', 'owner'].map(AttributeName => ({ AttributeName, AttributeType: 'S' as const })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units,
        },
      ],
    });
    const Item = { id: { S: 'large' }, owner: { S: 'x' }, v: { S: large } };
    await host.root.send(new PutItemCommand({ TableName: 'indexed', Item }));
    const query = () =>
      host.root.send(
        new QueryCommand({
          ...{ TableName: 'indexed', IndexName: 'by-owner', KeyConditionExpression: '#o = :o' },
          ...{ ExpressionAttributeNames: { '#o': 'owner' }, ExpressionAttributeValues: { ':o': { S: 'x' } } },
        }),
      );
    for (let n = 0; n < 7; n++) await query();
    await expect(query()).rejects.toMatchObject(refusal(THROTTLED, OF_INDEXES));
    await get('indexed');
  });
});
