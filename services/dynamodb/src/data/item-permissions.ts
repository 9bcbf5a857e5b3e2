/** What requests for items must be allowed on, and which keys policies are told of (`dynamodb:LeadingKeys`). */
import type { Call, Caller, ConditionKeys, RequiredPermission } from '@stormglass/service-kit';
import { requestedTable } from '../names.ts';
import { onTable } from '../permissions.ts';
import type { ItemDeps } from './cells.ts';
import { OF_QUERIES, RequestExpressions } from './request-expressions.ts';

type Permission<Input> = RequiredPermission<Input, ItemDeps>;

interface NamesItem {
  readonly TableName?: string | undefined;
  readonly Key?: unknown;
  readonly Item?: unknown;
}

export const onItem: Permission<NamesItem> = {
  ...onTable,
  context: (input, caller, deps) => contextOf(input.TableName, [input.Key ?? input.Item], caller, deps),
};

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

export const toQuery: typeof onTableOrIndex = {
  ...onTableOrIndex,
  context: (input, caller, deps) => {
    const table = tableAt(input.TableName, caller, deps);
    const indexes = [...(table?.locals ?? []), ...(table?.globals ?? [])];
    const schema =
      input.IndexName === undefined ? table?.schema : indexes.find(each => each.name === input.IndexName)?.schema;
    const asked = schema && attempt(() => new RequestExpressions(input, OF_QUERIES).open().keyCondition(schema));
    return { ...onTable.context?.(input, caller, deps), ...(asked && keysOf([asked.hash])) };
  },
};

/** Something that is asked of a table. */
export interface AskedOfTable {
  readonly action: string;
  readonly TableName: string;
  /** Items or keys, which nobody has checked yet. */
  readonly items: readonly unknown[];
}

/**
 * Asks the policies about each table of a request over several, which may be of several accounts.
 *
 * @throws AwsError when one of them does not allow it
 */
export async function allowOnTables(deps: ItemDeps, call: Call, asked: readonly AskedOfTable[]): Promise<void> {
  for (const each of Map.groupBy(asked, ({ action, TableName }) => `${action} ${TableName}`).values()) {
    const { action, TableName } = each[0]!;
    const items = each.flatMap(part => part.items);
    const resource = onTable.resource({ TableName }, call, deps) as string;
    const owner = onTable.owner?.({ TableName }, call, deps);
    const context = contextOf(TableName, items, call, deps);
    await call.allow({ action: `dynamodb:${action}`, resource, context, ...(owner && { owner }) });
  }
}

function contextOf(
  TableName: string | undefined,
  items: readonly unknown[],
  caller: Caller,
  deps: ItemDeps,
): ConditionKeys {
  const hash = tableAt(TableName, caller, deps)?.schema.hash.name;
  const values = items.map(item => (hash === undefined ? undefined : fieldOf(item, hash)));
  return { ...onTable.context?.({ TableName }, caller, deps), ...keysOf(values) };
}

/** The values of hash keys as text. Whatever is no key is refused later, when input is checked. */
export function keysOf(values: readonly unknown[]): ConditionKeys {
  const texts = values
    .map(value => fieldOf(value, 'S') ?? fieldOf(value, 'N') ?? fieldOf(value, 'B'))
    .filter(text => typeof text === 'string');
  return texts.length === 0 ? {} : { 'dynamodb:LeadingKeys': [...new Set(texts)] };
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

export const tableAt = (TableName: string | undefined, caller: Caller, { catalogue }: ItemDeps) => {
  const named = TableName === undefined ? undefined : attempt(() => requestedTable(TableName, caller));
  return named && catalogue.view.table(named.accountId, named.name);
};

/** Undefined where the input is wrong, which is said when it is checked. */
export function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
