/** Lists that are items, appended to and read alone and several in one transaction. */
import {
  type AttributeValue,
  GetItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { pick, type Random, randomInt } from '@stormglass/base';
import { itemListsAreSerializable, type ListWork } from '../checkers/item-lists.ts';
import { makeTables, orRefusal, placeOf } from './item-tables.ts';
import type { Workload } from './workload.ts';

/** Appends to one list: then another one takes its place, as an item has no room for everything. */
const APPENDS_MAX = 60;
const COUNT = 6;

type Attributes = Record<string, AttributeValue> | undefined;

const appending = (key: string, value: string) => ({
  ...placeOf(key),
  UpdateExpression: 'SET l = list_append(if_not_exists(l, :none), :new)',
  ExpressionAttributeValues: { ':none': { L: [] }, ':new': { L: [{ S: value }] } },
});

const readOf = (key: string, item: Attributes) => ({ key, values: (item?.l?.L ?? []).map(({ S = '' }) => S) });

const worked = (work: Partial<ListWork>): string => JSON.stringify(work);

export const itemLists: Workload = {
  name: 'item-lists',
  processes: 3,
  checkers: [itemListsAreSerializable],
  prepare: makeTables,
  begin: ({ name: process, clients, random, history }) => {
    const { items } = clients;
    const lists = new GrowingLists();
    let count = 0;
    const known = (keys: readonly string[], all: readonly Attributes[]) => {
      const reads = keys.map((key, i) => readOf(key, all[i]));
      for (const { key, values } of reads) lists.saw(key, values.length);
      return worked({ reads });
    };
    const readOne = (key: string) =>
      history.operate({ process, action: 'find-list', key }, async () => {
        const command = new GetItemCommand({ ...placeOf(key), ConsistentRead: true });
        const { output, found } = await clients.ask(() => items.send(command));
        return { ...found, value: known([key], [output.Item]) };
      });
    const readSome = (keys: readonly string[]) =>
      history.operate({ process, action: 'transact', key: keys.join(' ') }, () =>
        orRefusal(async () => {
          const TransactItems = keys.map(key => ({ Get: placeOf(key) }));
          const command = new TransactGetItemsCommand({ TransactItems });
          const { output, found } = await clients.ask(() => items.send(command));
          return {
            ...found,
            value: known(
              keys,
              (output.Responses ?? []).map(({ Item }) => Item),
            ),
          };
        }),
      );
    const append = (keys: readonly string[]) => {
      const appends = keys.map(key => ({ key, value: `${process}.${++count}` }));
      const value = worked({ appends });
      return history.operate({ process, action: 'transact', key: keys.join(' '), value }, () =>
        orRefusal(async () => {
          const updates = appends.map(each => appending(each.key, each.value));
          const { found } = await clients.ask<unknown>(() =>
            updates.length === 1
              ? items.send(new UpdateItemCommand(updates[0]!))
              : items.send(new TransactWriteItemsCommand({ TransactItems: updates.map(Update => ({ Update })) })),
          );
          return found;
        }),
      );
    };
    return async () => {
      const what = random.next();
      if (what < 0.15) return readOne(lists.some(random, 1)[0]!);
      if (what < 0.45) return readSome(lists.some(random, 1 + randomInt(random, 4)));
      const keys = lists.some(random, what < 0.55 ? 1 : 2 + randomInt(random, 2));
      await append(keys);
      if (random.next() < 0.3) await readOne(pick(random, keys));
    };
  },
};

/** The lists that a process works on: each is left for the next one when it is long enough. */
class GrowingLists {
  readonly #lists = Array.from({ length: COUNT }, (_, n) => ({ n, generation: 0 }));

  some(random: Random, count: number): string[] {
    const left = [...this.#lists];
    return Array.from({ length: count }, () => {
      const { n, generation } = left.splice(randomInt(random, left.length), 1)[0]!;
      return `list ${n}.${generation}`;
    });
  }

  saw(key: string, length: number): void {
    const list = this.#lists.find(({ n, generation }) => key === `list ${n}.${generation}`);
    if (list !== undefined && length >= APPENDS_MAX) list.generation++;
  }
}
