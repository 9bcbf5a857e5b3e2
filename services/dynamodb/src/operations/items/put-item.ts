/** Puts an item in the place of the one with its key, if there is one. */
import { checkedItem, checkItemKey } from '@stormglass/items';
import { dataOperation } from '../../data/data-operation.ts';
import { onItem } from '../../data/item-permissions.ts';
import { OF_PUTS, RequestExpressions } from '../../data/request-expressions.ts';
import { writeOne } from '../../data/write-items.ts';
import { checkReturns, conditional, shownWrite } from '../../data/write-parameters.ts';

export const putItem = dataOperation<'PutItem'>({
  name: 'PutItem',
  state: 'write',
  permission: onItem,
  async handle(input, call, deps) {
    const expressions = new RequestExpressions(input, OF_PUTS);
    const returns = checkReturns(input.ReturnValues, ['ALL_OLD']);
    const item = checkedItem(input.Item);
    const condition = expressions.open().condition();
    expressions.close();
    const done = await writeOne(deps, call, input.TableName, ({ schema }) => {
      checkItemKey(item, schema);
      return { op: 'put', item, ...conditional(input, condition), ...(returns && { returns }) };
    });
    return shownWrite(input, done);
  },
});
