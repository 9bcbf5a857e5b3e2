/** How large item collections are: all items of one hash key with their entries in local indexes. */
import type { SqliteState } from '@stormglass/replicated-state';

export class CollectionTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  bytes(partition: number, collection: Uint8Array): number {
    const sql = 'SELECT bytes FROM collections WHERE partition = ? AND key = ?';
    return Number(this.#stored.statement(sql).get(partition, collection)?.bytes ?? 0);
  }

  set(partition: number, collection: Uint8Array, bytes: number): void {
    if (bytes === 0)
      this.#stored.statement('DELETE FROM collections WHERE partition = ? AND key = ?').run(partition, collection);
    else
      this.#stored.statement('INSERT OR REPLACE INTO collections VALUES (?, ?, ?)').run(partition, collection, bytes);
  }

  /** The number of rows that went. */
  deleteSome(partition: number, limit: number): number {
    const sql = `DELETE FROM collections WHERE partition = ?1 AND key IN (
      SELECT key FROM collections WHERE partition = ?1 ORDER BY key LIMIT ?2)`;
    return Number(this.#stored.statement(sql).run(partition, limit).changes);
  }
}
