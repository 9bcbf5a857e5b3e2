/** Global indexes made, changed and deleted in a table that there is. */
import { checkIncluded } from './check-keys.ts';
import type { IndexUpdate, UpdateTable } from './commands.ts';
import { checkIndexIsActive } from './find.ts';
import { newGlobalIndex } from './new-index.ts';
import { QUOTAS } from './quotas.ts';
import type { GlobalIndexRecord, TableRecord } from './records.ts';
import { invalid, refuse } from './result.ts';
import { changedThroughput, checkOnDemand, checkUnits } from './throughput.ts';

const nameOf = (update: IndexUpdate): string => (update.action === 'create' ? update.index.name : update.name);

/** The table with its indexes as they become. `before` is the table without any change of this command. @throws Refused */
export function withIndexUpdates(
  table: TableRecord,
  before: TableRecord,
  { indexes = [], attributes }: UpdateTable,
  now: number,
): TableRecord {
  checkUpdates(indexes);
  return indexes.reduce<TableRecord>((changed, update) => {
    if (update.action === 'create') return withNewIndex(changed, update.index, attributes, now);
    const index = existingIndex(changed, update);
    if (update.action === 'delete') return withIndex(changed, index, deleted(changed, index));
    return withIndex(changed, index, updated(changed, index, update, before.billing !== table.billing, now));
  }, table);
}

function checkUpdates(updates: readonly IndexUpdate[]): void {
  if (updates.length === 0) invalid('List of GlobalSecondaryIndexUpdates is empty');
  const seen = new Set<string>();
  for (const name of updates.map(nameOf)) {
    if (seen.has(name))
      invalid(`Only one global secondary index update per index is allowed simultaneously. Index: ${name}`);
    seen.add(name);
  }
  if (updates.filter(({ action }) => action !== 'update').length > 1) refuseSecond();
}

const refuseSecond = (): never =>
  refuse(
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );

function existingIndex({ globals, locals }: TableRecord, update: IndexUpdate & { name: string }): GlobalIndexRecord {
  const index = globals.find(({ name }) => name === update.name);
  if (index !== undefined) return index;
  if (locals.some(({ name }) => name === update.name)) {
    const what = update.action === 'delete' ? 'delete' : 'update';
    refuse('ValidationException', `Cannot ${what} an index that is not a GlobalSecondaryIndex: ${update.name}`);
  }
  return refuse('ResourceNotFoundException', 'Requested resource not found');
}

const withIndex = (table: TableRecord, index: GlobalIndexRecord, becomes: GlobalIndexRecord): TableRecord => ({
  ...table,
  globals: table.globals.map(each => (each === index ? becomes : each)),
});

function withNewIndex(
  table: TableRecord,
  input: Extract<IndexUpdate, { action: 'create' }>['index'],
  attributes: TableRecord['attributes'] | undefined,
  now: number,
): TableRecord {
  const { globals, locals, billing, lastIndexId } = table;
  if (attributes === undefined) return invalid(`AttributeDefinitions is not specified for index: ${input.name}`);
  if ([...globals, ...locals].some(({ name }) => name === input.name))
    refuse('ValidationException', 'Attempting to create an index which already exists');
  if (globals.some(({ status }) => status === 'CREATING' || status === 'DELETING')) refuseSecond();
  if (globals.length >= QUOTAS.GlobalIndexesPerTable)
    refuse(
      'LimitExceededException',
      `Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of ${QUOTAS.GlobalIndexesPerTable}`,
    );
  const index = newGlobalIndex(input, lastIndexId + 1, { attributes, billing, now });
  checkIncluded([...locals, ...globals, index].map(({ projection }) => projection));
  const added = withDefinitions(table, attributes, index);
  return { ...added, globals: [...globals, index], lastIndexId: index.id };
}

/** Definitions of the index's keys; those of attributes that are keys already may not change their types. */
function withDefinitions(
  table: TableRecord,
  attributes: TableRecord['attributes'],
  { schema: { hash, range } }: GlobalIndexRecord,
): TableRecord {
  for (const { name, type } of attributes) {
    const known = table.attributes.find(each => each.name === name);
    if (known !== undefined && known.type !== type)
      invalid(`Type of attribute ${name} cannot be changed from ${known.type} to ${type}`);
  }
  const added = [hash, range].filter(
    key => key !== undefined && !table.attributes.some(({ name }) => name === key.name),
  );
  return { ...table, attributes: [...table.attributes, ...added.filter(key => key !== undefined)] };
}

/** An index may be deleted while it is being filled, and not while its partitions get it. */
function deleted(table: TableRecord, index: GlobalIndexRecord): GlobalIndexRecord {
  if (!index.isBackfilling) checkIndexIsActive(table, index);
  if (table.globals.some(each => each !== index && (each.status === 'CREATING' || each.status === 'DELETING')))
    refuseSecond();
  return { ...index, status: 'DELETING', isBackfilling: false };
}

function updated(
  table: TableRecord,
  index: GlobalIndexRecord,
  { throughput, onDemand }: Extract<IndexUpdate, { action: 'update' }>,
  isBillingChanged: boolean,
  now: number,
): GlobalIndexRecord {
  const { name, isBackfilling } = index;
  if (!isBackfilling) checkIndexIsActive(table, index);
  if (table.billing === 'PAY_PER_REQUEST' && throughput !== undefined)
    invalid(
      `Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ${name} when BillingMode is PAY_PER_REQUEST`,
    );
  checkOnDemand(onDemand, table.billing, name);
  if (throughput !== undefined) checkUnits(throughput);
  const units =
    throughput === undefined || isBillingChanged
      ? throughput && { ...throughput, decreases: 0 }
      : changedThroughput(index.throughput, throughput, now, `index ${name}`);
  return {
    ...index,
    ...(units && { throughput: units }),
    ...(onDemand && { onDemand: { ...index.onDemand, ...onDemand } }),
    status: isBackfilling ? index.status : 'UPDATING',
  };
}
