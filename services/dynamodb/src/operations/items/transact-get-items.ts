/** Reads up to 100 items of any tables as they were at one moment. */
import { checkedItem, type Item } from '@stormglass/items';
import type { TableRecord } from '@stormglass/table-catalogue';
import { Consumptions, readUnits, TRANSACTION_COST } from '../../data/capacity.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { checkDistinct } from '../../data/item-keys.ts';
import { allowOnTables } from '../../data/item-permissions.ts';
import { OF_GETS, RequestExpressions } from '../../data/request-expressions.ts';
import { shownText, textOf } from '../../data/shown-items.ts';
import { checkKeys, checkReadSize } from '../../data/transactions/checked-actions.ts';
import { readTransaction } from '../../data/transactions/read-transaction.ts';

export const transactGetItems = dataOperation<'TransactGetItems'>({
  name: 'TransactGetItems',
  state: 'local-read',
  permission: 'none',
  async handle({ TransactItems, ReturnConsumedCapacity }, call, deps) {
    const gets = TransactItems.map(({ Get }) => ({ ...Get!, TableName: Get!.TableName! }));
    await allowOnTables(
      deps,
      call,
      gets.map(({ TableName, Key }) => ({ action: 'GetItem', TableName, items: [Key] })),
    );
    const asked = gets.map(get => {
      const expressions = new RequestExpressions(get, OF_GETS);
      const key = checkedItem(get.Key);
      const projection = expressions.open().projection();
      expressions.close();
      return { TableName: get.TableName, key, projection };
    });
    return withCurrentMap(deps, call, async attempt => {
      const wanted: { readonly table: TableRecord; readonly key: Item }[] = [];
      for (const { TableName, key } of asked) {
        const table = await usableTable(deps, call, TableName);
        wanted.push({ table, key });
      }
      checkKeys(wanted.map(each => ({ ...each, isItem: false })));
      checkDistinct(
        wanted.map(({ table, key }) => ({ table, item: key })),
        'Transaction request cannot include multiple operations on one item',
      );
      const found = await readTransaction(deps, call, wanted, attempt);
      checkReadSize(found);
      const consumptions = new Consumptions('read');
      const Responses = found.map(({ item, size }, i) => {
        consumptions.of(wanted[i]!.table).add(TRANSACTION_COST * readUnits(size, true));
        return item === undefined ? {} : { Item: shownText(textOf(item, asked[i]!.projection)) };
      });
      return { Responses, ...consumptions.shown(ReturnConsumedCapacity, true) };
    });
  },
});
