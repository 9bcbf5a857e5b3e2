import {
  BatchWriteItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

const TableName = 'orders';
const COUNT = 60;
/** Spread over customers, and thereby over cells; each kind has some of every customer. */
const item = (n: number) => ({
  ...{ customer: { S: `c${n % 6}` }, number: { N: String(n) }, note: { S: `note ${n}` } },
  ...(n % 5 === 0 ? {} : { kind: { S: `k${n % 3}` } }),
});

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  const by = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const index = (IndexName: string, KeySchema: ReturnType<typeof by>, ...NonKeyAttributes: string[]) => ({
    ...{ IndexName, KeySchema },
    Projection:
      NonKeyAttributes.length === 0
        ? { ProjectionType: 'KEYS_ONLY' as const }
        : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes },
  });
  await host.table(TableName, {
    AttributeDefinitions: [
      { AttributeName: 'customer', AttributeType: 'S' },
      { AttributeName: 'number', AttributeType: 'N' },
      { AttributeName: 'kind', AttributeType: 'S' },
    ],
    KeySchema: by('customer', 'number'),
    LocalSecondaryIndexes: [index('by-kind', by('customer', 'kind'))],
    GlobalSecondaryIndexes: [index('kinds', by('kind', 'number'), 'note')],
  });
  await host.spread(TableName);
  for (let n = 0; n < COUNT; n += 20) {
    const requests = Array.from({ length: 20 }, (_, i) => ({ PutRequest: { Item: item(n + i) } }));
    await host.root.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
  }
});
afterAll(() => host.close());

const query = (input: Partial<QueryCommandInput>) =>
  host.root.send(new QueryCommand({ TableName, ConsistentRead: input.IndexName !== 'kinds', ...input }));
const scan = (input: Partial<ScanCommandInput>) => host.root.send(new ScanCommand({ TableName, ...input }));
const numbers = ({ Items = [] }: { Items?: Record<string, { N?: string }>[] | undefined }) =>
  Items.map(({ number }) => Number(number?.N));

const ofCustomer = (customer: string, more = '', values = {}) => ({
  KeyConditionExpression: `customer = :c${more}`,
  ExpressionAttributeValues: { ':c': { S: customer }, ...values },
});
const ofKind = (kind: string) => ({
  ...{ IndexName: 'kinds', KeyConditionExpression: 'kind = :k' },
  ExpressionAttributeValues: { ':k': { S: kind } },
});

