/** What statements must be allowed on (Developer Guide, "IAM security policies with PartiQL for DynamoDB"). */
import { keyOf, readsOf } from '@stormglass/items';
import type { Call, ConditionKeys } from '@stormglass/service-kit';
import type { TableRecord } from '@stormglass/table-catalogue';
import { onTable } from '../../permissions.ts';
import type { ItemDeps } from '../cells.ts';
import { attempt, keysOf, onTableOrIndex, tableAt } from '../item-permissions.ts';
import type { GivenStatement } from './given-statement.ts';
import { writeIn } from './write-statement.ts';

const ACTIONS = {
  select: 'PartiQLSelect',
  exists: 'PartiQLSelect',
  insert: 'PartiQLInsert',
  update: 'PartiQLUpdate',
  delete: 'PartiQLDelete',
} as const;

/** Asks the policies about a statement. @throws AwsError when one of them does not allow it */
export async function allowStatement(deps: ItemDeps, call: Call, given: GivenStatement): Promise<void> {
  const { kind, target } = given.statement;
  const { table: TableName, index: IndexName } = target;
  const resource = onTableOrIndex.resource({ TableName, IndexName }, call, deps);
  const owner = onTable.owner?.({ TableName }, call, deps);
  const table = tableAt(TableName, call, deps);
  const context = {
    ...onTable.context?.({ TableName }, call, deps),
    ...(table && attempt(() => keysAsked(given, table))),
  };
  await call.allow({
    action: `dynamodb:${ACTIONS[kind]}`,
    resource: resource as string,
    context,
    ...(owner && { owner }),
  });
}

/** The hash keys that a statement is about, or that it looks at all there are. */
function keysAsked({ statement, parameters }: GivenStatement, table: TableRecord): ConditionKeys {
  if (statement.kind === 'exists') {
    const { key } = keyOf(statement.where, table.schema, parameters);
    return keysOf([key?.[table.schema.hash.name]]);
  }
  if (statement.kind !== 'select') {
    const write = writeIn({ statement, parameters }, table);
    return keysOf([(write.op === 'put' ? write.item : write.key)[table.schema.hash.name]]);
  }
  const { index } = statement.target;
  const schema = [...table.locals, ...table.globals].find(({ name }) => name === index)?.schema ?? table.schema;
  const { ranges } = readsOf(statement.where, [], schema, parameters);
  return {
    'dynamodb:FullTableScan': String(ranges === undefined),
    ...keysOf((ranges ?? []).map(({ hash }) => hash)),
  };
}
