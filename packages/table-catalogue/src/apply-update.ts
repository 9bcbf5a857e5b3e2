/** UpdateTable: throughput, billing, global indexes, the stream, and what concerns no cell. One kind of change at a time. */
import { checkAttributes } from './check-keys.ts';
import type { UpdateTable } from './commands.ts';
import { checkIsActive, existingTable } from './find.ts';
import { withoutStream, withStream } from './new-stream.ts';
import type { TableRecord } from './records.ts';
import { accepted, invalid, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';
import { changedThroughput, checkOnDemand, checkUnits, ON_DEMAND } from './throughput.ts';
import { withIndexUpdates } from './update-indexes.ts';

export const applyUpdate = { UpdateTable: updateTable };

const NOTHING =
  'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required';

function updateTable(tables: CatalogueTables, command: UpdateTable, now: number): TableResult<'UpdateTable'> {
  checkCombination(command);
  if (command.attributes !== undefined) checkAttributes(command.attributes);
  const before = existingTable(tables, command.accountId, command.name);
  checkIsActive(before);
  const table = changed(tables, before, command, now);
  tables.putTable(table);
  return accepted(table);
}

function checkCombination({ billing, throughput, onDemand, indexes, stream, tableClass, ...more }: UpdateTable): void {
  const { deletionProtection } = more;
  const changes = [billing, throughput, onDemand, indexes, stream, tableClass, deletionProtection];
  const count = changes.filter(change => change !== undefined).length;
  if (count === 0) refuse('ValidationException', NOTHING);
  if (tableClass !== undefined && count > 1)
    invalid('TableClass modification must be the only operation in the request');
  if (deletionProtection !== undefined && count > 1)
    invalid('DeletionProtection modification must be the only operation in the request');
  if (onDemand !== undefined && changes.some((change, i) => i > 2 && change !== undefined))
    invalid('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request');
  const reshapes = indexes?.some(({ action }) => action !== 'update') === true;
  if (stream !== undefined && (throughput !== undefined || billing !== undefined))
    invalid('You cannot modify stream status while updating table IOPS');
  if (reshapes && throughput !== undefined) invalid('You cannot create or delete index while updating table IOPS');
  if (reshapes && stream !== undefined) invalid('You cannot create or delete index while changing stream status');
}

function changed(tables: CatalogueTables, before: TableRecord, command: UpdateTable, now: number): TableRecord {
  const { tableClass, deletionProtection, stream, indexes } = command;
  if (deletionProtection !== undefined) return { ...before, deletionProtection };
  if (tableClass !== undefined) return { ...before, tableClass, tableClassAt: now };
  const billed = withBilling(before, command, now);
  const indexed = indexes === undefined ? billed : withIndexUpdates(billed, before, command, now);
  checkIndexThroughput(before, indexed);
  const streamed = stream === undefined ? indexed : withStreamChange(tables, indexed, stream, now);
  return { ...streamed, status: 'UPDATING', generation: before.generation + 1 };
}

/** Billing and throughput of the table itself. */
function withBilling(
  before: TableRecord,
  { billing = before.billing, throughput, onDemand }: UpdateTable,
  now: number,
) {
  if (billing === 'PAY_PER_REQUEST' && throughput !== undefined)
    invalid('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST');
  checkOnDemand(onDemand, billing);
  if (billing === before.billing) {
    const limits = { ...before.onDemand, ...onDemand };
    const units = throughput && changedThroughput(before.throughput, throughput, now, 'table');
    return { ...before, ...(onDemand && { onDemand: limits }), ...(units && { throughput: units }) };
  }
  if (billing === 'PAY_PER_REQUEST') {
    const globals = before.globals.map(index => ({ ...index, throughput: ON_DEMAND }));
    return { ...before, ...(onDemand && { onDemand }), billing, globals, throughput: ON_DEMAND, onDemandSince: now };
  }
  if (throughput === undefined)
    return invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  checkUnits(throughput);
  const { onDemand: _, ...rest } = before;
  return { ...rest, billing, throughput: { ...throughput, decreases: 0 } };
}

/** A table that becomes provisioned needs to know the throughput of its indexes, too. */
function checkIndexThroughput(before: TableRecord, { billing, globals }: TableRecord): void {
  if (billing === before.billing || billing !== 'PROVISIONED') return;
  const missing = globals.filter(({ throughput, status }) => throughput.read === 0 && status !== 'DELETING');
  if (missing.length > 0)
    invalid(`ProvisionedThroughput must be specified for index: ${missing.map(({ name }) => name).join(',')}`);
}

function withStreamChange(
  tables: CatalogueTables,
  table: TableRecord,
  view: NonNullable<UpdateTable['stream']> | null,
  now: number,
): TableRecord {
  if (view === null) {
    if (table.stream === undefined)
      refuse('ValidationException', `Table has no stream to disable: TableName: ${table.name}`);
    return withoutStream(tables, table, now);
  }
  if (table.stream !== undefined)
    refuse('ValidationException', `Table already has an enabled stream: TableName: ${table.name}`);
  return withStream(tables, table, view, now);
}
