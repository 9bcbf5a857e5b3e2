/** Lists as S3 describes them, from an array: sorted, grouped and cut one after the other. */
import type { KeyPage } from '../view.ts';

export interface NaivePage<Item> {
  readonly items: Item[];
  readonly prefixes: string[];
}

export const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Everything that pages of a list tell together, from items in the order of lists. */
export function naiveList<Item extends { readonly key: string }>(
  sorted: readonly Item[],
  { prefix = '', delimiter }: Omit<KeyPage, 'limit'>,
): NaivePage<Item> {
  const items: Item[] = [];
  const prefixes = new Set<string>();
  for (const item of sorted) {
    if (!item.key.startsWith(prefix)) continue;
    const at = delimiter === undefined ? -1 : item.key.indexOf(delimiter, prefix.length);
    if (at < 0 || delimiter === undefined) items.push(item);
    else prefixes.add(item.key.slice(0, at + delimiter.length));
  }
  return { items, prefixes: [...prefixes] };
}
