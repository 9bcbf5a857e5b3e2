/**
 * What an index holds of an item: its key there and what it projects. The finding of expired items is an index like any
 * other, whose key is the time.
 */
import { checkIndexKey, InvalidInput, type Item, itemSize } from '@stormglass/items';
import type { IndexDefinition, PartitionDefinition } from './partition.ts';
import { numberOf, storedKey, timeKey } from './stored-keys.ts';

/** What an index has of one item. */
export interface IndexEntry {
  readonly key: Uint8Array;
  /** Of what it projects, in bytes. */
  readonly size: number;
  /** What it projects as JSON text; null: the whole item. */
  readonly item: string | null;
}

export interface IndexRules {
  readonly id: number;
  /** Absent for the time to live, which is no index of the table. */
  readonly definition?: IndexDefinition;
  /** Undefined for an item that the index does not have; one whose attributes do not suit it is such an item. */
  entry(item: Item, size: number): IndexEntry | undefined;
}

/** Items that expired longer ago are not deleted (Developer Guide, "Using time to live"), in seconds. */
export const EXPIRED_MAX_SECONDS = 5 * 365 * 24 * 60 * 60;

export function indexRules(definition: PartitionDefinition): IndexRules[] {
  const rules = definition.indexes.map(index => ofIndex(definition, index));
  const { timeToLive } = definition;
  if (timeToLive === undefined) return rules;
  const { id, attribute } = timeToLive;
  return [
    ...rules,
    {
      id,
      entry(item) {
        const seconds = numberOf(item, attribute);
        const isTime = seconds !== undefined && seconds >= 0 && seconds <= Number.MAX_SAFE_INTEGER;
        return isTime ? { key: timeKey(seconds), size: 0, item: '' } : undefined;
      },
    },
  ];
}

function ofIndex({ schema }: PartitionDefinition, definition: IndexDefinition): IndexRules {
  const { id, name, projection } = definition;
  const projected = new Set(
    [schema, definition.schema].flatMap(({ hash, range }) => [hash.name, ...(range === undefined ? [] : [range.name])]),
  );
  if (typeof projection !== 'string') for (const attribute of projection) projected.add(attribute);
  return {
    id,
    definition,
    entry(item, size) {
      try {
        checkIndexKey(item, name, definition.schema);
      } catch (thrown) {
        if (thrown instanceof InvalidInput) return undefined;
        throw thrown;
      }
      const key = storedKey(item, definition.schema);
      if (key === undefined) return undefined;
      if (projection === 'ALL') return { key, size, item: null };
      const part = Object.fromEntries(Object.entries(item).filter(([attribute]) => projected.has(attribute)));
      return { key, size: itemSize(part), item: JSON.stringify(part) };
    },
  };
}
