/**
 * DynamoDB of a running region by clients that know nothing of it: `aws dynamodb`, boto3, and the JavaScript SDK with
 * lib-dynamodb, unchanged; and a zone is lost on the way.
 */
import { fileURLToPath } from 'node:url';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, printedBy, refusalOf } from './clients/aws-command.ts';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

let region: RegionUnderTest;
let env: Environment;
let client: DynamoDBClient;

beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! };
  client = new DynamoDBClient({ endpoint: env.AWS_ENDPOINT_URL!, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client?.destroy();
  await region?.close();
});

describe('aws dynamodb', () => {
  const at = ['--table-name', 'music'];
  const json = (value: unknown) => JSON.stringify(value);
  const key = (Song: string) => ({ Artist: { S: 'Nina' }, Song: { S: Song } });
  const api = <Answer = Record<string, unknown>>(...args: string[]) => answerOf<Answer>(env, 'dynamodb', ...args);

  it('makes a table, waits for it, and keeps items in it', async () => {
    const create = [
      ...['create-table', ...at, '--billing-mode', 'PAY_PER_REQUEST'],
      ...['--attribute-definitions', 'AttributeName=Artist,AttributeType=S', 'AttributeName=Song,AttributeType=S'],
      ...['--key-schema', 'AttributeName=Artist,KeyType=HASH', 'AttributeName=Song,KeyType=RANGE'],
    ];
    expect(await api(...create)).toMatchObject({ TableDescription: { TableName: 'music', ItemCount: 0 } });
    expect(await printedBy(env, 'dynamodb', 'wait', 'table-exists', ...at)).toBe('');
    await api('put-item', ...at, '--item', json({ ...key('one'), Plays: { N: '1' } }));
    const updated = await api(
      ...['update-item', ...at, '--key', json(key('one')), '--update-expression', 'ADD Plays :more'],
      ...['--expression-attribute-values', json({ ':more': { N: '41' } }), '--return-values', 'UPDATED_NEW'],
    );
    expect(updated).toEqual({ Attributes: { Plays: { N: '42' } } });
    const got = ['get-item', ...at, '--key', json(key('one')), '--consistent-read'];
    const missing = ['--condition-expression', 'attribute_exists(Gone)'];
    const [item, refusal] = await Promise.all([
      api(...got),
      refusalOf(env, 'dynamodb', 'delete-item', ...at, '--key', json(key('one')), ...missing),
    ]);
    expect(item).toEqual({ Item: { ...key('one'), Plays: { N: '42' } } });
    expect(refusal).toBe(
      'An error occurred (ConditionalCheckFailedException) when calling the DeleteItem operation: The conditional request failed',
    );
  });

  it('writes and reads many at once, in pages', async () => {
    const puts = ['two', 'three', 'four'].map(song => ({ PutRequest: { Item: key(song) } }));
    const items = [
      { Put: { TableName: 'music', Item: key('six') } },
      { Delete: { TableName: 'music', Key: key('one') } },
    ];
    const [written] = await Promise.all([
      api('batch-write-item', '--request-items', json({ music: puts })),
      api('transact-write-items', '--transact-items', json(items)),
    ]);
    expect(written).toEqual({ UnprocessedItems: {} });
    const scan = ['scan', ...at, '--consistent-read'];
    const first = await api<{ Items: unknown[]; NextToken: string }>(...scan, '--max-items', '2');
    const [rest, found] = await Promise.all([
      api<{ Items: unknown[] }>(...scan, '--starting-token', first.NextToken),
      api<{ Items: { Song: { S: string } }[] }>(
        ...['query', ...at, '--consistent-read', '--key-condition-expression', 'Artist = :a AND begins_with(Song, :s)'],
        ...['--expression-attribute-values', json({ ':a': { S: 'Nina' }, ':s': { S: 't' } }), '--page-size', '1'],
      ),
    ]);
    expect([first.Items.length, rest.Items.length]).toEqual([2, 2]);
    expect(found.Items.map(({ Song }) => Song.S)).toEqual(['three', 'two']);
  });

  it('restores the table from a backup, and as it was at a moment', async () => {
    const backup = await api<{ BackupDetails: { BackupArn: string } }>(
      'create-backup',
      ...at,
      '--backup-name',
      'songs',
    );
    const made = ['--backup-arn', backup.BackupDetails.BackupArn];
    await until('the backup', async () => {
      const { BackupDescription } = await api<{ BackupDescription: { BackupDetails: { BackupStatus: string } } }>(
        ...['describe-backup', ...made],
      );
      return BackupDescription.BackupDetails.BackupStatus === 'AVAILABLE';
    });
    const continuous = ['update-continuous-backups', ...at, '--point-in-time-recovery-specification'];
    expect(await api(...continuous, 'PointInTimeRecoveryEnabled=true')).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' } },
    });
    // The command sends whole seconds.
    const moment = Math.ceil(Date.now() / 1000) * 1000;
    await until('that moment to be over', () => Date.now() > moment);
    await api('delete-item', ...at, '--key', json(key('two')));
    const restored = async (name: string, ...restore: string[]) => {
      await api(...restore, '--target-table-name', name);
      const table = ['--table-name', name];
      expect(await printedBy(env, 'dynamodb', 'wait', 'table-exists', ...table)).toBe('');
      return api('get-item', ...table, '--key', json(key('two')), '--consistent-read');
    };
    const then = ['--restore-date-time', new Date(moment).toISOString()];
    const [fromBackup, asItWas, now] = await Promise.all([
      restored('from-backup', 'restore-table-from-backup', ...made),
      restored('as-it-was', 'restore-table-to-point-in-time', '--source-table-name', 'music', ...then),
      api('get-item', ...at, '--key', json(key('two')), '--consistent-read'),
    ]);
    expect([fromBackup, asItWas, now]).toEqual([{ Item: key('two') }, { Item: key('two') }, undefined]);
  });

  it('sets a time to live, deletes the table, and waits for its end', async () => {
    const live = ['update-time-to-live', ...at, '--time-to-live-specification', 'Enabled=true,AttributeName=Until'];
    expect(await api(...live)).toMatchObject({ TimeToLiveSpecification: { AttributeName: 'Until' } });
    expect(await api('delete-table', ...at)).toMatchObject({ TableDescription: { TableStatus: 'DELETING' } });
    expect(await printedBy(env, 'dynamodb', 'wait', 'table-not-exists', ...at)).toBe('');
  });
});