/** All pages of a read: their numbers of items, and the items' numbers. */
async function pages(read: (start: QueryCommandInput['ExclusiveStartKey']) => ReturnType<typeof query>) {
  const counts: number[] = [];
  const all: number[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await read(start);
    counts.push(page.Count!);
    all.push(...numbers(page as Parameters<typeof numbers>[0]));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return { counts, all };
}

const isOfKind = (kind: number) => (n: number) => n % 3 === kind && n % 5 !== 0;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

describe('Query', () => {
  it('reads a range of a table in both directions', async () => {
    const all = upTo(COUNT).filter(n => n % 6 === 1);
    expect(numbers((await query(ofCustomer('c1'))) as never)).toEqual(all);
    const back = await query({ ...ofCustomer('c1'), ScanIndexForward: false });
    expect(numbers(back as never)).toEqual(all.toReversed());
    const values = { ':a': { N: '7' }, ':b': { N: '20' } };
    const some = await query({
      ...ofCustomer('c1', ' AND #n BETWEEN :a AND :b', values),
      ExpressionAttributeNames: { '#n': 'number' },
    });
    expect(numbers(some as never)).toEqual([7, 13, 19]);
    const legacy = { customer: { ComparisonOperator: 'EQ' as const, AttributeValueList: [{ S: 'c1' }] } };
    expect((await query({ KeyConditions: legacy })).Count).toBe(all.length);
  });

  it('goes on where it stopped', async () => {
    const { counts, all } = await pages(ExclusiveStartKey =>
      query({ ...ofCustomer('c2'), Limit: 4, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    expect(counts).toEqual([4, 4, 2]);
    expect(all).toEqual(upTo(COUNT).filter(n => n % 6 === 2));
  });

  it.each([true, false])('merges the partitions of a global index, forward: %s', async ScanIndexForward => {
    const { all } = await pages(ExclusiveStartKey =>
      query({ ...ofKind('k1'), ScanIndexForward, Limit: 7, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    const expected = upTo(COUNT).filter(isOfKind(1));
    expect(all).toEqual(ScanIndexForward ? expected : expected.toReversed());
  });

  it('gives what indexes project, and of local ones everything', async () => {
    const { kind, customer, number, note } = item(1);
    const [projected] = (await query({ ...ofKind('k1'), Limit: 1 })).Items!;
    expect(projected).toEqual({ kind, customer, number, note });
    const local = { ...ofCustomer('c1'), IndexName: 'by-kind', Limit: 1 };
    expect((await query(local)).Items).toEqual([{ kind, customer, number }]);
    expect((await query({ ...local, Select: 'ALL_ATTRIBUTES' })).Items).toEqual([item(1)]);
    expect((await query({ ...local, ProjectionExpression: 'note' })).Items).toEqual([{ note }]);
  });

  it('filters and counts', async () => {
    const input = ofCustomer('c3', '', { ':n': { S: 'note 3' } });
    const filter = { ...input, FilterExpression: 'begins_with(note, :n)', ReturnConsumedCapacity: 'TOTAL' as const };
    const found = await query(filter);
    expect(found).toMatchObject({ Count: 3, ScannedCount: 10, ConsumedCapacity: { CapacityUnits: 1 } });
    const counted = await query({ ...filter, Select: 'COUNT' });
    expect(counted).toMatchObject({ Count: 3, ScannedCount: 10 });
    expect(counted).not.toHaveProperty('Items');
  });

  const invalid = 'One or more parameter values were invalid: ';
  const outside = 'The provided starting key is outside query boundaries based on provided conditions';
  it.each<[string, Partial<QueryCommandInput>]>([
    ['Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.', {}],
    ['The table does not have the specified index: none', { ...ofCustomer('c1'), IndexName: 'none' }],
    ['Consistent reads are not supported on global secondary indexes', { ...ofKind('k1'), ConsistentRead: true }],
    [
      `${invalid}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
      { ...ofCustomer('c1'), Select: 'ALL_PROJECTED_ATTRIBUTES' },
    ],
    [
      `${invalid}Cannot specify the AttributesToGet when choosing to get only the Count`,
      {
        Select: 'COUNT',
        AttributesToGet: ['note'],
        KeyConditions: { customer: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: '' }] } },
      },
    ],
    [
      `${invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index kinds because its projection type is not ALL`,
      { ...ofKind('k1'), Select: 'ALL_ATTRIBUTES' },
    ],
    [
      `${invalid}Global secondary index kinds does not project [extra]`,
      { ...ofKind('k1'), ProjectionExpression: 'note, extra' },
    ],
    [
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: customer',
      { ...ofCustomer('c1'), FilterExpression: 'customer = :c' },
    ],
    [outside, { ...ofCustomer('c1'), ExclusiveStartKey: { customer: { S: 'c2' }, number: { N: '2' } } }],
    [
      'The provided starting key is invalid: The provided key element does not match the schema',
      { ...ofCustomer('c1'), ExclusiveStartKey: { customer: { S: 'c1' } } },
    ],
    ['The provided starting key is invalid', { ...ofKind('k1'), ExclusiveStartKey: { kind: { S: 'k1' } } }],
  ])('%s', async (message, input) => {
    await expect(query(input)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

describe('Scan', () => {
  it('reads everything, page by page', async () => {
    const { counts, all } = await pages(ExclusiveStartKey =>
      scan({ Limit: 25, ConsistentRead: true, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    expect(counts).toEqual([25, 25, 10]);
    expect(all.toSorted((a, b) => a - b)).toEqual(upTo(COUNT));
  });

  it.each([undefined, 'kinds'])('reads segments that do not overlap, index: %s', async IndexName => {
    const TotalSegments = 4;
    const parts = await Promise.all(
      upTo(TotalSegments).map(Segment =>
        pages(ExclusiveStartKey =>
          scan({
            ...{ Segment, TotalSegments, Limit: 7 },
            ...(IndexName && { IndexName }),
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      ),
    );
    const all = parts.flatMap(each => each.all).toSorted((a, b) => a - b);
    expect(all).toEqual(upTo(COUNT).filter(n => IndexName === undefined || n % 5 !== 0));
  });

  it.each<[string, Partial<ScanCommandInput>]>([
    [
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
      { Segment: 0 },
    ],
    [
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
      { TotalSegments: 1 },
    ],
    [
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
      { Segment: 2, TotalSegments: 2 },
    ],
    [
      'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
      { ExpressionAttributeValues: { ':a': { S: '' } } },
    ],
  ])('%s', async (message, input) => {
    await expect(scan(input)).rejects.toMatchObject(refusal('ValidationException', message));
  });
});

it('ends a page at a mebibyte', async () => {
  await host.table('large');
  const big = (n: number) => ({ id: { S: `i${n}` }, v: { S: 'x'.repeat(300_000) } });
  const requests = upTo(5).map(n => ({ PutRequest: { Item: big(n) } }));
  await host.root.send(new BatchWriteItemCommand({ RequestItems: { large: requests } }));
  const first = await scan({ TableName: 'large', ReturnConsumedCapacity: 'TOTAL' });
  expect(first).toMatchObject({ Count: 4, ConsumedCapacity: { CapacityUnits: 146.5 } });
  const second = await scan({ TableName: 'large', ExclusiveStartKey: first.LastEvaluatedKey! });
  expect(second.Count).toBe(1);
  expect(second).not.toHaveProperty('LastEvaluatedKey');
});
