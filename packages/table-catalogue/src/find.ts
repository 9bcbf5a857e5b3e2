/** Finding the table that a command is about, as it must be for it. */
import type { TableRecord } from './records.ts';
import { refuse } from './result.ts';
import type { CatalogueTables } from './tables.ts';

/** What DynamoDB says of a table that is not there. */
export const noSuchTable = (name: string): string => `Requested resource not found: Table: ${name} not found`;

const STILL_IN_USE = 'Attempt to change a resource which is still in use';

export function existingTable(tables: CatalogueTables, accountId: string, name: string): TableRecord {
  return tables.table(accountId, name) ?? refuse('ResourceNotFoundException', noSuchTable(name));
}

/** @throws Refused while something is being done to the table */
export function checkIsActive({ status, name }: TableRecord): void {
  if (status === 'ACTIVE') return;
  const what = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' }[status];
  refuse('ResourceInUseException', `${STILL_IN_USE}: Table is being ${what}: ${name}`);
}

/** @throws Refused while an index is being made, filled or deleted */
export function checkIndexIsActive(table: TableRecord, index: TableRecord['globals'][number]): void {
  if (index.status === 'ACTIVE') return;
  const what = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' }[index.status];
  refuse(
    'ResourceInUseException',
    `${STILL_IN_USE}: Index is being ${what}. Table: ${table.name} Index: ${index.name}`,
  );
}