it('boto3: items of all types, conditions, batches, pages, transactions, waiters and errors', async () => {
  const script = fileURLToPath(new URL('clients/dynamodb-boto3.py', import.meta.url));
  const { code, stdout, stderr } = await runClient('python3', [script, 'boto-table'], env);
  expect([code, stderr]).toEqual([0, '']);
  const refused = 'ConditionalCheckFailedException';
  expect(JSON.parse(stdout)).toEqual({
    table: ['ACTIVE', 0, 'sk', 'ACTIVE'],
    types: true,
    'put returns': null,
    old: '1',
    'only new': [refused, 'The conditional request failed'],
    'failed on': { pk: { S: 'c' }, sk: { N: '1' }, n: { N: '2' } },
    class: refused,
    updated: true,
    capacity: { TableName: 'boto-table', CapacityUnits: 1, Table: { CapacityUnits: 1 } },
    deleted: true,
    'written once': 'again',
    query: [15, 13, 11, 9, 7, 5],
    index: [[4, 7, 13], 3, 6, ['note', 'sk']],
    'query pages': [20, 20, 20, 5],
    'scan pages': [50, 50, 30],
    segments: 130,
    resumed: [7, true],
    'batch get': [50, {}],
    transaction: 200,
    again: 200,
    'another with the token': ['IdempotentParameterMismatchException', expect.stringContaining('same client token')],
    cancelled: [
      expect.stringContaining('specific reasons [None, ConditionalCheckFailed, ValidationError, None]'),
      [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: 't' }, sk: { N: '1' }, v: { S: 'new' } },
        },
        { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
        { Code: 'None' },
      ],
    ],
    'transact get': [true, false],
    statement: [{ v: { S: 'new' } }],
    streamed: ['INSERT', 'MODIFY', 'MODIFY', 'REMOVE'],
    'no such table': ['ResourceNotFoundException', 'Requested resource not found'],
    'no such key': ['ValidationException', 'The provided key element does not match the schema'],
    reserved: [
      'ValidationException',
      'Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: name',
    ],
    'too large': ['ValidationException', 'Item size has exceeded the maximum allowed size'],
    numbers: ['ValidationException', 'Attempting to store more than 38 significant digits in a Number'],
    'no such value': ['ValidationException', expect.stringContaining("Value 'ALL' at 'returnValues'")],
    taken: ['ResourceInUseException', 'Table already exists: boto-table'],
    'time to live': 'ttl',
    tags: [{ Key: 'a', Value: 'b' }],
    listed: true,
    'resource lists': true,
    protected: ['ValidationException', expect.stringContaining('currently protected against deletion')],
    gone: true,
  });
});

