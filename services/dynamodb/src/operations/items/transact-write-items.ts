/** Writes and checks up to 100 items of any tables, all or none. */
import type { ItemCollectionMetrics, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { checkedItem, InvalidInput, ITEM_BYTES_MAX, itemSize, keyItem } from '@stormglass/items';
import { Consumptions, readUnits, TRANSACTION_COST } from '../../data/capacity.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { checkDistinct } from '../../data/item-keys.ts';
import { allowOnTables } from '../../data/item-permissions.ts';
import { OF_PUTS, OF_UPDATES, RequestExpressions } from '../../data/request-expressions.ts';
import { shownCollection } from '../../data/shown-items.ts';
import { checkKeys, checkTransactionSize } from '../../data/transactions/checked-actions.ts';
import { requestTokenOf } from '../../data/transactions/request-token.ts';
import { type Action, writeTransaction } from '../../data/transactions/write-transaction.ts';
import { type ItemAction, itemOf } from '../../data/write-items.ts';
import { conditional } from '../../data/write-parameters.ts';

export const transactWriteItems = dataOperation<'TransactWriteItems'>({
  name: 'TransactWriteItems',
  state: 'write',
  permission: 'none',
  async handle(input, call, deps) {
    const { TransactItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics: metrics } = input;
    const kinds = TransactItems.map(kindOf);
    await allowOnTables(deps, call, kinds);
    const asked = kinds.map(({ TableName, make }) => ({ TableName, action: make() }));
    checkTransactionSize(asked.map(({ action }) => itemOf(action)));
    const request = requestTokenOf(input, call);
    return withCurrentMap(deps, call, async attempt => {
      const actions: Action[] = [];
      for (const { TableName, action } of asked)
        actions.push({ table: await usableTable(deps, call, TableName), action });
      checkKeys(actions.map(({ table, action }) => ({ table, key: itemOf(action), isItem: action.op === 'put' })));
      checkDistinct(
        actions.map(({ table, action }) => ({ table, item: itemOf(action) })),
        'Transaction request cannot include multiple operations on one item',
      );
      const written = await writeTransaction(deps, call, actions, request, attempt);
      const consumptions = new Consumptions(written === undefined ? 'read' : 'write');
      const collections: Record<string, ItemCollectionMetrics[]> = {};
      for (const [i, { table, action }] of actions.entries()) {
        const done = written?.[i];
        if (done === undefined) consumptions.of(table).add(TRANSACTION_COST * readUnits(0, true));
        else {
          consumptions.of(table).addWrite(done, TRANSACTION_COST);
          const shown = shownCollection(metrics, table, keyItem(itemOf(action), table.schema)!, done);
          if (shown !== undefined) (collections[table.name] ??= []).push(shown);
        }
      }
      return {
        ...(Object.keys(collections).length === 0 ? {} : { ItemCollectionMetrics: collections }),
        ...consumptions.shown(ReturnConsumedCapacity, true),
      };
    });
  },
});

/** One of the four, what it must be allowed, and how it is checked. */
function kindOf({ ConditionCheck, Put, Delete, Update }: TransactWriteItem) {
  const given = [ConditionCheck, Put, Delete, Update].filter(each => each !== undefined);
  if (given.length !== 1) throw new InvalidInput('TransactItems can only contain one of Check, Put, Update or Delete');
  const TableName = given[0]!.TableName!;
  const about = { TableName, items: [Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key] };
  if (Put !== undefined) return { action: 'PutItem', ...about, make: () => put(Put) };
  if (Update !== undefined) return { action: 'UpdateItem', ...about, make: () => update(Update) };
  if (Delete !== undefined) return { action: 'DeleteItem', ...about, make: () => onKey('delete', Delete) };
  return { action: 'ConditionCheckItem', ...about, make: () => onKey('check', ConditionCheck!) };
}

function put(asked: NonNullable<TransactWriteItem['Put']>): ItemAction {
  const expressions = new RequestExpressions(asked, OF_PUTS);
  const item = checkedItem(asked.Item);
  if (itemSize(item) > ITEM_BYTES_MAX) throw new InvalidInput('Item size has exceeded the maximum allowed size');
  const condition = expressions.open().condition();
  expressions.close();
  return { op: 'put', item, ...conditional(asked, condition) };
}

function onKey(
  op: 'delete' | 'check',
  asked: NonNullable<TransactWriteItem['Delete'] | TransactWriteItem['ConditionCheck']>,
): ItemAction {
  const expressions = new RequestExpressions(asked, OF_PUTS);
  const key = checkedItem(asked.Key);
  const condition = expressions.open().condition();
  expressions.close();
  return { op, key, ...conditional(asked, condition) };
}

function update(asked: NonNullable<TransactWriteItem['Update']>): ItemAction {
  const expressions = new RequestExpressions(asked, OF_UPDATES);
  const key = checkedItem(asked.Key);
  const change = expressions.open().update();
  const condition = expressions.condition();
  expressions.close();
  return { op: 'update', key, ...conditional(asked, condition), ...(change && { update: change }) };
}
