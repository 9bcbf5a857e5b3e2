/** What simulated clients ask of the table: each is what an operation does once it has read its request. */
import type { AwsError } from '@stormglass/aws-wire';
import type { ReadItem } from '@stormglass/item-store';
import type { Item } from '@stormglass/items';
import { usableTable, withCurrentMap } from '../../data/current-map.ts';
import { readItems } from '../../data/read-items.ts';
import { readTransaction } from '../../data/transactions/read-transaction.ts';
import { requestTokenOf } from '../../data/transactions/request-token.ts';
import { writeTransaction } from '../../data/transactions/write-transaction.ts';
import { type ItemAction, type ItemWrite, writeOne } from '../../data/write-items.ts';
import type { Asked } from './sim-client.ts';
import { TABLE } from './sim-table.ts';

export const keyOf = (id: string): Item => ({ id: { S: id } });

/** PutItem, UpdateItem, DeleteItem; what it returns. */
export const write =
  (made: ItemWrite): Asked<Item | undefined> =>
  async (deps, call) => {
    const { written } = await writeOne(deps, call, TABLE, () => made);
    return written.attributes === undefined ? undefined : JSON.parse(written.attributes);
  };

/** GetItem with ConsistentRead. */
export const read =
  (id: string): Asked<Item | undefined> =>
  (deps, call) =>
    withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, TABLE);
      const [found] = await readItems(deps, call, [{ table, key: keyOf(id), isStrong: true }], attempt);
      return itemOf(found!);
    });

/** TransactGetItems. */
export const readTogether =
  (ids: readonly string[]): Asked<readonly (Item | undefined)[]> =>
  (deps, call) =>
    withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, TABLE);
      const wanted = ids.map(id => ({ table, key: keyOf(id) }));
      return (await readTransaction(deps, call, wanted, attempt)).map(itemOf);
    });

/** TransactWriteItems. */
export const writeTogether =
  (actions: readonly ItemAction[], token: string | undefined): Asked<void> =>
  (deps, call) => {
    const request = requestTokenOf({ ClientRequestToken: token, actions } as object, call);
    return withCurrentMap(deps, call, async attempt => {
      const table = await usableTable(deps, call, TABLE);
      const at = actions.map(action => ({ table, action }));
      await writeTransaction(deps, call, at, request, attempt);
    });
  };

const itemOf = ({ item }: ReadItem): Item | undefined => (item === undefined ? undefined : JSON.parse(item));

/** Of each action of a refused transaction, whether its condition was why. */
export function failedConditions({ fields }: AwsError, count: number): boolean[] {
  const reasons = (fields?.CancellationReasons ?? []) as readonly { readonly Code: string }[];
  return Array.from({ length: count }, (_, i) => reasons[i]?.Code === 'ConditionalCheckFailed');
}
