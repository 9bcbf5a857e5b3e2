import {
  BatchWriteItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '@stormglass/base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeOf } from '../../data/cells.ts';
import { withCurrentMap } from '../../data/current-map.ts';
import { readItems } from '../../data/read-items.ts';
import type { CatalogueReplica } from '../../deps.ts';
import { ACCOUNT, type DynamoDbHost, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

const TableName = 'moving';
const COUNT = 24;

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName);
  await host.spread(TableName);
});
afterAll(() => host.close());

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const key = (n: number) => ({ id: { S: `i${n}` } });
const change = (n: number) => ({
  ...{ TableName, Key: key(n), UpdateExpression: 'ADD v :one' },
  ExpressionAttributeValues: { ':one': { N: '1' } },
});

it('loses nothing while a half of a partition goes to another cell', async () => {
  const puts = upTo(COUNT).map(n => ({ PutRequest: { Item: { ...key(n), v: { N: '0' } } } }));
  await host.root.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
  const { id: tableId, partitions } = host.catalogue.view.table(ACCOUNT, TableName)!;
  const { id: partition, from, to, cell } = partitions.at(-1)!;
  const other = partitions.find(each => each.cell !== cell)!;
  const at = Math.floor((from + to) / 2);
  await host.catalogue.execute(
    {
      ...({ type: 'SplitPartition', accountId: ACCOUNT, name: TableName, tableId } as const),
      ...{ partition, at, cell: other.cell },
    },
    { deadline: systemClock.monotonic() + 5000 },
  );
  const moving = host.settle();
  // Each item is written twice: on its own, and with another one.
  const writes = upTo(COUNT).flatMap(n => [
    host.root.send(new UpdateItemCommand(change(n))),
    host.root
      .send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Update: change(n) }, { Update: change((n + 1) % COUNT) }],
        }),
      )
      .catch((error: unknown) => error),
  ]);
  const outcomes = await Promise.allSettled(writes);
  await moving;
  const done = outcomes.map(each => (each.status === 'fulfilled' && !(each.value instanceof Error) ? 1 : 0));
  const sum = done.reduce<number>((total, each, i) => total + each * (i % 2 === 0 ? 1 : 2), 0);
  const { Items } = await host.root.send(new ScanCommand({ TableName, ConsistentRead: true }));
  expect(Items).toHaveLength(COUNT);
  expect(Items!.reduce((total, { v }) => total + Number(v?.N), 0)).toBe(sum);
  expect(host.catalogue.view.table(ACCOUNT, TableName)!.partitions).toHaveLength(partitions.length + 1);
  for (const outcome of outcomes) {
    const error = outcome.status === 'rejected' ? outcome.reason : outcome.value;
    if (error instanceof Error) expect(error.name).toMatch(/^Transaction(Conflict|Canceled)Exception$/);
  }
});

it('reads strongly what was written behind a map that this zone does not have yet', async () => {
  const { view } = host.catalogue;
  const table = view.table(ACCOUNT, TableName)!;
  const item = key(0);
  const { cell, id } = placeOf(table, item);
  const replica = host.cells.get(cell)!;
  const deadline = systemClock.monotonic() + 5000;
  const place = table.partitions.find(each => each.id === id)!;
  let caughtUp = 0;
  const catalogue = {
    view,
    upToDate: async () => {
      caughtUp++;
    },
  } as unknown as CatalogueReplica;
  const read = () => readItems({ ...host.deps, catalogue }, { deadline }, [{ table, key: item, isStrong: true }], 0);
  expect(await read()).toHaveLength(1);
  await replica.execute({ type: 'FreezePartition', partition: id, from: place.to - 1 }, { deadline });
  await expect(read()).rejects.toThrow('is being split');
  const retried = withCurrentMap({ ...host.deps, catalogue }, { deadline }, attempt =>
    readItems(host.deps, { deadline }, [{ table, key: item, isStrong: true }], attempt),
  );
  expect(await retried).toHaveLength(1);
  expect(caughtUp).toBe(1);
  await replica.execute({ type: 'FreezePartition', partition: id, from: null }, { deadline });
});
