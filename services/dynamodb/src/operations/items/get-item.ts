/** Reads an item by its key. */
import { checkedItem, checkKey } from '@stormglass/items';
import { Consumption, readUnits } from '../../data/capacity.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { onItem } from '../../data/item-permissions.ts';
import { readItems } from '../../data/read-items.ts';
import { OF_GETS, RequestExpressions } from '../../data/request-expressions.ts';
import { given, shownText, textOf } from '../../data/shown-items.ts';

export const getItem = dataOperation<'GetItem'>({
  name: 'GetItem',
  state: 'local-read',
  permission: onItem,
  async handle(input, call, deps) {
    const expressions = new RequestExpressions(input, OF_GETS);
    const key = checkedItem(input.Key);
    const projection = expressions.open().projection();
    expressions.close();
    const isStrong = input.ConsistentRead === true;
    return withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, input.TableName);
      checkKey(key, table.schema);
      const [found] = await readItems(deps, call, [{ table, key, isStrong }], attempt);
      const { item, size } = found!;
      const consumption = new Consumption(table, 'read').add(readUnits(size, isStrong));
      return {
        ...(item === undefined ? {} : { Item: shownText(textOf(item, projection)) }),
        ...given('ConsumedCapacity', consumption.shown(input.ReturnConsumedCapacity)),
      };
    });
  },
});
