/**
 * The state of a cell of the key-value store: partitions, their items and indexes, transactions, streams.
 *
 * K1  An item is in the partition whose hashes include its key's, and an entry of an index beside its item.
 * K2  An index that is filled has an entry for exactly the items that have its key, with what it projects of them.
 * K3  What is counted of items, entries, bytes and collections is what counting them gives.
 * K4  A refused write or command changes nothing (but what a failed condition costs), and a transaction does all of its writes or none.
 * K5  An item that is prepared is written by nothing but the end of its transaction.
 * K6  The first decision on a transaction is the only one, and a commit is kept until it is forgotten.
 * K7  The records of a stream, in order of their numbers, lead from the items at its beginning to those of now.
 * K8  A request is done once in ten minutes.
 * K9  What a partition with a history was at any moment since the history's beginning can be read from it.
 *
 * `state.property.test.ts` checks them after random commands. Nothing but the tables is remembered from one command to the
 * next, so that they may be set back, copied or replaced between any two.
 */
import type { Logger } from '@stormglass/base';
import { type ApplyContext, SqliteState, type StateMachine } from '@stormglass/replicated-state';
import type { AppliersOf } from './applier.ts';
import { applyBackups } from './apply-backups.ts';
import { applyMoves } from './apply-moves.ts';
import { applyPartitions } from './apply-partitions.ts';
import { applySteps } from './apply-steps.ts';
import { applyTransactions } from './apply-transactions.ts';
import { applyWrites } from './apply-writes.ts';
import { CellView } from './cell-view.ts';
import type { ItemCommand } from './commands.ts';
import { type ItemResult, refusalOr } from './result.ts';
import { TABLES } from './schema.ts';
import { StoreTables } from './tables.ts';
import type { ItemStoreView } from './view.ts';

const FORMAT = 2;

// Complete, or it does not compile.
const APPLIERS: AppliersOf<ItemCommand['type']> = {
  ...applyPartitions,
  ...applyMoves,
  ...applyWrites,
  ...applyTransactions,
  ...applySteps,
  ...applyBackups,
};

export interface ItemStoreOptions {
  /** Of the cell, which is the machine's: `items-1`. */
  readonly name: string;
  /** Path of the file with the tables, or `:memory:`. */
  readonly path: string;
  readonly logger: Logger;
  /** Asked before each batch of changes; throws where writing is to fail. */
  readonly beforeWrite?: (() => void) | undefined;
}

export class ItemStore implements StateMachine<ItemCommand, ItemResult, ItemStoreView> {
  readonly name: string;
  readonly format = FORMAT;
  readonly stored: SqliteState;
  readonly view: ItemStoreView;
  readonly #tables: StoreTables;

  /** Takes milliseconds, however much there is. */
  static open(options: ItemStoreOptions): ItemStore {
    const { name, ...rest } = options;
    return new ItemStore(name, new SqliteState({ ...rest, machine: name, format: FORMAT, tables: TABLES }));
  }

  private constructor(name: string, stored: SqliteState) {
    this.name = name;
    this.stored = stored;
    this.#tables = new StoreTables(stored);
    this.view = new CellView(stored, this.#tables);
  }

  apply(context: ApplyContext, command: ItemCommand): ItemResult {
    const type: string = command.type;
    // A newer build may have proposed it while this zone is still being deployed to.
    if (!Object.hasOwn(APPLIERS, type))
      return { ok: false, code: 'UnknownCommand', message: `This replica does not know the command ${type}.` };
    // The table pairs each type with the applier of that type; TypeScript cannot follow the pairing through an index.
    const apply = APPLIERS[command.type] as (
      tables: StoreTables,
      command: ItemCommand,
      context: ApplyContext,
    ) => ItemResult;
    return refusalOr(() => apply(this.#tables, command, context));
  }

  snapshot(): Iterable<unknown> {
    return this.stored.snapshot();
  }

  install(records: Iterable<unknown>): void {
    this.stored.install(records);
  }
}
