/** Reads items of one hash key from a table or an index, in the order of their range keys. */
import { rangeOfCondition } from '@stormglass/item-store';
import { InvalidInput } from '@stormglass/items';
import { placeOf } from '../../data/cells.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { toQuery } from '../../data/item-permissions.ts';
import { freshen, positionOf, rowsOf } from '../../data/read-rows.ts';
import { checkFilter, checkSelect, isWholeWanted, targetOf } from '../../data/read-target.ts';
import { OF_QUERIES, RequestExpressions } from '../../data/request-expressions.ts';
import { shownPage } from '../../data/shown-page.ts';
import { checkedStartKey, checkStartKey, checkWithin } from '../../data/start-key.ts';

export const query = dataOperation<'Query'>({
  name: 'Query',
  state: 'local-read',
  permission: toQuery,
  gaps: ['The key condition is looked at after the table was found: of two mistakes AWS may name the other one.'],
  async handle(input, call, deps) {
    const { IndexName, Limit, Select, ScanIndexForward, ReturnConsumedCapacity } = input;
    if (input.KeyConditions === undefined && input.KeyConditionExpression === undefined)
      throw new InvalidInput(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    const expressions = new RequestExpressions(input, OF_QUERIES);
    const start = checkedStartKey(input.ExclusiveStartKey);
    checkSelect(input);
    const projection = expressions.open().projection();
    const filter = expressions.filter();
    const isStrong = input.ConsistentRead === true;
    return withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, input.TableName);
      const target = targetOf(table, IndexName, isStrong);
      const keys = expressions.keyCondition(target.schema);
      expressions.close();
      checkFilter(filter, target.schema);
      if (start !== undefined) checkStartKey(start, target);
      const isWhole = isWholeWanted(target, Select, projection);
      const range = rangeOfCondition(keys);
      const isGlobal = target.index?.isLocal === false;
      // A table and its local indexes have one hash key, and so has the one partition that is asked.
      const partitions = isGlobal ? table.partitions : [placeOf(table, { [table.schema.hash.name]: keys.hash })];
      if (isStrong || attempt > 0) await freshen(deps, call, partitions, attempt);
      const after = start && positionOf(deps, target, start);
      if (after !== undefined) checkWithin(range, after);
      const isReverse = ScanIndexForward === false;
      const page = rowsOf(deps, { target, range, partitions, isReverse, isWhole, isStrong, limit: Limit, after });
      const isCount = Select === 'COUNT';
      return shownPage(page, {
        ...{ target, filter, projection, isCount, isStrong, isWhole, capacity: ReturnConsumedCapacity },
      });
    });
  },
});
