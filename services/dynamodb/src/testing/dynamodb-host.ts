/** DynamoDB in one zone, on a system-chosen port, with official clients for it: what its tests judge it by. */
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Clock, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { type IamCommand, IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { createDynamoDbService } from '../app.ts';
import type { ItemDeps } from '../data/cells.ts';
import { countsIn } from '../driver/counts.ts';
import { type LocalCells, openLocalCells } from '../local-cells.ts';
import { createDynamoDbStreamsService } from '../streams/index.ts';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '210987654321';
export const REGION = 'us-east-1';
export const arnOf = (table: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`;

export interface DynamoDbHost extends LocalCells {
  readonly endpoint: string;
  readonly deps: ItemDeps;
  /** The root of `ACCOUNT`. */
  readonly root: DynamoDBClient;
  client(accessKeyId: string, secretAccessKey?: string): DynamoDBClient;
  /** A new user of an account, that may do what `statements` say. */
  user(name: string, statements: readonly object[], account?: string): Promise<DynamoDBClient>;
  /** Lets the cells do what tables wait for, until none does. */
  settle(): Promise<void>;
  /** A table with the hash key `id`, a string, that is there for its items. */
  table(name: string, more?: Partial<CreateTableCommandInput>): Promise<void>;
  /** Has a table's partitions in all cells, where a new one is in one. */
  spread(name: string): Promise<void>;
}

/** What a refused call must be rejected with. */
export const refusal = (name: string, message?: unknown) => ({
  name,
  ...(message === undefined ? {} : { message }),
  $metadata: { httpStatusCode: 400 },
});

/** The driver does not run by itself: `settle` is one of its rounds, so that tests see what lies between. */
export async function startDynamoDbHost(clock: Clock = systemClock): Promise<DynamoDbHost> {
  const sources = { clock, random: seededRandom(7), logger: silentLogger };
  const iam = new Replica({ machine: new IamState(), log: new MemoryLog(clock).open(), ...sources });
  const [local] = await Promise.all([openLocalCells(sources), iam.start()]);
  const { catalogue, cells, driver } = local;
  const deps = { catalogue, cellReplicas: cells, cells: [...cells.keys()], counts: countsIn(cells), ...sources };
  const services = [createDynamoDbService(deps), createDynamoDbStreamsService(deps)];
  const app = standaloneHost({ services, iam: iamReplicaOf(iam, clock), ...sources });
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const clients: DynamoDBClient[] = [];

  const client = (accessKeyId: string, secretAccessKey = 'test'): DynamoDBClient => {
    const credentials = { accessKeyId, secretAccessKey };
    const made = new DynamoDBClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  const run = (command: IamCommand) => iam.execute(command, { deadline: systemClock.monotonic() + 1000 });
  const root = client(ACCOUNT);
  const settle = async () => {
    while ([...catalogue.view.unsettled()].length > 0) await driver.round();
  };
  return {
    ...{ ...local, endpoint, deps, root, client, settle },
    async user(userName, statements, accountId = ACCOUNT) {
      const accessKeyId = `AKIA${userName.toUpperCase().padEnd(16, 'A')}`;
      await run({ type: 'CreateUser', accountId, userName, userId: `AIDA${userName}`, path: '/' });
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
      const entity = { kind: 'user', name: userName } as const;
      await run({ type: 'PutInlinePolicy', accountId, entity, policyName: 'own', document });
      await run({ type: 'CreateAccessKey', accountId, userName, accessKeyId, secretAccessKey: 'secret' });
      return client(accessKeyId, 'secret');
    },
    async table(TableName, more = {}) {
      await root.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          ...more,
        }),
      );
      await settle();
    },
    async spread(name) {
      const { id: tableId, partitions } = catalogue.view.table(ACCOUNT, name)!;
      const others = [...cells.keys()].filter(cell => cell !== partitions[0]!.cell);
      for (const [i, cell] of others.entries()) {
        const { id: partition, from } = partitions[i]!;
        const split = { type: 'SplitPartition', accountId: ACCOUNT, name, tableId, partition } as const;
        await catalogue.execute({ ...split, at: from + 1, cell }, { deadline: systemClock.monotonic() + 1000 });
        await settle();
      }
    },
    async close() {
      for (const each of clients) each.destroy();
      await app.close();
      await Promise.all([local.close(), iam.close()]);
    },
  };
}
