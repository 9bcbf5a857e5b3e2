/** What a table has beside its items' form: tags, time to live, policies; and its end. */
import { addLastBackup, checkNotUsed } from './backup-rules.ts';
import { checkedTags } from './check-tags.ts';
import {
  type ChangeTags,
  type DeletePolicy,
  type DeleteTable,
  NO_POLICY,
  type PutPolicy,
  type UpdateTimeToLive,
} from './commands.ts';
import { checkIsActive, existingTable } from './find.ts';
import { TIME_TO_LIVE_MS } from './quotas.ts';
import type { ResourcePolicy, StreamRecord, TableRecord } from './records.ts';
import { accepted, refuse, type TableResult } from './result.ts';
import type { CatalogueTables } from './tables.ts';

export const applySettings = {
  DeleteTable: deleteTable,
  ChangeTags: changeTags,
  UpdateTimeToLive: updateTimeToLive,
  PutPolicy: putPolicy,
  DeletePolicy: deletePolicy,
};

/** The table is gone when its partitions are: `Advance` says so. */
function deleteTable(
  tables: CatalogueTables,
  { accountId, name }: DeleteTable,
  now: number,
): TableResult<'DeleteTable'> {
  const table = existingTable(tables, accountId, name);
  if (table.status === 'DELETING') return accepted(table);
  checkIsActive(table);
  if (table.deletionProtection)
    refuse(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  checkNotUsed(tables, table);
  if (table.recovery !== undefined) addLastBackup(tables, table, now);
  const deleting: TableRecord = { ...table, status: 'DELETING', generation: table.generation + 1 };
  tables.putTable(deleting);
  return accepted(deleting);
}

function changeTags(tables: CatalogueTables, command: ChangeTags): TableResult<'ChangeTags'> {
  const table = existingTable(tables, command.accountId, command.name);
  tables.putTable({ ...table, tags: checkedTags(table.tags, command.add, command.remove) });
  return accepted(null);
}

function updateTimeToLive(
  tables: CatalogueTables,
  { accountId, name, isEnabled, attribute }: UpdateTimeToLive,
  now: number,
): TableResult<'UpdateTimeToLive'> {
  const table = existingTable(tables, accountId, name);
  checkIsActive(table);
  const { timeToLive, timeToLiveAt } = table;
  const refused = (message: string) => refuse('ValidationException', message);
  const isOn = timeToLive !== undefined && timeToLive.status !== 'DISABLING';
  if (isOn && timeToLive.attribute !== attribute)
    refused(`TimeToLive is active on a different AttributeName: current AttributeName is ${timeToLive.attribute}`);
  if (isOn === isEnabled) refused(`TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`);
  if (timeToLiveAt !== undefined && now - timeToLiveAt < TIME_TO_LIVE_MS)
    refused('Time to live has been modified multiple times within a fixed interval');
  const id = isEnabled ? table.lastIndexId + 1 : timeToLive!.id;
  tables.putTable({
    ...table,
    ...{ timeToLive: { id, attribute, status: isEnabled ? 'ENABLING' : 'DISABLING' }, timeToLiveAt: now },
    ...{ lastIndexId: Math.max(table.lastIndexId, id), generation: table.generation + 1 },
  });
  return accepted(null);
}

function putPolicy(tables: CatalogueTables, command: PutPolicy): TableResult<'PutPolicy'> {
  const { before, store } = policyOf(tables, command);
  checkRevision(before, command.expected);
  // The same policy again is the same revision (PutResourcePolicy, "idempotent").
  const policy = before?.text === command.text ? before : { text: command.text, revision: command.revision };
  store(policy);
  return accepted(policy);
}

function deletePolicy(tables: CatalogueTables, command: DeletePolicy): TableResult<'DeletePolicy'> {
  const { before, store } = policyOf(tables, command);
  checkRevision(before, command.expected);
  store(undefined);
  return accepted(before ?? null);
}

function checkRevision(before: ResourcePolicy | undefined, expected: string | undefined): void {
  if (expected === undefined || expected === (before?.revision ?? NO_POLICY)) return;
  refuse(
    'PolicyNotFoundException',
    'Resource-based policy not found for the provided ResourceArn: The expected revision ID does not match the current one.',
  );
}

/** The policy of a table or of a stream, and what stores another one. */
function policyOf(tables: CatalogueTables, { accountId, name, streamLabel }: PutPolicy | DeletePolicy) {
  const replaced = <Resource extends TableRecord | StreamRecord>(
    { policy: _, ...rest }: Resource,
    policy: ResourcePolicy | undefined,
  ) => ({ ...rest, ...(policy && { policy }) }) as Resource;
  if (streamLabel === undefined) {
    const table = existingTable(tables, accountId, name);
    return { before: table.policy, store: (policy?: ResourcePolicy) => tables.putTable(replaced(table, policy)) };
  }
  for (const stream of tables.streams()) {
    if (stream.accountId !== accountId || stream.tableName !== name || stream.label !== streamLabel) continue;
    return { before: stream.policy, store: (policy?: ResourcePolicy) => tables.putStream(replaced(stream, policy)) };
  }
  return refuse('ResourceNotFoundException', `Requested resource not found: Stream: ${streamLabel} not found`);
}
