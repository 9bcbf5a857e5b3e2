/** Whether a request names an item twice. */
import { InvalidInput, type Item, keyBytes } from '@stormglass/items';
import type { TableRecord } from '@stormglass/table-catalogue';

/** @throws InvalidInput when two keys of one table, whose schema is not known yet, are the same */
export function checkNotRepeated(keys: readonly Item[]): void {
  const seen = new Set(keys.map(key => JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)))));
  if (seen.size < keys.length) throw new InvalidInput('Provided list of item keys contains duplicates');
}

/** @throws InvalidInput with this message when two are of the same item; keys and items must have been checked */
export function checkDistinct(
  items: readonly { readonly table: TableRecord; readonly item: Item }[],
  message: string,
): void {
  const seen = new Set<string>();
  for (const { table, item } of items) {
    const { hash, range } = table.schema;
    const parts = [hash, range].flatMap(part => (part === undefined ? [] : [keyBytes(item[part.name]!)]));
    seen.add([table.id, ...parts.map(bytes => Buffer.from(bytes).toString('base64'))].join(' '));
  }
  if (seen.size < items.length) throw new InvalidInput(message);
}
