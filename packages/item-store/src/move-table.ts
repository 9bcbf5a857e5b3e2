/**
 * Keys of items that are moving to another partition. In the one that hands them over: those that changed since it began,
 * with their versions. In the one that receives: those of items that are gone, so that an older version cannot bring them
 * back.
 */
import type { SqliteState } from '@stormglass/replicated-state';

export interface MovedKey {
  readonly key: Buffer;
  readonly version: number;
}

export class MoveTable {
  readonly #stored: SqliteState;

  constructor(stored: SqliteState) {
    this.#stored = stored;
  }

  note(partition: number, key: Uint8Array, version: number): void {
    this.#stored.statement('INSERT OR REPLACE INTO moves VALUES (?, ?, ?)').run(partition, key, version);
  }

  version(partition: number, key: Uint8Array): number | undefined {
    const row = this.#stored.statement('SELECT version FROM moves WHERE partition = ? AND key = ?').get(partition, key);
    return row === undefined ? undefined : Number(row.version);
  }

  /** In the order of versions, and of keys where several changed at once. */
  after(partition: number, { version, key }: MovedKey, limit: number): MovedKey[] {
    const sql = `SELECT key, version FROM moves WHERE partition = ? AND (version, key) > (?, ?)
      ORDER BY version, key LIMIT ?`;
    return this.#stored
      .statement(sql)
      .all(partition, version, key, limit)
      .map(row => ({ key: Buffer.from(row.key as Uint8Array), version: Number(row.version) }));
  }

  clear(partition: number): void {
    this.#stored.statement('DELETE FROM moves WHERE partition = ?').run(partition);
  }
}
