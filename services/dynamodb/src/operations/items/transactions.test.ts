import {
  GetItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '@stormglass/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeOf } from '../../data/cells.ts';
import { finishAbandoned } from '../../data/transactions/finish-abandoned.ts';
import { ACCOUNT, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

const TableName = 'accounts';
const COUNT = 8;

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName);
  await host.spread(TableName);
});
afterAll(() => host.close());

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);
const key = (id: string) => ({ id: { S: id } });
const put = (id: string, more: object = {}): TransactWriteItem => ({ Put: { TableName, Item: key(id), ...more } });
const IS_NEW = { ConditionExpression: 'attribute_not_exists(id)' };
const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string, more: object = {}) =>
  host.root.send(
    new TransactWriteItemsCommand({ TransactItems, ...(ClientRequestToken && { ClientRequestToken }), ...more }),
  );
const read = async (...all: string[]) => {
  const TransactItems = all.map(id => ({ Get: { TableName, Key: key(id) } }));
  const { Responses } = await host.root.send(new TransactGetItemsCommand({ TransactItems }));
  return Responses!.map(({ Item }) => Item);
};

/** Nothing is left that waits for its end. */
const isQuiet = () =>
  [...host.cells.values()].every(({ view }) => view.prepared(Number.MAX_SAFE_INTEGER, 1).length === 0);

describe('TransactWriteItems', () => {
  it('writes all items, over all cells', async () => {
    const ids = upTo(COUNT).map(n => `all${n}`);
    const answer = await transact(
      ids.map(id => put(id, IS_NEW)),
      undefined,
      { ReturnConsumedCapacity: 'TOTAL' },
    );
    expect(answer.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 2 * COUNT, WriteCapacityUnits: 2 * COUNT }]);
    expect(await read(...ids)).toEqual(ids.map(key));
    const cells = [...host.cells.values()].filter(({ view }) =>
      view.partitions().some(({ id }) => view.counts(id).items > 0),
    );
    expect(cells).toHaveLength(3);
    expect(isQuiet()).toBe(true);
  });

  it('writes nothing when a condition fails, and says which', async () => {
    await transact([put('here', { Item: { ...key('here'), v: { N: '1' } } })]);
    const shown = { ...IS_NEW, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    const items = [put('not0'), put('not1'), put('here', shown), put('not2')];
    const error = await transact(items).catch((thrown: unknown) => thrown);
    const codes = 'None, None, ConditionalCheckFailed, None';
    expect(error).toMatchObject({
      ...refusal(
        'TransactionCanceledException',
        `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      ),
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'None' },
        {
          ...{ Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
          Item: { ...key('here'), v: { N: '1' } },
        },
        { Code: 'None' },
      ],
    });
    expect(await read('not0', 'not1', 'not2')).toEqual([undefined, undefined, undefined]);
    expect(isQuiet()).toBe(true);
  });

  it.each([1, COUNT])('does a request with the same token once, items: %d', async count => {
    const items = upTo(count).map(n => put(`once${count}-${n}`, IS_NEW));
    const token = `token-${count}`;
    await transact(items, token);
    const again = await transact(items, token, {});
    expect(again.$metadata.httpStatusCode).toBe(200);
    await expect(transact(items, `other-${count}`)).rejects.toMatchObject(refusal('TransactionCanceledException'));
    await expect(transact([put('different')], token)).rejects.toMatchObject(
      refusal('IdempotentParameterMismatchException'),
    );
    expect(isQuiet()).toBe(true);
  });

  it('updates, deletes and checks', async () => {
    await transact([put('a'), put('b'), put('c')]);
    await transact([
      {
        Update: {
          TableName,
          Key: key('a'),
          UpdateExpression: 'SET v = :v',
          ExpressionAttributeValues: { ':v': { N: '1' } },
        },
      },
      { Delete: { TableName, Key: key('b') } },
      { ConditionCheck: { TableName, Key: key('c'), ConditionExpression: 'attribute_exists(id)' } },
    ]);
    expect(await read('a', 'b', 'c')).toEqual([{ ...key('a'), v: { N: '1' } }, undefined, key('c')]);
  });

  it.each<[string, TransactWriteItem[]]>([
    ['Transaction request cannot include multiple operations on one item', [put('x'), put('x')]],
    ['TransactItems can only contain one of Check, Put, Update or Delete', [{}]],
    [
      'TransactItems can only contain one of Check, Put, Update or Delete',
      [{ ...put('x'), Delete: { TableName, Key: key('x') } }],
    ],
  ])('%s', async (message, items) => {
    await expect(transact(items)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

it('keeps the sum of what is moved about', async () => {
  const ids = upTo(4).map(n => `sum${n}`);
  await transact(ids.map(id => put(id, { Item: { ...key(id), v: { N: '100' } } })));
  const add = (id: string, v: number): TransactWriteItem => ({
    Update: {
      TableName,
      Key: key(id),
      UpdateExpression: 'ADD v :v',
      ExpressionAttributeValues: { ':v': { N: `${v}` } },
    },
  });
  const sum = async () => (await read(...ids)).reduce((total, item) => total + Number(item?.v?.N), 0);
  const conflicts = { name: 'TransactionCanceledException' };
  const outcomes = await Promise.all(
    upTo(60).map(async n => {
      const [from, to] = [ids[n % 4]!, ids[(n * 7 + 1 + (n % 3)) % 4]!];
      const work: Promise<unknown> =
        n % 3 === 0 || from === to
          ? sum().then(total => expect(total).toBe(400))
          : transact([add(from, -n), add(to, n)]);
      return work.then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject(conflicts);
          return false;
        },
      );
    }),
  );
  expect(outcomes).toContain(true);
  expect(await sum()).toBe(400);
  expect(isQuiet()).toBe(true);
});

it('refuses plain writes to what is being written, and lets go of what nobody finishes', async () => {
  await transact([put('left')]);
  const table = host.catalogue.view.table(ACCOUNT, TableName)!;
  const { cell, id: partition } = placeOf(table, key('left'));
  const write = { op: 'delete', partition, key: key('left') } as const;
  const decider = [...host.cells.keys()].find(each => each !== cell)!;
  const deadline = systemClock.monotonic() + 60_000;
  const prepare = { type: 'PrepareTransaction', transaction: 'lost', decider, writes: [write] } as const;
  await host.cells.get(cell)!.execute(prepare, { deadline });
  const touch = () => host.root.send(new UpdateItemCommand({ TableName, Key: key('left') }));
  await expect(touch()).rejects.toMatchObject(
    refusal('TransactionConflictException', 'Transaction is ongoing for the item'),
  );
  const found = await host.root.send(new GetItemCommand({ TableName, Key: key('left'), ConsistentRead: true }));
  expect(found.Item).toEqual(key('left'));
  const calling = { deadline, trace: undefined };
  expect(await finishAbandoned(host.deps, cell, systemClock.now(), calling)).toBe(0);
  expect(await finishAbandoned(host.deps, cell, systemClock.now() + 10_000, calling)).toBe(1);
  expect(isQuiet()).toBe(true);
  await touch();
  expect(await read('left')).toEqual([key('left')]);
});
