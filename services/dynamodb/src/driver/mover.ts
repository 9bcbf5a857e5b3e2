/**
 * Splits a partition while it is written: its upper items are copied in pieces to a new one in another cell, then what has
 * changed of them meanwhile, until little is left; that follows while they are frozen, and they are handed over.
 *
 * Several zones may do it at once: of each item the latest version holds. What a zone has copied it knows itself; another
 * one that takes over begins again.
 */
import { type Clock, sleep } from '@stormglass/base';
import type { ItemCommand, MovedKey } from '@stormglass/item-store';
import { type PartitionPlace, type TableRecord, wantedPartition } from '@stormglass/table-catalogue';
import type { Cell, Cells } from './cell.ts';

/** Items and bytes of a piece; a command must fit into an entry of the log. */
const PIECE = { items: 500, bytes: 256 * 1024 };
/** So much is copied before other tables have their turn. */
const PIECES_PER_TURN = 40;
/** As little as this may be left when the items are frozen. */
const FROZEN_ITEMS = 100;
/** Transactions are soon over, or abandoned: then the next turn goes on. */
const HELD_LOOKS = 50;
const LOOK_MS = 10;

export type SplitPlace = PartitionPlace & { readonly split: NonNullable<PartitionPlace['split']> };

/** How far this zone has come. */
interface Copied {
  /** The last key that was copied; undefined at the beginning. */
  key: Uint8Array | undefined;
  isWhole: boolean;
  change: MovedKey | undefined;
}

export interface MoverOptions {
  readonly cells: Cells;
  readonly clock: Clock;
  /** @throws LogUnavailable */
  readonly execute: (cell: number, command: ItemCommand) => Promise<void>;
  readonly signal: AbortSignal;
}

export class Mover {
  readonly #options: MoverOptions;
  /** By the numbers of the partitions that receive. */
  readonly #copied = new Map<number, Copied>();
  /** How many items those have that another zone may be copying. */
  readonly #seen = new Map<number, number>();

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  /** Goes on with a split for one turn. True when all of it has been handed over. @throws LogUnavailable */
  async turn(table: TableRecord, place: SplitPlace): Promise<boolean> {
    const { cells, execute } = this.#options;
    const { split, id, cell } = place;
    const [source, target] = [cells.get(cell), cells.get(split.cell)];
    if (source === undefined || target === undefined) return false;
    const isOpen = () => target.view.partition(split.id)?.isReceiving === false;
    if (isOpen()) return this.#over(split.id);
    if (!this.#copied.has(split.id) && this.#isFed(split.id, target)) return false;
    const definition = wantedPartition(table, { id: split.id, from: split.at, to: place.to });
    await execute(split.cell, { type: 'CreatePartition', definition, isReceiving: true });
    await execute(cell, { type: 'BeginMove', partition: id, from: split.at });
    if (!(await this.#copy(source, place))) return false;
    await execute(cell, { type: 'FreezePartition', partition: id, from: split.at });
    if (!(await this.#released(source, id))) return false;
    while ((await this.#follow(source, place)) > 0);
    const firstRecord = recordsBehind(table, place, source);
    await execute(split.cell, { type: 'OpenPartition', partition: split.id, firstRecord });
    return isOpen() && this.#over(split.id);
  }

  #over(receiver: number): true {
    this.#copied.delete(receiver);
    this.#seen.delete(receiver);
    return true;
  }

  /** Whether the receiver was given items since the last turn, by another zone: then it is left to that one. */
  #isFed(receiver: number, { view }: Cell): boolean {
    const items = view.partition(receiver) === undefined ? 0 : view.counts(receiver).items;
    const before = this.#seen.get(receiver);
    this.#seen.set(receiver, items);
    return items !== before;
  }

  /** True when so little is left that the items may be frozen. */
  async #copy({ view }: Cell, place: SplitPlace): Promise<boolean> {
    const copied = this.#copiedOf(place);
    for (let pieces = 0; pieces < PIECES_PER_TURN && !this.#options.signal.aborted; pieces++) {
      if (copied.isWhole) {
        if ((await this.#follow({ view }, place)) <= FROZEN_ITEMS) return true;
        continue;
      }
      const piece = view.handOver(place.id, copied.key, PIECE.items, PIECE.bytes);
      // Called off, or dropped with its table.
      if (piece === undefined) return false;
      if (piece.items.length > 0) await this.#send(place, { items: piece.items });
      if (piece.after === undefined) copied.isWhole = true;
      else copied.key = piece.after;
    }
    return false;
  }

  /** Sends what has changed, as far as it fits into one piece. @returns how many items that was */
  async #follow({ view }: Pick<Cell, 'view'>, place: SplitPlace): Promise<number> {
    const copied = this.#copiedOf(place);
    const { items, gone, after } = view.movedChanges(place.id, copied.change, PIECE.items, PIECE.bytes);
    if (after === undefined) return 0;
    await this.#send(place, { items, gone });
    copied.change = after;
    return items.length + gone.length;
  }

  #send({ split }: SplitPlace, what: Pick<Extract<ItemCommand, { type: 'ReceiveItems' }>, 'items' | 'gone'>) {
    return this.#options.execute(split.cell, { type: 'ReceiveItems', partition: split.id, ...what });
  }

  /** Whether no transaction holds frozen items any more. */
  async #released({ view }: Cell, partition: number): Promise<boolean> {
    const { clock, signal } = this.#options;
    for (let look = 0; look < HELD_LOOKS; look++) {
      if (!view.isHeld(partition)) return true;
      await sleep(clock, LOOK_MS, signal);
    }
    return false;
  }

  #copiedOf({ split }: SplitPlace): Copied {
    const known = this.#copied.get(split.id);
    if (known !== undefined) return known;
    const copied: Copied = { key: undefined, isWhole: false, change: undefined };
    this.#copied.set(split.id, copied);
    return copied;
  }
}

/** A number behind all records of the items that were handed over, and behind that of the shard that has them. */
function recordsBehind({ stream }: TableRecord, { id }: SplitPlace, { view }: Cell): number {
  const shards = stream === undefined ? [] : view.shards(stream.id).filter(({ partition }) => partition === id);
  return Math.max(0, ...shards.map(({ next }) => next)) + 1;
}
