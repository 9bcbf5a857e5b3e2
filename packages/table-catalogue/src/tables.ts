/** The records of the catalogue, and how they are found. */
import { ENDED_STREAMS_MAX, STREAM_KEPT_MS } from './quotas.ts';
import type { BackupRecord, StreamRecord, TableRecord } from './records.ts';

/** One line of a snapshot: a record and what it is. */
export type SnapshotRecord =
  | { readonly kind: 'counters'; readonly record: Counters }
  | { readonly kind: 'table'; readonly record: TableRecord }
  | { readonly kind: 'stream'; readonly record: StreamRecord }
  | { readonly kind: 'backup'; readonly record: BackupRecord };

/** The newest numbers given out. */
interface Counters {
  readonly partition: number;
  readonly stream: number;
  readonly backup: number;
}

const NO_COUNTERS: Counters = { partition: 0, stream: 0, backup: 0 };

export class CatalogueTables {
  /** Grows with every change. */
  generation = 0;
  readonly #tables = new Map<string, Map<string, TableRecord>>();
  /** Names of an account's tables in their order; made when somebody asks. */
  readonly #names = new Map<string, readonly string[]>();
  readonly #streams = new Map<number, StreamRecord>();
  readonly #backups = new Map<number, BackupRecord>();
  #counters = NO_COUNTERS;

  table(accountId: string, name: string): TableRecord | undefined {
    return this.#tables.get(accountId)?.get(name);
  }

  putTable(table: TableRecord): void {
    const { accountId, name } = table;
    let tables = this.#tables.get(accountId);
    if (tables === undefined) this.#tables.set(accountId, (tables = new Map()));
    if (!tables.has(name)) this.#names.delete(accountId);
    tables.set(name, table);
    this.generation++;
  }

  deleteTable({ accountId, name }: TableRecord): void {
    const tables = this.#tables.get(accountId);
    tables?.delete(name);
    if (tables?.size === 0) this.#tables.delete(accountId);
    this.#names.delete(accountId);
    this.generation++;
  }

  /** Names of an account's tables, in the order of their characters. */
  names(accountId: string): readonly string[] {
    let names = this.#names.get(accountId);
    if (names === undefined)
      this.#names.set(accountId, (names = [...(this.#tables.get(accountId)?.keys() ?? [])].sort()));
    return names;
  }

  ofAccount(accountId: string): Iterable<TableRecord> {
    return this.#tables.get(accountId)?.values() ?? [];
  }

  *all(): IterableIterator<TableRecord> {
    for (const tables of this.#tables.values()) yield* tables.values();
  }

  stream(id: number): StreamRecord | undefined {
    return this.#streams.get(id);
  }

  /** Streams of all accounts, the oldest first. */
  streams(): Iterable<StreamRecord> {
    return this.#streams.values();
  }

  putStream(stream: StreamRecord): void {
    this.#streams.set(stream.id, stream);
    this.generation++;
  }

  /** Forgets the streams whose records are gone, and the oldest ones of a table that has had too many. */
  pruneStreams(now: number): void {
    const kept = new Map<string, number>();
    for (const { id, tableId, endedAt } of [...this.#streams.values()].reverse()) {
      if (endedAt === undefined) continue;
      const count = (kept.get(tableId) ?? 0) + 1;
      kept.set(tableId, count);
      if (now - endedAt > STREAM_KEPT_MS || count > ENDED_STREAMS_MAX) this.#streams.delete(id);
    }
  }

  backup(id: number): BackupRecord | undefined {
    return this.#backups.get(id);
  }

  /** Backups of all accounts, the oldest first. */
  backups(): Iterable<BackupRecord> {
    return this.#backups.values();
  }

  putBackup(backup: BackupRecord): void {
    this.#backups.set(backup.id, backup);
    this.generation++;
  }

  deleteBackup(id: number): void {
    this.#backups.delete(id);
    this.generation++;
  }

  nextBackup(): number {
    this.#counters = { ...this.#counters, backup: this.#counters.backup + 1 };
    return this.#counters.backup;
  }

  /** The newest id of a partition. */
  get lastPartition(): number {
    return this.#counters.partition;
  }

  /** The first of `count` new ids of partitions. */
  nextPartitions(count: number): number {
    const first = this.#counters.partition + 1;
    this.#counters = { ...this.#counters, partition: first + count - 1 };
    return first;
  }

  nextStream(): number {
    this.#counters = { ...this.#counters, stream: this.#counters.stream + 1 };
    return this.#counters.stream;
  }

  /** Everything there is as of this call; untouched by later commands, as records never change. */
  freeze(): Iterable<SnapshotRecord> {
    return [
      { kind: 'counters', record: this.#counters },
      ...[...this.all()].map(record => ({ kind: 'table', record }) as const),
      ...[...this.#streams.values()].map(record => ({ kind: 'stream', record }) as const),
      ...[...this.#backups.values()].map(record => ({ kind: 'backup', record }) as const),
    ];
  }

  replaceAll(lines: Iterable<SnapshotRecord>): void {
    for (const index of [this.#tables, this.#names, this.#streams, this.#backups]) index.clear();
    this.#counters = NO_COUNTERS;
    for (const line of lines) {
      if (line.kind === 'table') this.putTable(line.record);
      else if (line.kind === 'stream') this.putStream(line.record);
      else if (line.kind === 'backup') this.putBackup(line.record);
      // One of an older build lacks what came later.
      else this.#counters = { ...NO_COUNTERS, ...line.record };
    }
    this.generation++;
  }
}
