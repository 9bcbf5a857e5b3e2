/** Deletes an item by its key. */
import { checkedItem, checkKey } from '@stormglass/items';
import { dataOperation } from '../../data/data-operation.ts';
import { onItem } from '../../data/item-permissions.ts';
import { OF_PUTS, RequestExpressions } from '../../data/request-expressions.ts';
import { writeOne } from '../../data/write-items.ts';
import { checkReturns, conditional, shownWrite } from '../../data/write-parameters.ts';

export const deleteItem = dataOperation<'DeleteItem'>({
  name: 'DeleteItem',
  state: 'write',
  permission: onItem,
  async handle(input, call, deps) {
    const expressions = new RequestExpressions(input, OF_PUTS);
    const returns = checkReturns(input.ReturnValues, ['ALL_OLD']);
    const key = checkedItem(input.Key);
    const condition = expressions.open().condition();
    expressions.close();
    const done = await writeOne(deps, call, input.TableName, ({ schema }) => {
      checkKey(key, schema);
      return { op: 'delete', key, ...conditional(input, condition), ...(returns && { returns }) };
    });
    return shownWrite(input, done);
  },
});
