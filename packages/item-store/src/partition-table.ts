/** Rows of partitions, kept ready in memory, and of what was dropped of them. */
import type { SqliteState } from '@stormglass/replicated-state';
import { type IndexRules, indexRules } from './index-rules.ts';
import type { IndexDefinition, Partition } from './partition.ts';

/** A partition with what is derived from its definition. */
export interface StoredPartition extends Partition {
  readonly rules: readonly IndexRules[];
  readonly hasLocalIndexes: boolean;
  readonly indexesByName: readonly IndexDefinition[];
}

/** Something that is removed in steps: an index, items from a key on, or else everything. */
export interface Garbage {
  readonly id: number;
  readonly partition: number;
  readonly index?: number;
  readonly above?: Uint8Array;
}

export class PartitionTable {
  readonly #stored: SqliteState;
  readonly #known = new Map<number, StoredPartition>();

  constructor(stored: SqliteState) {
    this.#stored = stored;
    stored.onReset(() => this.#known.clear());
  }

  get(id: number): StoredPartition | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#stored.statement('SELECT record FROM partitions WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    const partition = JSON.parse(String(row.record)) as Partition;
    const rules = indexRules(partition);
    const found = {
      ...{ ...partition, rules, hasLocalIndexes: partition.indexes.some(({ isLocal }) => isLocal) },
      indexesByName: partition.indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
    this.#known.set(id, found);
    return found;
  }

  all(): Partition[] {
    const rows = this.#stored.statement('SELECT record FROM partitions ORDER BY id').all();
    return rows.map(({ record }) => JSON.parse(String(record)) as Partition);
  }

  put(partition: Partition): void {
    this.#known.delete(partition.id);
    this.#stored
      .statement('INSERT OR REPLACE INTO partitions VALUES (?, ?)')
      .run(partition.id, JSON.stringify(partition));
  }

  delete(id: number): void {
    this.#known.delete(id);
    this.#stored.statement('DELETE FROM partitions WHERE id = ?').run(id);
  }

  addGarbage({ partition, index, above }: Omit<Garbage, 'id'>): void {
    this.#stored
      .statement('INSERT INTO garbage (partition, idx, above) VALUES (?, ?, ?)')
      .run(partition, index ?? null, above ?? null);
  }

  firstGarbage(): Garbage | undefined {
    const row = this.#stored.statement('SELECT id, partition, idx, above FROM garbage ORDER BY id LIMIT 1').get();
    if (row === undefined) return undefined;
    return {
      id: Number(row.id),
      partition: Number(row.partition),
      ...(row.idx === null ? {} : { index: Number(row.idx) }),
      ...(row.above === null ? {} : { above: row.above as Uint8Array }),
    };
  }

  removeGarbage(id: number): void {
    this.#stored.statement('DELETE FROM garbage WHERE id = ?').run(id);
  }
}
