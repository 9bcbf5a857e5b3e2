/** Read access to the catalogue: what handlers show, and what tables need to have done for them. */
import type { BackupRecord, StreamRecord, TableRecord } from './records.ts';
import type { CatalogueTables } from './tables.ts';

export class CatalogueView {
  readonly #tables: CatalogueTables;

  constructor(tables: CatalogueTables) {
    this.#tables = tables;
  }

  table(accountId: string, name: string): TableRecord | undefined {
    return this.#tables.table(accountId, name);
  }

  /** Up to `limit` names of an account's tables in their order, those after `after` if it is given. */
  names(accountId: string, limit: number, after = ''): string[] {
    const names = this.#tables.names(accountId);
    const from = names.findIndex(name => name > after);
    return from < 0 ? [] : names.slice(from, from + limit);
  }

  /** Tables that the cells have something to do for, of all accounts. */
  *unsettled(): IterableIterator<TableRecord> {
    for (const table of this.#tables.all()) if (isUnsettled(table)) yield table;
  }

  /** Tables of all accounts. */
  tables(): Iterable<TableRecord> {
    return this.#tables.all();
  }

  /** The stream of a table with that label, ended ones included. */
  stream(accountId: string, tableName: string, label: string): StreamRecord | undefined {
    for (const stream of this.streams(accountId, tableName)) if (stream.label === label) return stream;
    return undefined;
  }

  /** Streams of an account, the oldest first. */
  *streams(accountId: string, tableName?: string): IterableIterator<StreamRecord> {
    for (const stream of this.#tables.streams()) {
      if (stream.accountId === accountId && (tableName === undefined || stream.tableName === tableName)) yield stream;
    }
  }

  /** Backups of all accounts, the oldest first. */
  backups(): Iterable<BackupRecord> {
    return this.#tables.backups();
  }

  /** The backup whose ARN ends with the stamp. */
  backup(accountId: string, tableName: string, stamp: string): BackupRecord | undefined {
    for (const backup of this.#tables.backups()) {
      if (backup.accountId === accountId && backup.stamp === stamp && backup.table.name === tableName) return backup;
    }
    return undefined;
  }

  /** Grows with every change. */
  get generation(): number {
    return this.#tables.generation;
  }
}

const isUnsettled = ({ generation, settled, globals, partitions, timeToLive }: TableRecord): boolean =>
  settled < generation ||
  timeToLive?.status === 'ENABLING' ||
  globals.some(({ isBackfilling }) => isBackfilling) ||
  partitions.some(({ split }) => split !== undefined);
