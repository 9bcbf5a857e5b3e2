/**
 * Regions that accounts opt in to. The account asks (`ENABLING`, `DISABLING`); the region itself says when it holds, or
 * has let go of, the identities of the account (`ConfirmRegion`).
 */
import type { ConfirmRegion, DisableRegion, EnableRegion } from './commands.ts';
import type { RegionOptIn } from './records.ts';
import { accepted, DONE, type IamResult } from './result.ts';
import { type IamTables, regionKey } from './tables.ts';

export const applyRegions = { EnableRegion: enableRegion, DisableRegion: disableRegion, ConfirmRegion: confirmRegion };

function enableRegion(tables: IamTables, command: EnableRegion): IamResult<'EnableRegion'> {
  const { accountId, region, changeId } = command;
  const before = find(tables, command);
  if (before?.status === 'DISABLING') return accepted({ status: before.status, isConflict: true });
  if (before !== undefined) return accepted({ status: before.status, isConflict: false });
  return change(tables, { accountId, region, status: 'ENABLING', changeId });
}

function disableRegion(tables: IamTables, command: DisableRegion): IamResult<'DisableRegion'> {
  const before = find(tables, command);
  if (before?.status === 'ENABLING') return accepted({ status: before.status, isConflict: true });
  if (before?.status !== 'ENABLED') return accepted({ status: before?.status ?? 'DISABLED', isConflict: false });
  return change(tables, { ...before, status: 'DISABLING', changeId: command.changeId });
}

/** The confirmation of anything but the newest change says nothing. */
function confirmRegion(tables: IamTables, command: ConfirmRegion): IamResult<'ConfirmRegion'> {
  const before = find(tables, command);
  if (before?.changeId !== command.changeId) return DONE;
  if (before.status === 'ENABLING') tables.regions.set(regionKey(before), { ...before, status: 'ENABLED' });
  else if (before.status === 'DISABLING') tables.regions.delete(regionKey(before));
  return DONE;
}

const find = (tables: IamTables, about: { accountId: string; region: string }): RegionOptIn | undefined =>
  tables.regions.get(regionKey(about));

function change(tables: IamTables, row: RegionOptIn): IamResult<'EnableRegion'> {
  tables.regions.set(regionKey(row), row);
  return accepted({ status: row.status, isConflict: false });
}
