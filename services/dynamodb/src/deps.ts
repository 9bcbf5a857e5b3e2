/** What the operations of DynamoDB work on: the zone's replica of the catalogue of tables, and what the cells know of tables. */
import type { Random } from '@stormglass/base';
import type { Replica } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import type { CatalogueView, TableCommand, TableRecord, TableResult, ValueOf } from '@stormglass/table-catalogue';
import { refusalError } from './errors.ts';

/** The official client, whose types say what each operation takes and answers. */
export type DynamoDbClient = typeof import('@aws-sdk/client-dynamodb');

export type CatalogueReplica = Replica<TableCommand, TableResult, CatalogueView>;

/** How much a table or an index has. */
export interface Counts {
  readonly items: number;
  readonly bytes: number;
}

/** The counts of a table and of its indexes by their ids, over all partitions. */
export interface TableCounts extends Counts {
  readonly indexes: ReadonlyMap<number, Counts>;
}

export interface DynamoDbDeps {
  readonly catalogue: CatalogueReplica;
  readonly random: Random;
  /** Numbers of the cells that there are. */
  readonly cells: readonly number[];
  /** What this zone's copies of the cells have of a table. */
  readonly counts: (table: TableRecord) => TableCounts;
}

/**
 * Executes a command for a call and returns what it made. A retried call gets the value of its first attempt, so
 * answers are built from the value alone, never from what this attempt drew.
 * @throws AwsError when the catalogue refuses it
 */
export async function execute<Command extends TableCommand>(
  { catalogue }: Pick<DynamoDbDeps, 'catalogue'>,
  call: Call,
  command: Command,
): Promise<ValueOf<Command['type']>> {
  const { commandId: id, deadline, trace } = call;
  const result = await catalogue.execute(command, { id, deadline, trace });
  if (!result.ok) throw refusalError(result);
  return result.value as ValueOf<Command['type']>;
}
