import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arnOf, type DynamoDbHost, OTHER_ACCOUNT, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table('plain');
  await host.table('indexed', {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'local',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'kind', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'global',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});
afterAll(() => host.close());

const TableName = 'plain';
const key = (id: string) => ({ id: { S: id } });
const put = (Item: PutItemCommandInput['Item'], more: Partial<PutItemCommandInput> = {}) =>
  host.root.send(new PutItemCommand({ TableName, Item, ...more }));
const get = (id: string) =>
  host.root.send(new GetItemCommand({ TableName, Key: key(id), ConsistentRead: true })).then(({ Item }) => Item);

describe('PutItem and GetItem', () => {
  it('keep all types of values, with numbers as DynamoDB prints them', async () => {
    const values = {
      ...{ s: { S: '"\\/0"' }, b: { B: Uint8Array.of(0, 255) }, t: { BOOL: false }, z: { NULL: true } },
      ...{ ss: { SS: ['a', 'b'] }, ns: { NS: ['1'] }, bs: { BS: [Uint8Array.of(1)] } },
      m: { M: { l: { L: [{ S: '' }, { M: {} }] } } },
    };
    await put({ ...key('types'), ...values, n: { N: '1.50E+2' } } as PutItemCommandInput['Item']);
    expect(await get('types')).toEqual({ ...key('types'), ...values, n: { N: '150' } });
  });

  it('give what a projection names', async () => {
    await put({ ...key('parts'), a: { M: { b: { L: [{ S: 'x' }, { S: 'y' }] } } }, 'c.d': { S: 'z' } });
    const read = { TableName, Key: key('parts') };
    const names = { '#a': 'a' };
    const some = { ...read, ProjectionExpression: '#a.b[1], id', ExpressionAttributeNames: names };
    const { Item } = await host.root.send(new GetItemCommand(some));
    expect(Item).toEqual({ ...key('parts'), a: { M: { b: { L: [{ S: 'y' }] } } } });
    const legacy = await host.root.send(new GetItemCommand({ ...read, AttributesToGet: ['c.d', 'none'] }));
    expect(legacy.Item).toEqual({ 'c.d': { S: 'z' } });
  });

  it('say what they consumed', async () => {
    const big = { ...key('big'), v: { S: 'x'.repeat(4093) } };
    const written = await put(big, { ReturnConsumedCapacity: 'TOTAL' });
    expect(written.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 5 });
    const read = { TableName, Key: key('big'), ReturnConsumedCapacity: 'INDEXES' } as const;
    const eventual = await host.root.send(new GetItemCommand(read));
    expect(eventual.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1, Table: { CapacityUnits: 1 } });
    const strong = await host.root.send(new GetItemCommand({ ...read, ConsistentRead: true }));
    expect(strong.ConsumedCapacity?.CapacityUnits).toBe(2);
    const nothing = { ...read, Key: key('nothing') };
    const missing = await host.root.send(new GetItemCommand(nothing));
    expect(missing).toMatchObject({ ConsumedCapacity: { CapacityUnits: 0.5 } });
    expect(missing).not.toHaveProperty('Item');
  });

  it('count indexes and item collections', async () => {
    const answer = await host.root.send(
      new PutItemCommand({
        TableName: 'indexed',
        Item: { ...key('x'), at: { N: '1' }, kind: { S: 'k' } },
        ReturnConsumedCapacity: 'INDEXES',
        ReturnItemCollectionMetrics: 'SIZE',
      }),
    );
    expect(answer.ConsumedCapacity).toEqual({
      TableName: 'indexed',
      CapacityUnits: 3,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 1 } },
      GlobalSecondaryIndexes: { global: { CapacityUnits: 1 } },
    });
    expect(answer.ItemCollectionMetrics).toEqual({ ItemCollectionKey: key('x'), SizeEstimateRangeGB: [0, 1] });
  });
});