describe('the JavaScript SDK with lib-dynamodb', () => {
  const TableName = 'documents';
  let documents: DynamoDBDocumentClient;
  beforeAll(async () => {
    documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    const AttributeDefinitions = [
      { AttributeName: 'id', AttributeType: 'S' as const },
      { AttributeName: 'at', AttributeType: 'N' as const },
    ];
    const KeySchema = [
      { AttributeName: 'id', KeyType: 'HASH' as const },
      { AttributeName: 'at', KeyType: 'RANGE' as const },
    ];
    const BillingMode = 'PAY_PER_REQUEST';
    await client.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
  });

  it('keeps documents as they are', async () => {
    const Item = { id: 'a', at: 1, deep: { list: [1, 'two', null, true, { three: 3 }] }, tags: new Set(['x', 'y']) };
    await documents.send(new PutCommand({ TableName, Item: { ...Item, left: undefined } }));
    const Key = { id: 'a', at: 1 };
    expect((await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item).toEqual(Item);
    const { Attributes } = await documents.send(
      new UpdateCommand({
        ...{ TableName, Key, UpdateExpression: 'SET deep.#l[0] = :v REMOVE tags', ReturnValues: 'ALL_NEW' },
        ...{ ExpressionAttributeNames: { '#l': 'list' }, ExpressionAttributeValues: { ':v': 'one' } },
      }),
    );
    expect(Attributes).toEqual({ id: 'a', at: 1, deep: { list: ['one', 'two', null, true, { three: 3 }] } });
  });

  it('writes batches and transactions, and reads in pages', async () => {
    const at = (n: number) => ({ id: `d${n % 2}`, at: n });
    for (const from of [0, 25]) {
      const puts = Array.from({ length: 25 }, (_, n) => ({ PutRequest: { Item: at(from + n) } }));
      expect(
        (await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: puts } }))).UnprocessedItems,
      ).toEqual({});
    }
    const wanted = { Keys: [at(1), at(2), at(99)], ConsistentRead: true };
    const { Responses } = await documents.send(new BatchGetCommand({ RequestItems: { [TableName]: wanted } }));
    expect(Responses?.[TableName]).toHaveLength(2);
    const taken = { Put: { TableName, Item: at(3), ConditionExpression: 'attribute_not_exists(id)' } };
    await expect(
      documents.send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: at(98) } }, taken] })),
    ).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    const condition = { KeyConditionExpression: 'id = :d', ExpressionAttributeValues: { ':d': 'd1' } };
    const sizes: number[] = [];
    const pages = { client: documents, pageSize: 10 };
    for await (const { Items } of paginateQuery(pages, { TableName, ConsistentRead: true, ...condition }))
      sizes.push(Items!.length);
    expect(sizes).toEqual([10, 10, 5]);
    let count = 0;
    for await (const { Count } of paginateScan(pages, { TableName, ConsistentRead: true })) count += Count!;
    expect(count).toBe(51);
  });

  it('goes on while a zone is off, which has everything again when it is back', async () => {
    const Key = { id: 'counter', at: 0 };
    const add = { TableName, Key, UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } };
    const count = async () => {
      const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item?.n;
    };
    const [lost] = (await region.world.status()).zones;
    for (let n = 0; n < 10; n++) await documents.send(new UpdateCommand(add));
    await region.world.disableZone(lost!.id, 'power-off');
    for (let n = 0; n < 10; n++) await documents.send(new UpdateCommand(add));
    expect(await count()).toBe(20);
    await region.world.enableZone(lost!.id);
    await until('every zone to be well', async () => {
      const { zones } = await region.world.status();
      return zones.every(({ healthy, log }) => healthy && log === 'ok');
    });
    expect(await count()).toBe(20);
  });
});

it('nothing of this surprised the region', () => {
  expect(defects(region.folder)).toEqual([]);
});
