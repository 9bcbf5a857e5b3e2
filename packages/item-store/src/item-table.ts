/** Rows of items. */
import type { SqliteState } from '@stormglass/replicated-state';

export interface StoredItem {
  /** Place in the log of what wrote it: another one after every change. */
  readonly version: number;
  /** As DynamoDB counts it, in bytes. */
  readonly size: number;
  /** The item as JSON text. */
  readonly item: string;
}

export interface KeyedItem extends StoredItem {
  readonly key: Uint8Array;
}

export class ItemTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  get(partition: number, key: Uint8Array): StoredItem | undefined {
    const sql = 'SELECT version, size, item FROM items WHERE partition = ? AND key = ?';
    return this.#stored.statement(sql).get(partition, key) as unknown as StoredItem | undefined;
  }

  put(partition: number, { key, version, size, item }: KeyedItem): void {
    this.#stored
      .statement('INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?)')
      .run(partition, key, version, size, item);
  }

  delete(partition: number, key: Uint8Array): void {
    this.#stored.statement('DELETE FROM items WHERE partition = ? AND key = ?').run(partition, key);
  }

  /** In the order of keys, after one of them: at most `limit`, and beyond the first at most `bytes`. */
  after(partition: number, key: Uint8Array, limit: number, bytes: number): KeyedItem[] {
    const sql = 'SELECT key, version, size, item FROM items WHERE partition = ? AND key > ? ORDER BY key LIMIT ?';
    const items: KeyedItem[] = [];
    let left = bytes;
    for (const row of this.#stored.statement(sql).iterate(partition, key, limit)) {
      left -= Number(row.size);
      if (left < 0 && items.length > 0) break;
      items.push(row as unknown as KeyedItem);
    }
    return items;
  }

  /** The number of rows that went. */
  deleteSome(partition: number, limit: number): number {
    const sql = `DELETE FROM items WHERE partition = ?1 AND key IN (
      SELECT key FROM items WHERE partition = ?1 ORDER BY key LIMIT ?2)`;
    return Number(this.#stored.statement(sql).run(partition, limit).changes);
  }
}
