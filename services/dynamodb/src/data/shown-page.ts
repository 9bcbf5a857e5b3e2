/** Answers to Query and Scan, made of the rows that were read. */
import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Page } from '@stormglass/item-store';
import { type Condition, type Item, itemSize, type Projection } from '@stormglass/items';
import { Consumption, readUnits } from './capacity.ts';
import type { Target } from './read-target.ts';
import { given, type SdkItem, shownItem, shownTexts } from './shown-items.ts';
import { lastKey } from './start-key.ts';

export interface PageWish {
  readonly target: Target;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  /** Numbers only. */
  readonly isCount: boolean;
  readonly isStrong: boolean;
  readonly isWhole: boolean;
  readonly capacity: ReturnConsumedCapacity | undefined;
}

export interface ShownPage {
  Count: number;
  ScannedCount: number;
  Items?: SdkItem[];
  LastEvaluatedKey?: SdkItem;
  ConsumedCapacity?: ConsumedCapacity;
}

export function shownPage({ rows, size, isCut }: Page, wish: PageWish): ShownPage {
  const { target, filter, projection, isCount } = wish;
  const texts: string[] = [];
  let count = 0;
  for (const row of rows) {
    // Only what must be looked into is parsed.
    const item = filter === undefined && projection === undefined ? undefined : (JSON.parse(row.item) as Item);
    if (filter !== undefined && !filter.test(item)) continue;
    count++;
    if (!isCount) texts.push(projection === undefined ? row.item : JSON.stringify(projection.project(item!)));
  }
  const last = isCut ? rows.at(-1) : undefined;
  return {
    ...{ Count: count, ScannedCount: rows.length },
    ...(isCount ? {} : { Items: shownTexts(texts) }),
    ...(last && { LastEvaluatedKey: shownItem(lastKey(JSON.parse(last.item) as Item, target)) }),
    ...given('ConsumedCapacity', consumed(rows, size, wish)),
  };
}

/** A page is paid for as one read. What a local index lacks is a read of each item besides. */
function consumed(
  rows: Page['rows'],
  size: number,
  { target: { table, index }, isStrong, isWhole, capacity }: PageWish,
): ConsumedCapacity | undefined {
  if (capacity === undefined || capacity === 'NONE') return undefined;
  const consumption = new Consumption(table, 'read').add(readUnits(size, isStrong), index?.record.name);
  if (isWhole) for (const { item } of rows) consumption.add(readUnits(itemSize(JSON.parse(item) as Item), isStrong));
  return consumption.shown(capacity);
}