describe('conditions', () => {
  it('refuse a write, and show the item where that is asked for', async () => {
    await put({ ...key('once'), v: { N: '1' } });
    const again = { ConditionExpression: 'attribute_not_exists(id)' };
    const failed = refusal('ConditionalCheckFailedException', 'The conditional request failed');
    await expect(put(key('once'), again)).rejects.toMatchObject(failed);
    const shown = { ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
    await expect(put(key('once'), shown)).rejects.toMatchObject({ ...failed, Item: { ...key('once'), v: { N: '1' } } });
    expect(await get('once')).toHaveProperty('v');
    const legacy = { Expected: { v: { Value: { N: '2' } } } };
    await expect(put(key('once'), legacy)).rejects.toMatchObject(failed);
    await put(key('once'), { Expected: { v: { ComparisonOperator: 'LT', AttributeValueList: [{ N: '2' }] } } });
    expect(await get('once')).toEqual(key('once'));
  });
});

describe('UpdateItem', () => {
  const update = (id: string, more: object) =>
    host.root.send(new UpdateItemCommand({ TableName, Key: key(id), ...more })).then(({ Attributes }) => Attributes);

  it('makes and changes items, and returns what was asked for', async () => {
    const one = { ExpressionAttributeValues: { ':one': { N: '1' } } };
    const add = { UpdateExpression: 'ADD hits :one', ...one };
    expect(await update('u', { ...add, ReturnValues: 'UPDATED_NEW' })).toEqual({ hits: { N: '1' } });
    expect(await update('u', { ...add, ReturnValues: 'UPDATED_OLD' })).toEqual({ hits: { N: '1' } });
    expect(await update('u', { ...add, ReturnValues: 'ALL_OLD' })).toEqual({ ...key('u'), hits: { N: '2' } });
    expect(await update('u', { ...add, ReturnValues: 'ALL_NEW' })).toEqual({ ...key('u'), hits: { N: '4' } });
    expect(await update('u', add)).toBeUndefined();
    const legacy = { hits: { Action: 'DELETE' }, name: { Value: { S: 'x' } } };
    expect(await update('u', { AttributeUpdates: legacy, ReturnValues: 'ALL_NEW' })).toEqual({
      ...key('u'),
      name: { S: 'x' },
    });
    await update('bare', {});
    expect(await get('bare')).toEqual(key('bare'));
  });

  it('is refused where the item does not suit', async () => {
    await put({ ...key('words'), v: { S: 'x' } });
    const add = { UpdateExpression: 'ADD v :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const message = 'An operand in the update expression has an incorrect data type';
    await expect(update('words', add)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

it('DeleteItem returns what it deleted', async () => {
  await put({ ...key('gone'), v: { S: 'x' } });
  const remove = new DeleteItemCommand({ TableName, Key: key('gone'), ReturnValues: 'ALL_OLD' });
  expect((await host.root.send(remove)).Attributes).toEqual({ ...key('gone'), v: { S: 'x' } });
  expect(await host.root.send(remove)).not.toHaveProperty('Attributes');
  expect(await get('gone')).toBeUndefined();
});

describe('what is wrong', () => {
  it.each<[string, Partial<PutItemCommandInput>]>([
    ['One or more parameter values were invalid: Missing the key id in the item', { Item: { v: { S: '' } } }],
    [
      'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
      { Item: { id: { N: '1' } } },
    ],
    ['ReturnValues can only be ALL_OLD or NONE', { ReturnValues: 'ALL_NEW' }],
    ['ExpressionAttributeNames can only be specified when using expressions', { ExpressionAttributeNames: {} }],
    [
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
      { ExpressionAttributeValues: { ':a': { S: '' } } },
    ],
    [
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
      { Expected: {}, ConditionExpression: 'a = b' },
    ],
    [
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}',
      { ConditionExpression: 'v <> :a', ExpressionAttributeValues: { ':a': { S: '' }, ':b': { S: '' } } },
    ],
  ])('%s', async (message, more) => {
    await expect(put(key('wrong'), more)).rejects.toMatchObject(refusal('ValidationException', message));
  });

  it('says it of reads, too', async () => {
    const read = (input: object) => host.root.send(new GetItemCommand({ TableName, Key: key('x'), ...input }));
    await expect(read({ TableName: 'none' })).rejects.toMatchObject(
      refusal('ResourceNotFoundException', 'Requested resource not found'),
    );
    await expect(read({ Key: { ...key('x'), v: { S: 'x' } } })).rejects.toMatchObject(
      refusal('ValidationException', 'The provided key element does not match the schema'),
    );
    await expect(read({ AttributesToGet: ['a', 'a'] })).rejects.toMatchObject(
      refusal('ValidationException', 'One or more parameter values were invalid: Duplicate value in attribute name: a'),
    );
    const item = { ...key('large'), v: { S: 'x'.repeat(410_000) } };
    await expect(put(item)).rejects.toMatchObject(
      refusal('ValidationException', 'Item size has exceeded the maximum allowed size'),
    );
  });
});

it('asks policies, also for tables of other accounts', async () => {
  const statement = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arnOf('plain') };
  const reader = await host.user('reader', [statement]);
  expect(await reader.send(new GetItemCommand({ TableName, Key: key('none') }))).not.toHaveProperty('Item');
  await expect(reader.send(new PutItemCommand({ TableName, Item: key('none') }))).rejects.toThrow('not authorized');
  const stranger = await host.user('stranger', [statement], OTHER_ACCOUNT);
  const foreign = new GetItemCommand({ TableName: arnOf('plain'), Key: key('none') });
  await expect(stranger.send(foreign)).rejects.toThrow('not authorized');
});

it('tells policies of leading keys', async () => {
  const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['mine'] } };
  const own = { Effect: 'Allow', Action: 'dynamodb:*', Resource: arnOf('plain'), Condition: condition };
  const user = await host.user('own', [own]);
  const both = (id: string) => [
    () => user.send(new GetItemCommand({ TableName, Key: key(id) })),
    () => user.send(new PutItemCommand({ TableName, Item: key(id) })),
    () => user.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete: { TableName, Key: key(id) } }] })),
    () =>
      user.send(
        new QueryCommand({
          ...{ TableName, KeyConditionExpression: 'id = :i' },
          ExpressionAttributeValues: { ':i': { S: id } },
        }),
      ),
    () => user.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('mine'), key(`${id}`)] } } })),
  ];
  for (const allowed of both('mine').slice(0, -1)) await allowed();
  for (const denied of both('others')) await expect(denied()).rejects.toThrow('not authorized');
});
