/** New tables. */
import {
  checkAttributes,
  checkedLocal,
  checkedProjection,
  checkedSchema,
  checkIncluded,
  checkUse,
} from './check-keys.ts';
import { checkedTags } from './check-tags.ts';
import type { CreateTable } from './commands.ts';
import { newGlobalIndex } from './new-index.ts';
import { withStream } from './new-stream.ts';
import { firstPartitions, type Place } from './partitions.ts';
import { QUOTAS } from './quotas.ts';
import type { GlobalIndexRecord, IndexRecord, TableRecord } from './records.ts';
import { accepted, invalid, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';
import { checkOnDemand, checkUnits, ON_DEMAND } from './throughput.ts';

export const applyCreate = {
  CreateTable: (tables: CatalogueTables, command: CreateTable, now: number): TableResult<'CreateTable'> =>
    accepted(createTable(tables, command, now, firstPartitions(command, tables.lastPartition))),
};

/** @param places of its partitions @throws Refused */
export function createTable(
  tables: CatalogueTables,
  command: CreateTable,
  now: number,
  places: readonly Place[],
): TableRecord {
  const { accountId, name, attributes, billing, throughput, onDemand } = command;
  checkBilling(command);
  checkAttributes(attributes);
  const schema = checkedSchema(command.keys, attributes);
  const locals = newLocals(command, schema);
  const globals = newGlobals(command, locals, now);
  checkIncluded([...locals, ...globals].map(({ projection }) => projection));
  checkUse(attributes, [schema, ...[...locals, ...globals].map(index => index.schema)]);
  const tags = checkedTags([], command.tags, []);
  if (tables.table(accountId, name) !== undefined) refuse('ResourceInUseException', `Table already exists: ${name}`);
  checkLimits(tables, accountId);

  const firstId = tables.nextPartitions(places.length);
  const partitions = places.map((place, i) => ({ id: firstId + i, ...place }));
  const table: TableRecord = {
    ...{ accountId, name, id: command.tableId, status: 'CREATING', createdAt: now },
    ...{ attributes, schema, locals, globals, billing, partitions, tags },
    ...(billing === 'PAY_PER_REQUEST' && { onDemandSince: now }),
    throughput: throughput === undefined ? ON_DEMAND : { ...throughput, decreases: 0 },
    ...(onDemand && { onDemand }),
    ...{ tableClass: command.tableClass, deletionProtection: command.deletionProtection },
    ...(command.policy !== undefined && { policy: { text: command.policy, revision: command.policyRevision } }),
    ...{ lastIndexId: locals.length + globals.length, generation: 1, settled: 0 },
  };
  const stored = command.stream === undefined ? table : withStream(tables, table, command.stream, now);
  tables.putTable(stored);
  return stored;
}

function checkBilling({ billing, throughput, onDemand }: CreateTable): void {
  if (billing === 'PAY_PER_REQUEST' && throughput !== undefined)
    invalid('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST');
  if (billing === 'PROVISIONED') {
    if (throughput === undefined)
      return invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED');
    checkUnits(throughput);
  }
  checkOnDemand(onDemand, billing);
}

function newLocals({ locals, attributes }: CreateTable, schema: TableRecord['schema']): IndexRecord[] {
  if (locals === undefined) return [];
  if (locals.length === 0) invalid('List of LocalSecondaryIndexes is empty');
  if (schema.range === undefined)
    invalid('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex');
  const made = locals.map((index, i) => ({
    ...{ id: i + 1, name: index.name, schema: checkedLocal(index, schema, attributes) },
    projection: checkedProjection(index.projection),
  }));
  checkNames(made);
  if (locals.length > QUOTAS.LocalIndexesPerTable)
    invalid(`Number of LocalSecondaryIndexes exceeds per-table limit of ${QUOTAS.LocalIndexesPerTable}`);
  return made;
}

function newGlobals(
  { globals, attributes, billing }: CreateTable,
  locals: readonly IndexRecord[],
  now: number,
): GlobalIndexRecord[] {
  if (globals === undefined) return [];
  if (globals.length === 0) invalid('List of GlobalSecondaryIndexes is empty');
  const context = { attributes, billing, now };
  const made = globals.map((index, i) => newGlobalIndex(index, locals.length + i + 1, context));
  checkNames([...locals, ...made]);
  if (globals.length > QUOTAS.GlobalIndexesPerTable)
    invalid(`GlobalSecondaryIndex count exceeds the per-table limit of ${QUOTAS.GlobalIndexesPerTable}`);
  return made;
}

function checkNames(indexes: readonly IndexRecord[]): void {
  const seen = new Set<string>();
  for (const { name } of indexes) {
    if (seen.has(name)) invalid(`Duplicate index name: ${name}`);
    seen.add(name);
  }
}

function checkLimits(tables: CatalogueTables, accountId: string): void {
  const limit = (message: string) => refuse('LimitExceededException', `Subscriber limit exceeded: ${message}`);
  if (tables.names(accountId).length >= QUOTAS.TablesPerAccount)
    limit(`There is a limit of ${QUOTAS.TablesPerAccount} tables per subscriber`);
  let busy = 0;
  for (const { status } of tables.ofAccount(accountId)) if (status !== 'ACTIVE') busy++;
  if (busy >= QUOTAS.SimultaneousOperations)
    limit(`Only ${QUOTAS.SimultaneousOperations} tables can be created, updated, or deleted simultaneously`);
}
