/** Judges a write by the item as it is, and says what it would make of it. Stores nothing. */
import {
  checkIndexKey,
  checkItemKey,
  checkKey,
  compileCondition,
  compileUpdate,
  InvalidInput,
  ITEM_BYTES_MAX,
  type Item,
} from '@stormglass/items';
import type { ApplyContext } from '@stormglass/replicated-state';
import type { CheckItem, DeleteItem, PutItem, UpdateItem, Write } from './commands.ts';
import { Image } from './image.ts';
import { type IndexChange, indexChanges } from './index-changes.ts';
import { TABLE } from './index-table.ts';
import { COLLECTION_BYTES_MAX } from './partition.ts';
import type { StoredPartition } from './partition-table.ts';
import { refuse } from './result.ts';
import { collectionGrowth, type ItemChange } from './store-change.ts';
import { collectionOf, hashOf, storedKey } from './stored-keys.ts';
import { partitionAt, type StoreTables } from './tables.ts';

export interface WritePlan extends ItemChange {
  readonly op: (Write | CheckItem)['op'];
  readonly changes: readonly IndexChange[];
  /** What the write returns, as JSON text. */
  readonly attributes: string | undefined;
  /** Bytes of the item's collection afterwards, in tables with local indexes. */
  readonly collection: number | undefined;
}

/** @throws Refused */
export function planWrite(tables: StoreTables, write: Write | CheckItem, { now }: ApplyContext): WritePlan {
  const at = partitionAt(tables, write.partition);
  const key = keyOf(at, write);
  checkPlace(at, key);
  if (tables.transactions.lock(at.id, key) !== undefined)
    refuse('TransactionConflictException', 'Transaction is ongoing for the item');
  // A condition that fails is paid for as well.
  checkTableBudget(tables, at, now);
  const stored = tables.items.get(at.id, key);
  const before = stored === undefined ? undefined : Image.stored(stored);
  const { after, attributes } = valid(() => {
    checkCondition(write, before);
    return outcome(at, write, before);
  });
  const changes = indexChanges(at, before, after);
  checkIndexBudgets(tables, at, changes, now);
  const collection = at.hasLocalIndexes
    ? tables.collections.bytes(at.id, collectionOf(key)) + collectionGrowth(before, after, changes)
    : undefined;
  if (collection !== undefined && collection > COLLECTION_BYTES_MAX && (after?.size ?? 0) > (before?.size ?? 0))
    refuse('ItemCollectionSizeLimitExceededException', 'Collection size exceeded.');
  return { at, key, op: write.op, before, after, changes, attributes, collection };
}

/** Refuses as invalid what the words of the request do not allow. */
export function valid<Value>(attempt: () => Value): Value {
  try {
    return attempt();
  } catch (thrown) {
    if (thrown instanceof InvalidInput) refuse('ValidationException', thrown.message);
    throw thrown;
  }
}

function keyOf(at: StoredPartition, write: Write | CheckItem): Uint8Array {
  const item = write.op === 'put' ? write.item : write.key;
  valid(() => (write.op === 'put' ? checkItemKey(item, at.schema) : checkKey(item, at.schema)));
  return storedKey(item, at.schema)!;
}

/** Refuses what belongs to another partition, or soon will. */
function checkPlace({ id, from, to, isReceiving, frozenFrom = to }: StoredPartition, key: Uint8Array): void {
  const hash = hashOf(key);
  if (isReceiving || hash < from || hash >= to || hash >= frozenFrom)
    refuse('Moved', `Partition ${id} does not take writes of this item.`);
}

function checkCondition({ condition, returnOnFailure }: Write | CheckItem, before: Image | undefined): void {
  if (condition === undefined) return;
  if (compileCondition(condition, 'ConditionExpression').test(before?.item)) return;
  const item = returnOnFailure === true && before !== undefined ? { item: before.text } : {};
  refuse('ConditionalCheckFailedException', 'The conditional request failed', item);
}

type Outcome = Pick<WritePlan, 'after' | 'attributes'>;

function outcome(at: StoredPartition, write: Write | CheckItem, before: Image | undefined): Outcome {
  switch (write.op) {
    case 'check':
      return { after: before, attributes: undefined };
    case 'delete':
      return { after: undefined, attributes: oldOf(write, before) };
    case 'put': {
      const after = Image.of(write.item);
      if (after.size > ITEM_BYTES_MAX) throw new InvalidInput('Item size has exceeded the maximum allowed size');
      checkIndexKeys(at, write.item, false);
      return { after, attributes: oldOf(write, before) };
    }
    case 'update':
      return updated(at, write, before);
  }
}

function updated(at: StoredPartition, { key, update, returns }: UpdateItem, before: Image | undefined): Outcome {
  const compiled = update === undefined ? undefined : compileUpdate(update);
  for (const part of [at.schema.hash, at.schema.range])
    if (part !== undefined && compiled?.attributes.has(part.name))
      throw new InvalidInput(
        `One or more parameter values were invalid: Cannot update attribute ${part.name}. This attribute is part of the key`,
      );
  const item = compiled === undefined ? (before?.item ?? key) : compiled.apply(before?.item, key);
  const after = Image.of(item);
  if (after.size > ITEM_BYTES_MAX) throw new InvalidInput('Item size to update has exceeded the maximum allowed size');
  checkIndexKeys(at, item, true);
  const touched = (image: Image | undefined) => {
    const part = image === undefined ? {} : (compiled?.touched(image.item) ?? {});
    return Object.keys(part).length === 0 ? undefined : JSON.stringify(part);
  };
  switch (returns) {
    case 'ALL_OLD':
      return { after, attributes: before?.text };
    case 'ALL_NEW':
      return { after, attributes: after.text };
    case 'UPDATED_OLD':
      return { after, attributes: touched(before) };
    case 'UPDATED_NEW':
      return { after, attributes: touched(after) };
    default:
      return { after, attributes: undefined };
  }
}

const oldOf = ({ returns }: PutItem | DeleteItem, before: Image | undefined): string | undefined =>
  returns === 'ALL_OLD' ? before?.text : undefined;

/** Of several indexes that an item does not suit, the first by name is told. */
function checkIndexKeys({ indexesByName }: StoredPartition, item: Item, isUpdated: boolean): void {
  for (const { name, schema } of indexesByName) checkIndexKey(item, name, schema, isUpdated);
}

/** A write may overdraw a budget; it is refused where another one did. */
function checkTableBudget({ budgets }: StoreTables, { id, writeUnits }: StoredPartition, now: number): void {
  if (writeUnits !== undefined && budgets.left(id, TABLE, writeUnits, now) <= 0)
    refuse(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    );
}

function checkIndexBudgets(
  { budgets }: StoreTables,
  { id }: StoredPartition,
  changes: readonly IndexChange[],
  now: number,
): void {
  for (const { rules, units } of changes) {
    const perSecond = rules.definition?.writeUnits;
    if (perSecond !== undefined && units > 0 && budgets.left(id, rules.id, perSecond, now) <= 0)
      refuse(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API',
      );
  }
}
