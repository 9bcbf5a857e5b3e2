/** The operations on tables. */
export { createTable } from './create-table.ts';
export { deleteTable } from './delete-table.ts';
export { describeEndpoints } from './describe-endpoints.ts';
export { describeLimits } from './describe-limits.ts';
export { describeTable } from './describe-table.ts';
export { listTables } from './list-tables.ts';
export { updateTable } from './update-table.ts';
