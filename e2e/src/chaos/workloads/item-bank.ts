/** Accounts that are items: transactions move money between them, and add it up. */
import { BatchWriteItemCommand, TransactGetItemsCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { pick, randomInt } from '@stormglass/base';
import { moneyIsKept } from '../checkers/money.ts';
import { keyOf, makeTables, orRefusal, placeOf, tableOf } from './item-tables.ts';
import type { Workload } from './workload.ts';

const ACCOUNTS = Array.from({ length: 8 }, (_, n) => `account ${n}`);
const FIRST = 100;
const MOST = 40;
const TOTAL = String(FIRST * ACCOUNTS.length);

export const itemBank: Workload = {
  name: 'item-bank',
  processes: 2,
  checkers: [moneyIsKept],
  async prepare(clients) {
    await makeTables(clients);
    const put = (id: string) => ({ PutRequest: { Item: { ...keyOf(id), money: { N: `${FIRST}` } } } });
    const RequestItems = Object.fromEntries(
      [...Map.groupBy(ACCOUNTS, tableOf)].map(([name, accounts]) => [name, accounts.map(put)]),
    );
    const { UnprocessedItems } = await clients.items.send(new BatchWriteItemCommand({ RequestItems }));
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('accounts could not be opened');
  },
  begin: ({ name: process, clients, random, history }) => {
    const { items } = clients;
    const total = () =>
      history.operate({ process, action: 'total', key: TOTAL }, () =>
        orRefusal(async () => {
          const TransactItems = ACCOUNTS.map(id => ({ Get: placeOf(id) }));
          const { output, found } = await clients.ask(() => items.send(new TransactGetItemsCommand({ TransactItems })));
          return { ...found, value: (output.Responses ?? []).map(({ Item }) => Item?.money?.N ?? '0').join(' ') };
        }),
      );
    const transfer = (from: string, to: string, amount: number) => {
      const ExpressionAttributeValues = { ':n': { N: `${amount}` } };
      const take = {
        ...{ ...placeOf(from), ExpressionAttributeValues },
        UpdateExpression: 'SET money = money - :n',
        ConditionExpression: 'money >= :n',
      };
      const give = { ...placeOf(to), ExpressionAttributeValues, UpdateExpression: 'ADD money :n' };
      const command = new TransactWriteItemsCommand({ TransactItems: [{ Update: take }, { Update: give }] });
      return history.operate({ process, action: 'transfer', key: `${from} > ${to}`, value: `${amount}` }, () =>
        orRefusal(async () => (await clients.ask(() => items.send(command))).found),
      );
    };
    return () => {
      const from = pick(random, ACCOUNTS);
      const to = pick(
        random,
        ACCOUNTS.filter(each => each !== from),
      );
      return random.next() < 0.4 ? total() : transfer(from, to, 1 + randomInt(random, MOST));
    };
  },
};
