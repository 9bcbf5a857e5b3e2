/** Items as answers have them: the stored text as it is, or what a projection takes of it. */
import type { AttributeValue, ItemCollectionMetrics, ReturnItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { RawJson } from '@stormglass/aws-wire';
import type { Written } from '@stormglass/item-store';
import type { Item, Projection } from '@stormglass/items';
import type { TableRecord } from '@stormglass/table-catalogue';

/** What the official client reads an item as. The answer has it as text, or as JSON. */
export type SdkItem = Record<string, AttributeValue>;

/** The text of an item, as it goes into an answer. */
export const textOf = (item: string, projection?: Projection): string =>
  projection === undefined ? item : JSON.stringify(projection.project(JSON.parse(item) as Item));

export const shownText = (text: string): SdkItem => new RawJson(text) as unknown as SdkItem;

export const shownTexts = (texts: readonly string[]): SdkItem[] =>
  new RawJson(`[${texts.join(',')}]`) as unknown as SdkItem[];

export const shownItem = (item: Item): SdkItem => item as unknown as SdkItem;

const GB = 1024 ** 3;

/** Of an item's collection, if the table has such and it was asked for. */
export function shownCollection(
  asked: ReturnItemCollectionMetrics | undefined,
  { schema: { hash } }: TableRecord,
  key: Item,
  { collection }: Written,
): ItemCollectionMetrics | undefined {
  if (asked !== 'SIZE' || collection === undefined) return undefined;
  const low = Math.floor(collection / GB);
  return {
    ItemCollectionKey: shownItem({ [hash.name]: key[hash.name]! }),
    SizeEstimateRangeGB: [low, low + 1],
  };
}

/** A member that is left out where there is nothing. */
export const given = <Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [N in Name]?: Value });
