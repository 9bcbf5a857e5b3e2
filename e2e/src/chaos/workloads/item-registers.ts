/** Registers that are items: written, compared and set alone and in transactions, and read consistently. */
import { GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { pick } from '@stormglass/base';
import { registersAreLinearizable } from '../checkers/registers.ts';
import { keyOf, makeTables, orRefusal, placeOf, tableOf } from './item-tables.ts';
import type { Workload } from './workload.ts';

const COUNT = 8;
const KEYS = Array.from({ length: COUNT }, (_, n) => `register ${n}`);

const conditionOn = (expected: string) =>
  expected === ''
    ? { ConditionExpression: 'attribute_not_exists(id)' }
    : { ConditionExpression: 'v = :e', ExpressionAttributeValues: { ':e': { S: expected } } };

export const itemRegisters: Workload = {
  name: 'item-registers',
  processes: 2,
  checkers: [registersAreLinearizable],
  prepare: makeTables,
  begin: ({ name: process, clients, random, history }) => {
    const seen = new Map<string, string>();
    const { items } = clients;
    let count = 0;
    const read = (key: string) =>
      history.operate({ process, action: 'read', key }, async () => {
        const command = new GetItemCommand({ ...placeOf(key), ConsistentRead: true });
        const { output, found } = await clients.ask(() => items.send(command));
        const value = output.Item?.v?.S ?? '';
        seen.set(key, value);
        return { ...found, value };
      });
    return async () => {
      const key = pick(random, KEYS);
      const what = random.next();
      if (what < 0.4) return read(key);
      const value = `${process}.${++count}`;
      const put = { TableName: tableOf(key), Item: { ...keyOf(key), v: { S: value } } };
      if (what < 0.5) {
        const command = new PutItemCommand(put);
        return history.operate({ process, action: 'write', key, value }, () =>
          orRefusal(async () => (await clients.ask(() => items.send(command))).found),
        );
      }
      const expected = seen.get(key) ?? '';
      const swap = { ...put, ...conditionOn(expected) };
      // The other item, which mostly is in another cell, makes it a transaction over cells.
      const other = {
        ...placeOf(
          pick(
            random,
            KEYS.filter(each => each !== key),
          ),
        ),
        ConditionExpression: 'attribute_not_exists(nothing)',
      };
      await history.operate({ process, action: 'swap', key, value, expected }, () =>
        orRefusal(async () => {
          const { found } = await clients.ask<unknown>(() =>
            what < 0.75
              ? items.send(new PutItemCommand(swap))
              : items.send(
                  new TransactWriteItemsCommand({ TransactItems: [{ Put: swap }, { ConditionCheck: other }] }),
                ),
          );
          seen.set(key, value);
          return { ...found, value };
        }),
      );
      if (seen.get(key) !== value) await read(key);
    };
  },
};
