/** What PutItem, UpdateItem and DeleteItem have in common: parameters beside the item, and the answer. */
import type {
  ConsumedCapacity,
  ItemCollectionMetrics,
  ReturnConsumedCapacity,
  ReturnItemCollectionMetrics,
  ReturnValuesOnConditionCheckFailure,
} from '@aws-sdk/client-dynamodb';
import { type Expression, InvalidInput } from '@stormglass/items';
import { Consumption } from './capacity.ts';
import { given, type SdkItem, shownCollection, shownText } from './shown-items.ts';
import type { Done } from './write-items.ts';

interface Wishes {
  readonly ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
  readonly ReturnItemCollectionMetrics?: ReturnItemCollectionMetrics | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | undefined;
}

/** What a write is to return; undefined for nothing. @throws InvalidInput for what this kind of write cannot */
export function checkReturns<Offered extends string>(
  asked: string | undefined,
  offered: readonly Offered[],
): Offered | undefined {
  if (asked === undefined || asked === 'NONE') return undefined;
  const found = offered.find(each => each === asked);
  if (found === undefined) throw new InvalidInput('ReturnValues can only be ALL_OLD or NONE');
  return found;
}

/** Members of a write for its condition. */
export const conditional = (
  { ReturnValuesOnConditionCheckFailure }: Pick<Wishes, 'ReturnValuesOnConditionCheckFailure'>,
  condition: Expression | undefined,
) => ({
  ...(condition && { condition }),
  ...(ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && { returnOnFailure: true }),
});

export interface ShownWrite {
  Attributes?: SdkItem;
  ConsumedCapacity?: ConsumedCapacity;
  ItemCollectionMetrics?: ItemCollectionMetrics;
}

export function shownWrite(wishes: Wishes, { table, key, written }: Done): ShownWrite {
  const { attributes } = written;
  const consumption = new Consumption(table, 'write').addWrite(written);
  return {
    ...(attributes === undefined ? {} : { Attributes: shownText(attributes) }),
    ...given('ConsumedCapacity', consumption.shown(wishes.ReturnConsumedCapacity)),
    ...given('ItemCollectionMetrics', shownCollection(wishes.ReturnItemCollectionMetrics, table, key, written)),
  };
}
