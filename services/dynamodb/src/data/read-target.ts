/** What Query and Scan read: a table or one of its indexes, and how much of its items. */
import type { Select } from '@aws-sdk/client-dynamodb';
import { type Condition, InvalidInput, type KeySchema, type Projection } from '@stormglass/items';
import type { IndexRecord, TableRecord } from '@stormglass/table-catalogue';
import { INVALID } from './errors.ts';

/** A table, or an index of it. */
export interface Target {
  readonly table: TableRecord;
  readonly index?: { readonly record: IndexRecord; readonly isLocal: boolean };
  /** Of the index, or else of the table. */
  readonly schema: KeySchema;
}

/** @throws InvalidInput when the table has no such index, or none that can be read */
export function targetOf(table: TableRecord, indexName: string | undefined, isStrong: boolean): Target {
  if (indexName === undefined) return { table, schema: table.schema };
  const local = table.locals.find(({ name }) => name === indexName);
  if (local !== undefined) return { table, index: { record: local, isLocal: true }, schema: local.schema };
  const global = table.globals.find(({ name }) => name === indexName);
  if (global === undefined) throw new InvalidInput(`The table does not have the specified index: ${indexName}`);
  if (isStrong) throw new InvalidInput('Consistent reads are not supported on global secondary indexes');
  if (global.status === 'CREATING' || global.isBackfilling)
    throw new InvalidInput(`Cannot read from backfilling global secondary index: ${indexName}`);
  if (global.status === 'DELETING') throw new InvalidInput(`The table does not have the specified index: ${indexName}`);
  return { table, index: { record: global, isLocal: false }, schema: global.schema };
}

interface Selection {
  readonly Select?: Select | undefined;
  readonly IndexName?: string | undefined;
  readonly AttributesToGet?: readonly string[] | undefined;
  readonly ProjectionExpression?: string | undefined;
}

/** @throws InvalidInput when `Select` does not go with what else there is */
export function checkSelect({ Select, IndexName, AttributesToGet, ProjectionExpression }: Selection): void {
  const list = AttributesToGet !== undefined ? 'AttributesToGet' : 'ProjectionExpression';
  const hasList = AttributesToGet !== undefined || ProjectionExpression !== undefined;
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined)
    throw new InvalidInput(`${INVALID}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`);
  if (Select === 'SPECIFIC_ATTRIBUTES' && !hasList)
    throw new InvalidInput(
      `${INVALID}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && hasList)
    throw new InvalidInput(
      `${INVALID}Cannot specify the ${list} when choosing to get ${Select === 'COUNT' ? 'only the Count' : Select}`,
    );
}

/**
 * Whether items must be read from the table because the index does not have all that is wanted of them, which only local
 * indexes offer.
 *
 * @throws InvalidInput where a global index would have to
 */
export function isWholeWanted(target: Target, select: Select | undefined, projection: Projection | undefined): boolean {
  const { index } = target;
  if (index === undefined || index.record.projection === 'ALL') return false;
  const { name } = index.record;
  if (select === 'ALL_ATTRIBUTES') {
    if (index.isLocal) return true;
    throw new InvalidInput(
      `${INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index ${name} because its projection type is not ALL`,
    );
  }
  const projected = projectedBy(target)!;
  const missing = [...(projection?.attributes ?? [])].filter(attribute => !projected.has(attribute));
  if (missing.length === 0 || index.isLocal) return missing.length > 0;
  throw new InvalidInput(`${INVALID}Global secondary index ${name} does not project [${missing.join(', ')}]`);
}

/** The attributes that an index has; undefined for all of them. */
export function projectedBy({ table, index, schema }: Target): ReadonlySet<string> | undefined {
  const has = index?.record.projection ?? 'ALL';
  if (has === 'ALL') return undefined;
  return new Set([...keyNames(table.schema), ...keyNames(schema), ...(has === 'KEYS_ONLY' ? [] : has)]);
}

/** @throws InvalidInput when the filter of a query looks at the key, which the key condition is for */
export function checkFilter(filter: Condition | undefined, schema: KeySchema): void {
  const key = keyNames(schema).find(name => filter?.attributes.has(name));
  if (key !== undefined)
    throw new InvalidInput(
      `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`,
    );
}

/** Names of a key's attributes, the hash's first. */
export const keyNames = ({ hash, range }: KeySchema): readonly string[] =>
  range === undefined ? [hash.name] : [hash.name, range.name];
