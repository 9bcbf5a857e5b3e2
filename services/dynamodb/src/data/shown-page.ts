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
  const { target, isCount, capacity } = wish;
  const texts = textsOf(rows, wish);
  const last = isCut ? rows.at(-1) : undefined;
  const consumption = addPage(new Consumption(target.table, 'read'), { rows, size }, wish);
  return {
    ...{ Count: texts.length, ScannedCount: rows.length },
    ...(isCount ? {} : { Items: shownTexts(texts) }),
    ...(last && { LastEvaluatedKey: shownItem(lastKey(JSON.parse(last.item) as Item, target)) }),
    ...given('ConsumedCapacity', consumption.shown(capacity)),
  };
}

/** The rows that the filter lets through, as the answer has them. */
export function textsOf(
  rows: Page['rows'],
  { filter, projection }: Pick<PageWish, 'filter' | 'projection'>,
): readonly string[] {
  const texts: string[] = [];
  for (const row of rows) {
    // Only what must be looked into is parsed.
    const item = filter === undefined && projection === undefined ? undefined : (JSON.parse(row.item) as Item);
    if (filter !== undefined && !filter.test(item)) continue;
    texts.push(projection === undefined ? row.item : JSON.stringify(projection.project(item!)));
  }
  return texts;
}

/** A page is paid for as one read. What a local index lacks is a read of each item besides. */
export function addPage(
  consumption: Consumption,
  { rows, size }: Pick<Page, 'rows' | 'size'>,
  { target: { index }, isStrong, isWhole }: Pick<PageWish, 'target' | 'isStrong' | 'isWhole'>,
): Consumption {
  consumption.add(readUnits(size, isStrong), index?.record.name);
  if (isWhole) for (const { item } of rows) consumption.add(readUnits(itemSize(JSON.parse(item) as Item), isStrong));
  return consumption;
}
