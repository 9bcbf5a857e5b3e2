/**
 * A steady load on items from the official SDK with its default retries: conditional puts of new items, and strong reads of
 * those that were acknowledged.
 */
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type CallRecord, type Chosen, OpenLoop } from './chaos/open-loop.ts';
import { accountCredentials } from './chaos/sdk-load.ts';

const TableName = 'items';
/** Hash keys of a load, so that every cell has some of its items. */
const COLLECTIONS = 16;
const CLIENTS = 3;
const TABLE_SECONDS = 30;

const clientOf = (endpoint: string, accountId: string) =>
  new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: accountCredentials(accountId) });

export async function createItemTable(endpoint: string, accountId: string): Promise<void> {
  const client = clientOf(endpoint, accountId);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: TABLE_SECONDS, minDelay: 1, maxDelay: 1 }, { TableName });
  client.destroy();
}

export class ItemLoad {
  /** Numbers of the items whose puts were acknowledged. */
  readonly acknowledged: number[] = [];
  readonly #accountId: string;
  readonly #name: string;
  readonly #clients: readonly DynamoDBClient[];
  readonly #loop = new OpenLoop(n => this.#choose(n));

  /** @param name another one for every load, as its items begin with it */
  constructor(endpoint: string, accountId: string, name: string) {
    this.#accountId = accountId;
    this.#name = name;
    this.#clients = Array.from({ length: CLIENTS }, () => clientOf(endpoint, accountId));
  }

  get records(): readonly CallRecord[] {
    return this.#loop.records;
  }

  /** Begins `perSecond` calls a second, evenly spaced, whatever becomes of them. */
  start(perSecond: number): void {
    this.#loop.start(perSecond);
  }

  /** Waits for every call under way. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    for (const client of this.#clients) client.destroy();
  }

  /** The numbers of the items that strong reads at an endpoint find. */
  async found(endpoint: string): Promise<Set<number>> {
    const client = clientOf(endpoint, this.#accountId);
    const numbers = new Set<number>();
    for (let i = 0; i < COLLECTIONS; i++) {
      const query = {
        ...{ TableName, ConsistentRead: true, KeyConditionExpression: 'pk = :pk' },
        ExpressionAttributeValues: { ':pk': { S: this.#collection(i) } },
      };
      for await (const { Items } of paginateQuery({ client }, query))
        for (const { sk } of Items ?? []) numbers.add(Number(sk?.N));
    }
    client.destroy();
    return numbers;
  }

  #collection(number: number): string {
    return `${this.#name}-${number % COLLECTIONS}`;
  }

  #keyOf(number: number) {
    return { pk: { S: this.#collection(number) }, sk: { N: String(number) } };
  }

  #choose(n: number): Chosen {
    const known = n % 2 === 0 ? undefined : this.acknowledged.at(-1);
    return known === undefined ? ['PutItem', () => this.#put(n)] : ['GetItem', () => this.#get(n, known)];
  }

  /** A put that is sent again must find that it is the same one, and not that the item is there. */
  async #put(n: number): Promise<void> {
    const Item = { ...this.#keyOf(n), text: { S: 'some words' } };
    const command = new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    await this.#client(n).send(command);
    this.acknowledged.push(n);
  }

  async #get(n: number, number: number): Promise<void> {
    const command = new GetItemCommand({ TableName, Key: this.#keyOf(number), ConsistentRead: true });
    const { Item } = await this.#client(n).send(command);
    if (Item === undefined) throw new Error(`item ${number} was acknowledged, and is not there`);
  }

  #client(n: number): DynamoDBClient {
    return this.#clients[Math.floor(n / 2) % CLIENTS]!;
  }
}
