/** Changes attributes of an item, which is made when it is not there. */
import { checkedItem, checkKey } from '@stormglass/items';
import { dataOperation } from '../../data/data-operation.ts';
import { onItem } from '../../data/item-permissions.ts';
import { OF_UPDATES, RequestExpressions } from '../../data/request-expressions.ts';
import { writeOne } from '../../data/write-items.ts';
import { checkReturns, conditional, shownWrite } from '../../data/write-parameters.ts';

export const updateItem = dataOperation<'UpdateItem'>({
  name: 'UpdateItem',
  state: 'write',
  permission: onItem,
  async handle(input, call, deps) {
    const expressions = new RequestExpressions(input, OF_UPDATES);
    const returns = checkReturns(input.ReturnValues, ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']);
    const key = checkedItem(input.Key);
    const update = expressions.open().update();
    const condition = expressions.condition();
    expressions.close();
    const done = await writeOne(deps, call, input.TableName, ({ schema }) => {
      checkKey(key, schema);
      const options = { ...conditional(input, condition), ...(update && { update }), ...(returns && { returns }) };
      return { op: 'update', key, ...options };
    });
    return shownWrite(input, done);
  },
});
