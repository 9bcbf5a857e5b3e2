/** Copies of partitions for backups, each with how far it has come. They outlive the partition. */
import type { SqliteState } from '@stormglass/replicated-state';
import type { KeyedItem } from './item-table.ts';

/** The copy of one partition. */
export interface BackupCopy {
  readonly backup: number;
  readonly partition: number;
  readonly isComplete: boolean;
  readonly items: number;
  /** Sizes of the items as DynamoDB counts them. */
  readonly bytes: number;
}

export type CopiedItem = Pick<KeyedItem, 'key' | 'size' | 'item'>;

export class BackupTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  /** The key up to which the partition is copied, null when it is done, undefined when nothing has begun. */
  filledUpTo(backup: number, partition: number): Uint8Array | null | undefined {
    const sql = 'SELECT filled FROM backups WHERE backup = ? AND partition = ?';
    return this.#stored.statement(sql).get(backup, partition)?.filled as Uint8Array | null | undefined;
  }

  /** Adds items, the last ones if there are none. */
  add(backup: number, partition: number, items: readonly CopiedItem[]): void {
    const insert = this.#stored.statement('INSERT INTO backup_items VALUES (?, ?, ?, ?, ?)');
    for (const { key, size, item } of items) insert.run(backup, partition, key, size, item);
    const bytes = items.reduce((sum, { size }) => sum + size, 0);
    const filled = items.at(-1)?.key ?? null;
    this.#stored
      .statement(
        `INSERT INTO backups VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
           filled = excluded.filled, items = items + excluded.items, bytes = bytes + excluded.bytes`,
      )
      .run(backup, partition, filled, items.length, bytes);
  }

  /** In the order of keys, after one of them: at most `limit`, and beyond the first at most `bytes`. */
  after(backup: number, partition: number, key: Uint8Array, limit: number, bytes: number): CopiedItem[] {
    const sql = `SELECT key, size, item FROM backup_items WHERE backup = ? AND partition = ? AND key > ?
      ORDER BY key LIMIT ?`;
    const items: CopiedItem[] = [];
    let left = bytes;
    for (const row of this.#stored.statement(sql).iterate(backup, partition, key, limit)) {
      left -= Number(row.size);
      if (left < 0 && items.length > 0) break;
      items.push(row as unknown as CopiedItem);
    }
    return items;
  }

  get(backup: number, partition: number): BackupCopy | undefined {
    const sql = 'SELECT filled, items, bytes FROM backups WHERE backup = ? AND partition = ?';
    const row = this.#stored.statement(sql).get(backup, partition);
    if (row === undefined) return undefined;
    return { backup, partition, isComplete: row.filled === null, items: Number(row.items), bytes: Number(row.bytes) };
  }

  numbers(): number[] {
    const rows = this.#stored.statement('SELECT DISTINCT backup FROM backups ORDER BY backup').all();
    return rows.map(({ backup }) => Number(backup));
  }

  /** The number of rows that went. */
  deleteSome(backup: number, limit: number): number {
    const sql = `DELETE FROM backup_items WHERE (backup, partition, key) IN (
      SELECT backup, partition, key FROM backup_items WHERE backup = ? ORDER BY partition, key LIMIT ?)`;
    const gone = Number(this.#stored.statement(sql).run(backup, limit).changes);
    if (gone > 0) return gone;
    return Number(this.#stored.statement('DELETE FROM backups WHERE backup = ?').run(backup).changes);
  }
}
