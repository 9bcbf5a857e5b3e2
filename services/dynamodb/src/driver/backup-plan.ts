/** What the cells have to do for backups, compared with what they have: like `plan.ts` for tables. */
import type { ItemCommand } from '@stormglass/item-store';
import type { BackupRecord, TableRecord } from '@stormglass/table-catalogue';
import type { Cells } from './cell.ts';
import type { Step } from './plan.ts';

/** One that removes some of a backup's copies. */
export interface CopyStep extends Step {
  readonly command: Extract<ItemCommand, { type: 'DropBackup' }>;
}

/** Items of one step. */
const COPY_ITEMS = 500;

/** One step for each partition that is not copied yet. */
export function copySteps({ id: backup, status, partitions = [] }: BackupRecord, cells: Cells): Step[] {
  if (status !== 'CREATING') return [];
  return partitions.flatMap(({ id: partition, cell }) => {
    const copy = copyIn(cells, cell, backup, partition);
    return copy?.isComplete === true
      ? []
      : [{ cell, command: { type: 'BackUpItems', backup, partition, limit: COPY_ITEMS } }];
  });
}

/** What a backup has; undefined until everything is copied. */
export function sizeOf(
  { id, partitions }: BackupRecord,
  cells: Cells,
): { readonly items: number; readonly bytes: number } | undefined {
  if (partitions === undefined) return undefined;
  let [items, bytes] = [0, 0];
  for (const { id: partition, cell } of partitions) {
    const copy = copyIn(cells, cell, id, partition);
    if (copy?.isComplete !== true) return undefined;
    items += copy.items;
    bytes += copy.bytes;
  }
  return { items, bytes };
}

/** Copies of backups that are deleted. */
export function strayCopies(backups: Iterable<BackupRecord>, cells: Cells): CopyStep[] {
  const known = new Set([...backups].map(({ id }) => id));
  return [...cells].flatMap(([cell, { view }]) => {
    const strays = view.past.backups().filter(backup => !known.has(backup));
    return strays.map(backup => ({ cell, command: { type: 'DropBackup', backup, limit: COPY_ITEMS } as const }));
  });
}

/** Whether a backup is being made of the table. */
export function isBackedUp({ id }: TableRecord, backups: Iterable<BackupRecord>): boolean {
  for (const { status, table } of backups) if (status === 'CREATING' && table.id === id) return true;
  return false;
}

/** @param now wall clock in ms since the epoch */
export const isExpired = ({ status, expiresAt }: BackupRecord, now: number): boolean =>
  status === 'AVAILABLE' && expiresAt !== undefined && expiresAt <= now;

const copyIn = (cells: Cells, cell: number, backup: number, partition: number) =>
  cells.get(cell)?.view.past.copy(backup, partition);
