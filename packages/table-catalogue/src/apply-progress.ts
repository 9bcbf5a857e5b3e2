/** What the cells have done: tables and indexes come to be and go, and partitions are split. */
import { beginWaitingBackups, checkNotBackedUp, isBackedUp } from './backup-rules.ts';
import type { Advance, FinishSplit, SplitPartition } from './commands.ts';
import { checkIsActive, existingTable, noSuchTable } from './find.ts';
import { withoutStream } from './new-stream.ts';
import { afterSplit, withSplit } from './partitions.ts';
import type { GlobalIndexRecord, TableRecord, TimeToLive } from './records.ts';
import { finishedRestore, withPastMap } from './recovery-rules.ts';
import { accepted, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';

export const applyProgress = { Advance: advance, SplitPartition: splitPartition, FinishSplit: finishSplit };

function advance(tables: CatalogueTables, command: Advance, now: number): TableResult<'Advance'> {
  const table = tables.table(command.accountId, command.name);
  // Another zone may have said so before, or the table has changed: whoever drives looks again.
  if (table?.id !== command.tableId || table.generation !== command.generation) return accepted(null);
  if (table.status === 'DELETING') {
    if (isBackedUp(tables, table)) return accepted(null);
    tables.deleteTable(withoutStream(tables, table, now));
    return accepted(null);
  }
  const { timeToLive, ...rest } = table;
  const settled = timeToLive && settledTimeToLive(timeToLive, command.filled);
  const isFirst = table.status === 'CREATING';
  const becomes: TableRecord = {
    ...rest,
    status: 'ACTIVE',
    settled: table.generation,
    ...(table.restore && { restore: finishedRestore(table.restore) }),
    globals: table.globals.flatMap(index => settledIndex(index, isFirst, command.filled)),
    ...(settled && { timeToLive: settled }),
  };
  tables.putTable(withUsedAttributes(becomes));
  return accepted(null);
}

function settledIndex(index: GlobalIndexRecord, isFirst: boolean, filled: readonly number[]): GlobalIndexRecord[] {
  if (index.status === 'DELETING') return [];
  // What a table begins with is filled: there was nothing in it.
  const isFilled = isFirst || filled.includes(index.id) || index.status !== 'CREATING';
  return [{ ...index, status: isFilled ? 'ACTIVE' : 'CREATING', isBackfilling: !isFilled }];
}

/** What finds expired items is filled like an index. */
const settledTimeToLive = (timeToLive: TimeToLive, filled: readonly number[]): TimeToLive | undefined => {
  if (timeToLive.status === 'DISABLING') return undefined;
  return filled.includes(timeToLive.id) ? { ...timeToLive, status: 'ENABLED' } : timeToLive;
};

/** Attributes are defined for as long as a key has them. */
function withUsedAttributes(table: TableRecord): TableRecord {
  const schemas = [table, ...table.locals, ...table.globals].map(({ schema }) => schema);
  const used = new Set(schemas.flatMap(({ hash, range }) => [hash.name, range?.name]));
  const attributes = table.attributes.filter(({ name }) => used.has(name));
  return attributes.length === table.attributes.length ? table : { ...table, attributes };
}

function splitPartition(tables: CatalogueTables, command: SplitPartition): TableResult<'SplitPartition'> {
  const table = sameTable(tables, command);
  checkIsActive(table);
  checkNotBackedUp(tables, table);
  const { partition, at, cell } = command;
  // Checked with any id first: a refusal uses none up.
  withSplit(table.partitions, partition, { at, cell, id: 0 });
  const partitions = withSplit(table.partitions, partition, { at, cell, id: tables.nextPartitions(1) });
  tables.putTable({ ...table, partitions, generation: table.generation + 1 });
  return accepted(null);
}

function finishSplit(tables: CatalogueTables, command: FinishSplit, now: number): TableResult<'FinishSplit'> {
  const table = sameTable(tables, command);
  const partitions = afterSplit(table.partitions, command.partition);
  if (partitions.length > table.partitions.length) {
    const becomes = { ...withPastMap(table, now), partitions, generation: table.generation + 1 };
    tables.putTable(becomes);
    beginWaitingBackups(tables, becomes);
  }
  return accepted(null);
}

function sameTable(tables: CatalogueTables, { accountId, name, tableId }: SplitPartition | FinishSplit): TableRecord {
  const table = existingTable(tables, accountId, name);
  return table.id === tableId ? table : refuse('ResourceNotFoundException', noSuchTable(name));
}
