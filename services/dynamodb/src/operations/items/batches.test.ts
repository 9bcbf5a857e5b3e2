import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { arnOf, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table('one');
  await host.table('two');
});
afterAll(() => host.close());

const key = (n: number) => ({ id: { S: `i${n}` } });
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const write = (RequestItems: BatchWriteItemCommandInput['RequestItems']) =>
  host.root.send(new BatchWriteItemCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' }));
const read = (RequestItems: BatchGetItemCommandInput['RequestItems']) =>
  host.root.send(new BatchGetItemCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' }));
const ids = (items: { id?: { S?: string } }[] = []) => items.map(({ id }) => id?.S).toSorted();

it('writes and reads items of several tables', async () => {
  const puts = upTo(10).map(n => ({ PutRequest: { Item: { ...key(n), v: { N: String(n) } } } }));
  const written = await write({ one: puts, two: puts });
  expect(written.UnprocessedItems).toEqual({});
  expect(written.ConsumedCapacity).toEqual([
    { TableName: 'one', CapacityUnits: 10 },
    { TableName: 'two', CapacityUnits: 10 },
  ]);
  await write({ one: upTo(5).map(n => ({ DeleteRequest: { Key: key(n) } })) });
  const found = await read({
    one: { Keys: upTo(10).map(key), ConsistentRead: true },
    two: { Keys: [key(3)], ProjectionExpression: 'v' },
  });
  expect(ids(found.Responses?.one as never)).toEqual(['i5', 'i6', 'i7', 'i8', 'i9']);
  expect(found.Responses?.two).toEqual([{ v: { N: '3' } }]);
  expect(found.UnprocessedKeys).toEqual({});
  expect(found.ConsumedCapacity).toEqual([
    { TableName: 'one', CapacityUnits: 10 },
    { TableName: 'two', CapacityUnits: 0.5 },
  ]);
});

it('leaves keys unprocessed that an answer has no room for', async () => {
  const big = (n: number) => ({ ...key(100 + n), v: { S: 'x'.repeat(399_000) } });
  for (const from of [0, 15, 30]) await write({ one: upTo(15).map(n => ({ PutRequest: { Item: big(from + n) } })) });
  const asked = { Keys: upTo(45).map(n => key(100 + n)), ConsistentRead: true };
  const first = await read({ one: asked });
  expect(first.Responses?.one).toHaveLength(42);
  expect(first.UnprocessedKeys?.one).toEqual({ ...asked, Keys: [142, 143, 144].map(key) });
  const second = await read(first.UnprocessedKeys!);
  expect(second.Responses?.one).toHaveLength(3);
});

it.each<[string, () => Promise<unknown>]>([
  ['Provided list of item keys contains duplicates', () => read({ one: { Keys: [key(1), key(1)] } })],
  [
    'Provided list of item keys contains duplicates',
    () => write({ one: [{ PutRequest: { Item: key(1) } }, { DeleteRequest: { Key: key(1) } }] }),
  ],
  [
    'Too many items requested for the BatchGetItem call',
    () => read({ one: { Keys: upTo(60).map(key) }, two: { Keys: upTo(60).map(key) } }),
  ],
  [
    'Too many items requested for the BatchWriteItem call',
    () => {
      const puts = upTo(20).map(n => ({ PutRequest: { Item: key(n) } }));
      return write({ one: puts, two: puts });
    },
  ],
  ['The provided key element does not match the schema', () => read({ one: { Keys: [{ x: { S: 'x' } }] } })],
  [
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    () => write({ one: [{}] }),
  ],
])('%s', async (message, call) => {
  await expect(call()).rejects.toMatchObject(refusal('ValidationException', message));
});

it('asks policies about each table', async () => {
  const user = await host.user('batch', [{ Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: arnOf('one') }]);
  const some = (...tables: string[]) =>
    new BatchGetItemCommand({ RequestItems: Object.fromEntries(tables.map(name => [name, { Keys: [key(1)] }])) });
  await user.send(some('one'));
  await expect(user.send(some('one', 'two'))).rejects.toThrow('not authorized');
});
