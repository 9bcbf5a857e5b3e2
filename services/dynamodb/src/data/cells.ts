/** What reads and writes of items work on: the map of partitions, and the zone's replicas of the cells that have them. */
import type { Clock } from '@stormglass/base';
import type { ItemCommand, ItemResult, ItemStoreView, ValueOf } from '@stormglass/item-store';
import { HASHES, keyHash } from '@stormglass/item-store';
import { type Item, keyBytes } from '@stormglass/items';
import type { Replica } from '@stormglass/replicated-state';
import type { Call } from '@stormglass/service-kit';
import { type PartitionPlace, partitionOf, type TableRecord } from '@stormglass/table-catalogue';
import type { DynamoDbDeps } from '../deps.ts';
import { MapOutdated, refusalError } from './errors.ts';
import type { ReadBudgets } from './read-budgets.ts';

export type CellReplica = Replica<ItemCommand, ItemResult, ItemStoreView>;

export interface ItemDeps extends DynamoDbDeps {
  /** Replicas of all cells, by the cells' numbers. */
  readonly cellReplicas: ReadonlyMap<number, CellReplica>;
  readonly clock: Clock;
  /** Of this zone; reads are not limited if absent. */
  readonly readBudgets?: ReadBudgets;
}

/** How a call executes its commands. */
export type Calling = Pick<Call, 'commandId' | 'deadline' | 'trace'>;

/** @throws MapOutdated when this zone does not know the cell yet */
export function cellOf({ cellReplicas }: Pick<ItemDeps, 'cellReplicas'>, cell: number): CellReplica {
  const replica = cellReplicas.get(cell);
  if (replica === undefined) throw new MapOutdated(`cell ${cell} is not known here`);
  return replica;
}

/** The partition that has the item of a key, which must have been checked. */
export const placeOf = (table: TableRecord, key: Item): PartitionPlace =>
  partitionOf(table, keyHash(keyBytes(key[table.schema.hash.name]!)));

/**
 * Refuses a strong read by a map that may be old, of a partition that is being split, in a cell that is up to date. By a
 * newer map the upper half may be another cell's already, and written there; this one gives it up only afterwards. By a
 * map that was brought up to date after the read began, what is here is what the read may see.
 *
 * @throws MapOutdated
 */
export function checkNotMoving(deps: Pick<ItemDeps, 'cellReplicas'>, places: readonly PartitionPlace[]): void {
  for (const { cell, id } of places)
    if (cellOf(deps, cell).view.partition(id)?.frozenFrom !== undefined)
      throw new MapOutdated(`partition ${id} is being split`);
}

/** Part `segment` of `total` equal ones of all hashes. */
export const hashesOf = (segment: number, total: number): { readonly from: number; readonly to: number } => ({
  from: Math.floor((segment * HASHES) / total),
  to: Math.floor(((segment + 1) * HASHES) / total),
});

/**
 * Executes a command in a cell. `part` tells it from other commands of the same call.
 *
 * @throws AwsError when the cell refuses it; MapOutdated, LogUnavailable
 */
export async function executeIn<Command extends ItemCommand>(
  deps: Pick<ItemDeps, 'cellReplicas'>,
  cell: number,
  call: Calling,
  command: Command,
  part: string,
): Promise<ValueOf<Command['type']>> {
  const { commandId: id, deadline, trace } = call;
  const commandId = id === undefined ? undefined : `${id}.${part}`;
  const result = await resultIn(deps, cell, { commandId, deadline, trace }, command);
  if (!result.ok) throw refusalError(result);
  return result.value;
}

/** Executes a command in a cell, which may refuse it. @throws MapOutdated, LogUnavailable */
export async function resultIn<Command extends ItemCommand>(
  deps: Pick<ItemDeps, 'cellReplicas'>,
  cell: number,
  { commandId: id, deadline, trace }: Calling,
  command: Command,
): Promise<ItemResult<Command['type']>> {
  return (await cellOf(deps, cell).execute(command, { id, deadline, trace })) as ItemResult<Command['type']>;
}

/** What commands may have of writes, as JSON text, so that a log takes them: it takes 960 KiB. */
const COMMAND_LENGTH_MAX = 700 * 1024;

/** The writes in as few commands as possible, in their order. */
export function inCommands<Each extends { readonly write: object }>(writes: readonly Each[]): Each[][] {
  const commands: Each[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const each of writes) {
    // An item may be large, and few are: its text is made twice.
    const bytes = Buffer.byteLength(JSON.stringify(each.write));
    if (length + bytes > COMMAND_LENGTH_MAX) {
      commands.push([]);
      length = 0;
    }
    commands.at(-1)!.push(each);
    length += bytes;
  }
  return commands;
}

/** What belongs to each cell. */
export const byCell = <Each extends { readonly cell: number }>(all: readonly Each[]): ReadonlyMap<number, Each[]> =>
  Map.groupBy(all, ({ cell }) => cell);
