/** Requests of DynamoDB as bytes, signed in advance, over items of 200 bytes as DynamoDB counts them. */
import { createHash } from 'node:crypto';
import { type Signer, signBody } from '@stormglass/testing';
import type { PreparedRequest } from '../object-store/object-requests.ts';
import { type KeyValuePlan, type Kind, TABLE } from './key-value-plan.ts';

/** Items of one hash key. */
export const COLLECTION = 100;
const BATCH = 25;
const TRANSACTION = 4;
/** Different requests of a kind, sent in turn; those of several items are large. */
const DIFFERENT = 12_000;
const DIFFERENT_BATCHES = 1500;
/** No divisor of any count that is asked for. */
const PRIME = 7_919;

export const keyOf = (number: number) => ({
  pk: { S: `customer-${String(Math.floor(number / COLLECTION)).padStart(8, '0')}` },
  sk: { N: String(number % COLLECTION) },
});

/** Text that has no pattern, so that nothing is the smaller for being packed. */
const noise = (number: number, length: number): string =>
  createHash('sha512').update(String(number)).digest('base64').repeat(2).slice(0, length);

/** 200 bytes, a few less for small numbers. */
export const itemOf = (number: number, round = 1) => ({
  ...keyOf(number),
  owner: { S: `owner-${number % 997}` },
  round: { N: String(round) },
  text: { S: noise(number, 144) },
});

const SINGLE: readonly string[] = ['get, eventual', 'get, strong', 'put', 'update'] satisfies Kind[];

type Body = readonly [operation: string, body: object];

const NAMED = { TableName: TABLE };

const BODIES: Readonly<Record<Kind, (number: number, items: number, i: number) => Body>> = {
  'get, eventual': number => ['GetItem', { ...NAMED, Key: keyOf(number) }],
  'get, strong': number => ['GetItem', { ...NAMED, Key: keyOf(number), ConsistentRead: true }],
  put: (number, _items, i) => ['PutItem', { ...NAMED, Item: itemOf(number, i) }],
  update: number => ['UpdateItem', updateOf(number)],
  'query 100': number => ['Query', queryOf(number)],
  'batch get 25': (number, items) => [
    'BatchGetItem',
    { RequestItems: { [TABLE]: { Keys: some(number, items, BATCH).map(keyOf) } } },
  ],
  'batch put 25': (number, items, i) => batchPut(some(number, items, BATCH), i),
  'transaction of 4': (number, items, i) => [
    'TransactWriteItems',
    { TransactItems: some(number, items, TRANSACTION).map(each => ({ Put: { ...NAMED, Item: itemOf(each, i) } })) },
  ],
};

const updateOf = (number: number) => ({
  ...{ ...NAMED, Key: keyOf(number), ReturnValues: 'ALL_NEW' },
  UpdateExpression: 'SET #owner = :owner ADD #round :one',
  ExpressionAttributeNames: { '#owner': 'owner', '#round': 'round' },
  ExpressionAttributeValues: { ':owner': { S: `owner-${(number * 3) % 997}` }, ':one': { N: '1' } },
});

const queryOf = (number: number) => ({
  ...NAMED,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': keyOf(number).pk },
});

const batchPut = (numbers: readonly number[], round: number): Body => [
  'BatchWriteItem',
  { RequestItems: { [TABLE]: numbers.map(each => ({ PutRequest: { Item: itemOf(each, round) } })) } },
];

/** Different ones, of several hash keys. */
const some = (number: number, items: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (number + i * 101) % items);

/** In the order in which they are sent. */
export function prepare({ kind, items, signer, port }: KeyValuePlan): PreparedRequest[] {
  const bodies: Body[] =
    kind === 'fill'
      ? Array.from({ length: Math.ceil(items / BATCH) }, (_, i) =>
          batchPut(
            Array.from({ length: Math.min(BATCH, items - i * BATCH) }, (_, j) => i * BATCH + j),
            0,
          ),
        )
      : Array.from({ length: SINGLE.includes(kind) ? DIFFERENT : DIFFERENT_BATCHES }, (_, i) =>
          BODIES[kind]((i * PRIME) % items, items, i),
        );
  return bodies.map(([operation, body]) => request(signer, port, operation, body));
}

export function request(signer: Signer, port: number, operation: string, content: object): PreparedRequest {
  const { headers, body } = signBody(signer, Buffer.from(JSON.stringify(content)), {
    nowMs: Date.now(),
    host: `127.0.0.1:${port}`,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { head: Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`), body };
}
