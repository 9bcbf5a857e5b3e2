/** Puts and deletes up to 25 items of any tables, each on its own. */
import type { ItemCollectionMetrics, WriteRequest } from '@aws-sdk/client-dynamodb';
import {
  checkedItem,
  checkItemKey,
  checkKey,
  InvalidInput,
  ITEM_BYTES_MAX,
  itemSize,
  KeyMismatch,
  NO_SUCH_KEY,
} from '@stormglass/items';
import type { TableRecord } from '@stormglass/table-catalogue';
import { checkWrites } from '../../data/batch-limits.ts';
import { type BatchWrite, writeBatch } from '../../data/batch-writes.ts';
import { Consumptions } from '../../data/capacity.ts';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { dataOperation } from '../../data/data-operation.ts';
import { checkDistinct } from '../../data/item-keys.ts';
import { allowOnTables } from '../../data/item-permissions.ts';
import { shownCollection } from '../../data/shown-items.ts';
import { type ItemWrite, itemOf } from '../../data/write-items.ts';

interface Asked {
  readonly TableName: string;
  readonly write: ItemWrite;
  readonly request: WriteRequest;
}

export const batchWriteItem = dataOperation<'BatchWriteItem'>({
  name: 'BatchWriteItem',
  state: 'write',
  permission: 'none',
  async handle(input, call, deps) {
    const { RequestItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics: metrics } = input;
    checkWrites(RequestItems);
    const action = 'BatchWriteItem';
    const wanted = Object.entries(RequestItems).map(([TableName, requests]) => {
      const items = requests.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key);
      return { action, TableName, items };
    });
    await allowOnTables(deps, call, wanted);
    const asked: Asked[] = Object.entries(RequestItems).flatMap(([TableName, requests]) =>
      requests.map(request => ({ TableName, request, write: checkedWrite(request) })),
    );
    return withCurrentMap(deps, call, async () => {
      const tables = new Map<string, TableRecord>();
      for (const name of Object.keys(RequestItems)) tables.set(name, await usableTable(deps, call, name));
      const writes = asked.map(({ TableName, write }) => ({ table: tables.get(TableName)!, write }));
      writes.forEach(checkKeys);
      const items = writes.map(({ table, write }) => ({ table, item: itemOf(write) }));
      checkDistinct(items, 'Provided list of item keys contains duplicates');
      const written = await writeBatch(deps, call, writes);
      const UnprocessedItems: Record<string, WriteRequest[]> = {};
      const collections: Record<string, ItemCollectionMetrics[]> = {};
      const consumptions = new Consumptions('write');
      for (const [i, { TableName, request }] of asked.entries()) {
        const done = written[i];
        if (done === undefined) {
          (UnprocessedItems[TableName] ??= []).push(request);
          continue;
        }
        const { table, item } = items[i]!;
        consumptions.of(table).addWrite(done);
        const shown = shownCollection(metrics, table, item, done);
        if (shown !== undefined) (collections[TableName] ??= []).push(shown);
      }
      return {
        UnprocessedItems,
        ...(Object.keys(collections).length === 0 ? {} : { ItemCollectionMetrics: collections }),
        ...consumptions.shown(ReturnConsumedCapacity),
      };
    });
  },
});

function checkedWrite({ PutRequest, DeleteRequest }: WriteRequest): ItemWrite {
  if ((PutRequest === undefined) === (DeleteRequest === undefined))
    throw new InvalidInput(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (PutRequest === undefined) return { op: 'delete', key: checkedItem(DeleteRequest!.Key) };
  const item = checkedItem(PutRequest.Item);
  if (itemSize(item) > ITEM_BYTES_MAX) throw new InvalidInput('Item size has exceeded the maximum allowed size');
  return { op: 'put', item };
}

function checkKeys({ table: { schema }, write }: BatchWrite): void {
  if (write.op !== 'put') return checkKey(itemOf(write), schema);
  try {
    checkItemKey(write.item, schema);
  } catch (error) {
    throw error instanceof KeyMismatch ? new InvalidInput(NO_SUCH_KEY) : error;
  }
}
