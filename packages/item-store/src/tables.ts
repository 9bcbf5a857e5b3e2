/** Everything that commands change. */
import type { SqliteState } from '@stormglass/replicated-state';
import { BackupTable } from './backup-table.ts';
import { BudgetTable } from './budget-table.ts';
import { CollectionTable } from './collection-table.ts';
import { Heat } from './heat.ts';
import { HistoryTable } from './history-table.ts';
import { IndexTable } from './index-table.ts';
import { ItemTable } from './item-table.ts';
import { MoveTable } from './move-table.ts';
import { PartitionTable, type StoredPartition } from './partition-table.ts';
import { refuse } from './result.ts';
import { StreamTable } from './stream-table.ts';
import { TransactionTable } from './transaction-table.ts';

export class StoreTables {
  readonly partitions: PartitionTable;
  readonly items: ItemTable;
  readonly indexes: IndexTable;
  readonly collections: CollectionTable;
  readonly budgets: BudgetTable;
  readonly transactions: TransactionTable;
  readonly streams: StreamTable;
  readonly history: HistoryTable;
  readonly backups: BackupTable;
  readonly moves: MoveTable;
  /** Not of the state: what was written lately, and where. */
  readonly heat = new Heat();

  constructor(stored: SqliteState) {
    this.partitions = new PartitionTable(stored);
    this.items = new ItemTable(stored);
    this.indexes = new IndexTable(stored);
    this.collections = new CollectionTable(stored);
    this.budgets = new BudgetTable(stored);
    this.transactions = new TransactionTable(stored);
    this.streams = new StreamTable(stored);
    this.history = new HistoryTable(stored);
    this.backups = new BackupTable(stored);
    this.moves = new MoveTable(stored);
  }
}

/** The partition of that number, in whatever state. */
export const partitionAt = (tables: StoreTables, id: number): StoredPartition =>
  tables.partitions.get(id) ?? refuse('Moved', `There is no partition ${id} here.`);
