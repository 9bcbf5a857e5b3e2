/** What requests over several items are told of their bounds and keys, word for word, and the checksum of every answer. */
import { crc32 } from 'node:zlib';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  const by = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' as const }];
  const index = (IndexName: string) => ({
    IndexName,
    KeySchema: by('kind'),
    Projection: { ProjectionType: 'ALL' as const },
  });
  await host.table('one', {
    AttributeDefinitions: ['id', 'kind'].map(AttributeName => ({ AttributeName, AttributeType: 'S' as const })),
    GlobalSecondaryIndexes: [index('the-second'), index('the-first')],
  });
  await host.table('two');
});
afterAll(() => host.close());

const key = (n: number | string) => ({ id: { S: String(n) } });
const keys = (count: number) => Array.from({ length: count }, (_, n) => key(n));
const puts = (...items: object[]) => items.map(Item => ({ PutRequest: { Item } }));
const INVALID = 'One or more parameter values were invalid: ';
const EMPTY = 'The AttributeValue for a key attribute cannot contain an empty string value.';

describe('BatchGetItem', () => {
  it.each<[string, object]>([
    ['The requestItems parameter is required for BatchGetItem', {}],
    [
      "1 validation error detected: Value at 'RequestItems.one.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100",
      { one: { Keys: keys(101) } },
    ],
    [
      "1 validation error detected: Value at 'RequestItems.one.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1",
      { one: { Keys: [] } },
    ],
    ['Too many items requested for the BatchGetItem call', { one: { Keys: keys(60) }, two: { Keys: keys(60) } }],
    ['Provided list of item keys contains duplicates', { 'not-there': { Keys: [key(1), key(1)] } }],
    [
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
      { one: { Keys: [key(1)], AttributesToGet: ['a'] }, two: { Keys: [key(1)], ProjectionExpression: 'a' } },
    ],
  ])('%.120s', async (message, RequestItems) => {
    const command = new BatchGetItemCommand({ RequestItems } as never);
    await expect(host.root.send(command)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

describe('BatchWriteItem', () => {
  const count = (length: number) =>
    `1 validation error detected: Value '{one=[${length} WriteRequest]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]`;
  it.each<[string, object]>([
    ['The requestItems parameter is required for BatchWriteItem', {}],
    [count(26), { one: puts(...keys(26)) }],
    [count(0), { one: [] }],
    ['Too many items requested for the BatchWriteItem call', { one: puts(...keys(20)), two: puts(...keys(6)) }],
    ['The provided key element does not match the schema', { one: puts({ id: { N: '5' } }) }],
    ['The provided key element does not match the schema', { one: puts({ kind: { S: 'a' } }) }],
    [`One or more parameter values are not valid. ${EMPTY} Key: id`, { one: puts(key('')) }],
    [
      `${INVALID}Type mismatch for Index Key kind Expected: S Actual: N IndexName: the-first`,
      { one: puts({ ...key(1), kind: { N: '1' } }) },
    ],
  ])('%.120s', async (message, RequestItems) => {
    const command = new BatchWriteItemCommand({ RequestItems } as never);
    await expect(host.root.send(command)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

describe('transactions', () => {
  type Action = NonNullable<TransactWriteItemsCommandInput['TransactItems']>[number];
  const write = (...TransactItems: Action[]) => host.root.send(new TransactWriteItemsCommand({ TransactItems }));
  const put = (Item: object) => ({ Put: { TableName: 'one', Item } }) as Action;
  const large = (n: number, length: number) => put({ ...key(n), text: { S: 'x'.repeat(length) } });

  it.each<[string, Action[]]>([
    [`One or more parameter values are not valid. ${EMPTY} Key: id`, [put(key(''))]],
    [
      `One or more parameter values are not valid. A value specified for a secondary index key is not supported. ${EMPTY} IndexName: the-first, IndexKey: kind`,
      [put({ ...key(1), kind: { S: '' } })],
    ],
    ['Item size has exceeded the maximum allowed size', [large(1, 409_600)]],
    [
      'The aggregate size of the items in the transaction cannot exceed 4 MB',
      Array.from({ length: 12 }, (_, n) => large(n, 350_000)),
    ],
  ])('are refused before they begin: %.100s', async (message, actions) => {
    await expect(write(...actions)).rejects.toMatchObject(refusal('ValidationException', message));
  });

  it.each<[string, Action]>([
    [`${INVALID}Type mismatch for key id expected: S actual: N`, put({ id: { N: '5' } })],
    [
      `${INVALID}Type mismatch for Index Key kind Expected: S Actual: L IndexName: the-first`,
      put({ ...key(2), kind: { L: [] } }),
    ],
    ['The provided key element does not match the schema', { Delete: { TableName: 'one', Key: { id: { N: '5' } } } }],
  ])('are cancelled: %.100s', async (Message, action) => {
    await expect(write(put(key(1)), action)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError', Message }],
    });
  });

  it('are cancelled when a key that is read does not suit', async () => {
    const get = { Get: { TableName: 'one', Key: {} } };
    await expect(host.root.send(new TransactGetItemsCommand({ TransactItems: [get] }))).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'ValidationError', Message: 'The provided key element does not match the schema' }],
    });
  });
});

it('an update that empties the key of an index is told so', async () => {
  const UpdateExpression = 'SET kind = :k';
  const update = { TableName: 'one', Key: key(1), UpdateExpression, ExpressionAttributeValues: { ':k': { S: '' } } };
  await expect(host.root.send(new UpdateItemCommand(update))).rejects.toMatchObject(
    refusal(
      'ValidationException',
      `One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. ${EMPTY}`,
    ),
  );
});

it('answers and errors have the checksum of their bodies', async () => {
  const seen: boolean[] = [];
  const client = host.client('123456789012');
  client.middlewareStack.add(
    next => async args => {
      const result = await next(args);
      const { headers, body } = result.response as { headers: Record<string, string>; body: AsyncIterable<Uint8Array> };
      const bytes = Buffer.concat(await Array.fromAsync(body));
      seen.push(Number(headers['x-amz-crc32']) === crc32(bytes));
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const get = (TableName: string) =>
    client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('größe')] } } })).catch(() => {});
  await get('one');
  await get('not-there');
  expect(seen).toEqual([true, true]);
});
