/** Tells what a table is, and how far it has come. */
import { operation } from '@stormglass/service-kit';
import type { DynamoDbClient, DynamoDbDeps } from '../../deps.ts';
import { findTable } from '../../find.ts';
import { onTable } from '../../permissions.ts';
import { shownTable } from '../../shapes.ts';

export const describeTable = operation<DynamoDbClient, 'DescribeTable', DynamoDbDeps>({
  name: 'DescribeTable',
  state: 'strong-read',
  permission: onTable,
  gaps: ['Items and bytes are counted as they are now; AWS counts every six hours.'],
  handle: ({ TableName }, call, deps) => ({ Table: shownTable(findTable(deps, call, TableName), call, deps) }),
});
