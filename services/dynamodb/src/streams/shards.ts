/**
 * Shards of a stream, over all cells, as this zone has them. A zone that lags behind has fewer of them, and fewer records;
 * where that would mislead the reader the cells are brought up to date first, if that is possible.
 */
import { type KeptShard, RECORD_MS, type Shard } from '@stormglass/item-store';
import type { Call } from '@stormglass/service-kit';
import type { CellReplica } from '../data/cells.ts';
import type { StreamsDeps } from './deps.ts';
import { type ShardPlace, shardId } from './shard-names.ts';

type Cells = Pick<StreamsDeps, 'cellReplicas' | 'clock'>;

/** Of what is left until the caller's deadline, the part that waiting for cells may take. */
const PATIENCE = 0.5;

/** Brings cells up to date, all or one. False when one of them cannot be: then the zone answers from what it has. */
export async function freshened(
  { cellReplicas, clock }: Cells,
  call: Pick<Call, 'deadline'>,
  cells: Iterable<CellReplica> = cellReplicas.values(),
): Promise<boolean> {
  const now = clock.monotonic();
  const deadline = now + (call.deadline - now) * PATIENCE;
  const outcomes = await Promise.allSettled([...cells].map(cell => cell.upToDate(deadline)));
  return outcomes.every(({ status }) => status === 'fulfilled');
}

export interface ListedShard extends Shard {
  readonly id: string;
  /** The one that has to be read before it. */
  readonly parent: string | undefined;
}

/**
 * The shards of a stream in the order of their names. A shard whose parent this zone does not have yet is left out, so that
 * nobody takes it for one of the first.
 */
export function shardsOf({ cellReplicas }: Cells, stream: number, now: number): ListedShard[] {
  const shards = [...cellReplicas.values()].flatMap(({ view }) => view.shards(stream));
  return shards
    .map(shard => ({ ...shard, id: shardId(shard), parent: parentOf(shard, shards) }))
    .filter(({ isChild, parent, opened }) => !isChild || parent !== undefined || opened <= now - RECORD_MS)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Hashes of a shard were all in the one before it, whose numbers are smaller: the last of those that had them. */
function parentOf({ low, high, first }: Shard, shards: readonly Shard[]): string | undefined {
  let parent: Shard | undefined;
  for (const each of shards) {
    const isBefore = each.low <= low && each.high >= high && each.first < first;
    if (isBefore && each.first > (parent?.first ?? 0)) parent = each;
  }
  return parent && shardId(parent);
}

export interface FoundShard extends KeptShard {
  readonly cell: number;
}

/** The shard of a stream that is in that place, in whichever cell, as this zone has it. */
export function shardAt({ cellReplicas }: Cells, stream: number, place: ShardPlace): FoundShard | undefined {
  for (const [cell, { view }] of cellReplicas) {
    const shard = view.shard(place.partition, stream, place.first);
    if (shard !== undefined) return { ...shard, cell };
  }
  return undefined;
}
