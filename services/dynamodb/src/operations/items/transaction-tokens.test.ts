import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '@stormglass/base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placeOf } from '../../data/cells.ts';
import { finishAbandoned } from '../../data/transactions/finish-abandoned.ts';
import { idPrefixOf } from '../../data/transactions/request-token.ts';
import { ACCOUNT, type DynamoDbHost, refusal, startDynamoDbHost } from '../../testing/dynamodb-host.ts';

const TableName = 'tokens';

let host: DynamoDbHost;
beforeAll(async () => {
  host = await startDynamoDbHost();
  await host.table(TableName);
  await host.spread(TableName);
});
afterAll(() => host.close());

const ids = Array.from({ length: 8 }, (_, n) => `item${n}`);
const transact = (ClientRequestToken: string) =>
  host.root.send(
    new TransactWriteItemsCommand({
      TransactItems: ids.map(id => ({ Put: { TableName, Item: { id: { S: id } } } })),
      ClientRequestToken,
    }),
  );

it('is told of a transaction with its token that is under way, and of others as of a conflict', async () => {
  const table = host.catalogue.view.table(ACCOUNT, TableName)!;
  const key = { id: { S: ids[0]! } };
  const { cell, id: partition } = placeOf(table, key);
  const transaction = `${idPrefixOf({ token: `${ACCOUNT}/mine`, digest: '' })}of-another-zone`;
  const deadline = systemClock.monotonic() + 60_000;
  const writes = [{ op: 'put', partition, item: key }] as const;
  const prepare = { type: 'PrepareTransaction', transaction, decider: cell, writes } as const;
  await host.cells.get(cell)!.execute(prepare, { deadline });
  await expect(transact('mine')).rejects.toMatchObject(
    refusal('TransactionInProgressException', 'The transaction with the given request token is already in progress.'),
  );
  await expect(transact('other')).rejects.toMatchObject(refusal('TransactionCanceledException'));
  await finishAbandoned(host.deps, cell, systemClock.now() + 10_000, { deadline, trace: undefined });
  await transact('mine');
  await transact('mine');
});
