/** Reads up to 100 items of any tables by their keys. */
import type { KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { checkedItem, checkKey, type Item, type Projection } from '@stormglass/items';
import { checkReads } from '../../data/batch-limits.ts';
import { type BatchRead, readBatch } from '../../data/batch-reads.ts';
import { Consumptions, readUnits } from '../../data/capacity.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { checkNotRepeated } from '../../data/item-keys.ts';
import { allowOnTables } from '../../data/item-permissions.ts';
import type { Wanted } from '../../data/read-items.ts';
import { checkAllAlike, OF_GETS, RequestExpressions } from '../../data/request-expressions.ts';
import { type SdkItem, shownItem, shownTexts, textOf } from '../../data/shown-items.ts';

/** What is asked of one table. */
interface TableRead {
  readonly TableName: string;
  readonly keys: readonly Item[];
  readonly projection: Projection | undefined;
  readonly asked: KeysAndAttributes;
}

type ItemRead = Wanted & { readonly from: TableRead };

export const batchGetItem = dataOperation<'BatchGetItem'>({
  name: 'BatchGetItem',
  state: 'local-read',
  permission: 'none',
  async handle({ RequestItems, ReturnConsumedCapacity }, call, deps) {
    checkReads(RequestItems);
    checkAllAlike(Object.values(RequestItems), OF_GETS);
    const action = 'BatchGetItem';
    const asked = Object.entries(RequestItems).map(([TableName, { Keys = [] }]) => ({
      action,
      TableName,
      items: Keys,
    }));
    await allowOnTables(deps, call, asked);
    const reads = Object.entries(RequestItems).map(checkedRead);
    return withCurrentMap(deps, call, async attempt => {
      const wanted: ItemRead[] = [];
      for (const from of reads) {
        const table = await usableTable(deps, call, from.TableName);
        for (const key of from.keys) checkKey(key, table.schema);
        const isStrong = from.asked.ConsistentRead === true;
        for (const key of from.keys) wanted.push({ table, key, isStrong, from });
      }
      const found = await readBatch(deps, call, wanted, attempt);
      const consumptions = new Consumptions('read');
      for (const {
        wanted: { table, isStrong },
        found: item,
      } of found)
        if (item !== undefined) consumptions.of(table).add(readUnits(item.size, isStrong));
      return { ...answer(reads, found), ...consumptions.shown(ReturnConsumedCapacity) };
    });
  },
});

function checkedRead([TableName, asked]: [string, KeysAndAttributes]): TableRead {
  const expressions = new RequestExpressions(asked, OF_GETS);
  const keys = (asked.Keys as readonly unknown[]).map(checkedItem);
  const projection = expressions.open().projection();
  expressions.close();
  checkNotRepeated(keys);
  return { TableName, keys, projection, asked };
}

function answer(reads: readonly TableRead[], found: readonly BatchRead<ItemRead>[]) {
  const Responses: Record<string, SdkItem[]> = {};
  const UnprocessedKeys: Record<string, KeysAndAttributes> = {};
  for (const read of reads) {
    const own = found.filter(({ wanted }) => wanted.from === read);
    const texts = own.flatMap(({ found }) => (found?.item === undefined ? [] : [textOf(found.item, read.projection)]));
    Responses[read.TableName] = shownTexts(texts);
    const left = own.filter(({ found }) => found === undefined).map(({ wanted }) => shownItem(wanted.key));
    if (left.length > 0) UnprocessedKeys[read.TableName] = { ...read.asked, Keys: left };
  }
  return { Responses, UnprocessedKeys };
}
