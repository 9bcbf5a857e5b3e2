import {
  type AttributeValue,
  PutItemCommand,
  type TransactGetItem,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

const TableName = 'large';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName);
});
afterAll(() => host.close());

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const text = (kibibytes: number): AttributeValue => ({ S: 'x'.repeat(kibibytes * 1024) });
const write = (...TransactItems: TransactWriteItem[]) =>
  host.root.send(new TransactWriteItemsCommand({ TransactItems }));
const read = (ids: readonly string[]) =>
  host.root.send(
    new TransactGetItemsCommand({
      TransactItems: ids.map((id): TransactGetItem => ({ Get: { TableName, Key: { id: { S: id } } } })),
    }),
  );
const put = (id: string, large: AttributeValue): TransactWriteItem => ({
  Put: { TableName, Item: { id: { S: id }, large } },
});
const TOO_MUCH = refusal(
  'ValidationException',
  'The aggregate size of the items in the transaction cannot exceed 4 MB',
);

it('writes and reads up to 4 MB', async () => {
  const ids = upTo(11).map(n => `total${n}`);
  const all = ids.map(id => put(id, text(390)));
  await expect(write(...all)).rejects.toMatchObject(TOO_MUCH);
  expect((await read(ids)).Responses).toEqual(ids.map(() => ({})));
  await write(...all.slice(0, 10));
  await write(all[10]!);
  await expect(read(ids)).rejects.toMatchObject(TOO_MUCH);
  expect((await read(ids.slice(1))).Responses!.every(({ Item }) => Item !== undefined)).toBe(true);
});

it('has up to 100 items', async () => {
  const all = upTo(101).map(n => put(`count${n}`, { N: '1' }));
  const LENGTH = expect.stringMatching(
    /1 validation error detected: Value .* at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100/s,
  );
  await expect(write(...all)).rejects.toMatchObject(refusal('ValidationException', LENGTH));
  await expect(read(upTo(101).map(n => `count${n}`))).rejects.toMatchObject(refusal('ValidationException', LENGTH));
  await write(...all.slice(0, 100));
  expect((await read(upTo(100).map(n => `count${n}`))).Responses).toHaveLength(100);
});

it('is cancelled by what would make an item too large, and shows the item of a failed condition', async () => {
  const Item = { id: { S: 'grown' }, large: text(300) };
  await host.root.send(new PutItemCommand({ TableName, Item }));
  const grow: TransactWriteItem = {
    Update: {
      ...{ TableName, Key: { id: Item.id }, UpdateExpression: 'SET more = :more' },
      ExpressionAttributeValues: { ':more': text(120) },
    },
  };
  const codes = (list: string) =>
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${list}]`;
  await expect(write(put('beside', { N: '1' }), grow)).rejects.toMatchObject({
    ...refusal('TransactionCanceledException', codes('None, ValidationError')),
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'ValidationError', Message: 'Item size to update has exceeded the maximum allowed size' },
    ],
  });
  const onFailure = (shown: 'ALL_OLD' | 'NONE'): TransactWriteItem => ({
    Delete: {
      ...{ TableName, Key: { id: Item.id }, ConditionExpression: 'attribute_exists(nowhere)' },
      ReturnValuesOnConditionCheckFailure: shown,
    },
  });
  const failed = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  for (const [shown, reason] of [
    ['ALL_OLD', { ...failed, Item }],
    ['NONE', failed],
  ] as const)
    await expect(write(onFailure(shown), put('beside', { N: '1' }))).rejects.toMatchObject({
      ...refusal('TransactionCanceledException', codes('ConditionalCheckFailed, None')),
      CancellationReasons: [reason, { Code: 'None' }],
    });
  expect((await read(['beside', 'grown'])).Responses).toEqual([{}, { Item }]);
});
