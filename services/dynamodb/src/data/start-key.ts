/** Where Query and Scan go on: `ExclusiveStartKey` and `LastEvaluatedKey`, the keys of the table and of the index. */
import { hashOf, type RowPosition, type StoredRange } from '@stormglass/item-store';
import { checkedItem, checkKey, InvalidInput, type Item, keyItem } from '@stormglass/items';
import { keyNames, type Target } from './read-target.ts';

const INVALID_KEY = 'The provided starting key is invalid';

/** The key as it came, checked for its values alone. @throws InvalidInput */
export function checkedStartKey(key: unknown): Item | undefined {
  if (key === undefined) return undefined;
  return explained(() => checkedItem(key));
}

/** Checks that it is a key of the table and of the index. @throws InvalidInput */
export function checkStartKey(start: Item, { table, index, schema }: Target): void {
  const names = new Set([...keyNames(table.schema), ...keyNames(schema)]);
  const isWhole = Object.keys(start).length === names.size && Object.keys(start).every(name => names.has(name));
  if (index !== undefined && !isWhole) throw new InvalidInput(INVALID_KEY);
  if (index !== undefined) explained(() => checkKey(keyItem(start, schema)!, schema));
  explained(() => checkKey(isWhole ? keyItem(start, table.schema)! : start, table.schema));
}

/** @throws InvalidInput when a query could not have stopped there */
export function checkWithin(range: StoredRange, { key }: RowPosition): void {
  const at = Buffer.from(key, 'hex');
  const isWithin = Buffer.compare(at, range.low) >= 0 && Buffer.compare(at, range.high) < 0;
  if (!isWithin)
    throw new InvalidInput(
      sameHash(at, range.low)
        ? 'The provided starting key does not match the range key predicate'
        : 'The provided starting key is outside query boundaries based on provided conditions',
    );
}

/** @throws InvalidInput when a scan of this segment could not have stopped there */
export function checkSegment(
  { key }: RowPosition,
  { from, to }: { readonly from: number; readonly to: number },
  segment: number,
  total: number,
): void {
  const hash = hashOf(Buffer.from(key, 'hex'));
  if (hash >= from && hash < to) return;
  throw new InvalidInput(
    `${INVALID_KEY}: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${segment}`,
  );
}

/** The key of a row, as `LastEvaluatedKey` has it. */
export const lastKey = (item: Item, { table, index, schema }: Target): Item => ({
  ...keyItem(item, table.schema),
  ...(index === undefined ? {} : keyItem(item, schema)),
});

/** Stored keys begin with the hash and the length of the hash key, and then have the hash key itself. */
function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  const end = 6 + ((a[4]! << 8) | a[5]!);
  return Buffer.compare(a.subarray(0, end), b.subarray(0, end)) === 0;
}

function explained<Value>(check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(`${INVALID_KEY}: ${error.message}`);
  }
}
