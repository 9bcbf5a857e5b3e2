/** What reads of tables and indexes, and requests over several tables, must be allowed on. */
import type { Call, RequiredPermission } from '@stormglass/service-kit';
import { onTable } from '../permissions.ts';
import type { ItemDeps } from './cells.ts';

type Permission<Input> = RequiredPermission<Input, ItemDeps>;

/** An index has an ARN of its own. */
export const onTableOrIndex: Permission<{
  readonly TableName?: string | undefined;
  readonly IndexName?: string | undefined;
}> = {
  ...onTable,
  resource: (input, caller, deps) => {
    const table = onTable.resource(input, caller, deps) as string;
    return input.IndexName === undefined ? table : `${table}/index/${input.IndexName}`;
  },
};

/**
 * Asks the policies about each table of a request over several, which may be of several accounts.
 *
 * @throws AwsError when one of them does not allow it
 */
export async function allowOnTables(
  deps: ItemDeps,
  call: Call,
  asked: Iterable<{ readonly action: string; readonly TableName: string }>,
): Promise<void> {
  const done = new Set<string>();
  for (const { action, TableName } of asked) {
    const resource = onTable.resource({ TableName }, call, deps) as string;
    if (done.has(`${action} ${resource}`)) continue;
    done.add(`${action} ${resource}`);
    const owner = onTable.owner?.({ TableName }, call, deps);
    const context = onTable.context?.({ TableName }, call, deps) ?? {};
    await call.allow({ action: `dynamodb:${action}`, resource, context, ...(owner && { owner }) });
  }
}
