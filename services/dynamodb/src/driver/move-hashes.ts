/** Splits a partition: its upper hashes are frozen, copied in pieces into a new one in another cell, and handed over. */
import type { ItemCommand } from '@stormglass/item-store';
import { type PartitionPlace, type TableRecord, wantedPartition } from '@stormglass/table-catalogue';
import type { Cells } from './cell.ts';

const NO_STREAM = 0;
/** Items and bytes of a piece; a command must fit into an entry of the log. */
const PIECE = { items: 500, bytes: 256 * 1024 };

/**
 * Moves what a split is to move. False while transactions hold items of it: then it goes on later, from its beginning.
 * @throws LogUnavailable
 */
export async function moveHashes(
  table: TableRecord,
  place: PartitionPlace & { readonly split: NonNullable<PartitionPlace['split']> },
  cells: Cells,
  execute: (cell: number, command: ItemCommand) => Promise<void>,
): Promise<boolean> {
  const { split } = place;
  const [source, target] = [cells.get(place.cell), cells.get(split.cell)];
  if (source === undefined || target === undefined) return false;
  const isOpen = () => target.view.partition(split.id)?.isReceiving === false;
  if (isOpen()) return true;
  const definition = wantedPartition(table, { id: split.id, from: split.at, to: place.to });
  await execute(split.cell, { type: 'CreatePartition', definition, isReceiving: true });
  await execute(place.cell, { type: 'FreezePartition', partition: place.id, from: split.at });
  let after: Uint8Array | undefined;
  do {
    const piece = source.view.handOver(place.id, after, PIECE.items, PIECE.bytes);
    if (piece === undefined) return false;
    if (piece.items.length > 0)
      await execute(split.cell, { type: 'ReceiveItems', partition: split.id, items: piece.items });
    after = piece.after;
  } while (after !== undefined);
  // All records of the items that were moved are there by now: nothing was locked any more.
  const shards = source.view.shards(table.stream?.id ?? NO_STREAM).filter(({ partition }) => partition === place.id);
  const firstRecord = Math.max(0, ...shards.map(({ next }) => next)) + 1;
  await execute(split.cell, { type: 'OpenPartition', partition: split.id, firstRecord });
  return isOpen();
}
