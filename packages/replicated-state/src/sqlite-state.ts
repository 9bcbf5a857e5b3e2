/**
 * State in tables of SQLite: one file on a zone's disk, or memory. It opens in milliseconds at any size, with the place
 * in the log up to which its tables are good; what the file lost, the log brings again.
 *
 * The write-ahead log makes every commit whole; only `sync` makes it safe from a loss of power, because until then the
 * replicated log holds the same. A file that is damaged, foreign or of another format is dropped with a warning.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { errorStory, type Logger } from '@stormglass/base';
import type { StoredCommands, StoredPosition, StoredState } from './stored-state.ts';

/** The tables of a machine. */
export interface SqliteTables {
  /** Statements that make them; run once, when the state is new. */
  readonly schema: string;
  /** Their names, in the order in which snapshots hold them. */
  readonly names: readonly string[];
}

export interface SqliteStateOptions {
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  /** Name of the machine; a file of another one is not opened. */
  readonly machine: string;
  /** Format of the machine; a file of another one is not opened. */
  readonly format: number;
  readonly tables: SqliteTables;
  readonly logger: Logger;
}

const MEMORY = ':memory:';

const OWN_SCHEMA = `
  CREATE TABLE stored_header (machine TEXT NOT NULL, format INTEGER NOT NULL,
    log_id TEXT NOT NULL, seq INTEGER NOT NULL, now INTEGER NOT NULL, hash INTEGER NOT NULL);
  CREATE TABLE stored_commands (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, commands TEXT NOT NULL);
`;

export class SqliteState implements StoredState {
  readonly #options: SqliteStateOptions;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync;
  #position: StoredPosition | undefined;
  #afterCommit: (() => void)[] = [];
  #isInBatch = false;

  constructor(options: SqliteStateOptions) {
    this.#options = options;
    this.#database = this.#open();
  }

  get isDurable(): boolean {
    return this.#options.path !== MEMORY;
  }

  get position(): StoredPosition | undefined {
    return this.#position;
  }

  /**
   * A prepared statement, made once for each text: ask for it at every use, because the tables may have been replaced
   * in between. The text is a constant; what varies is bound.
   */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs `told` once what the command at hand changed is committed, and never if it is taken back: where a machine tells
   * others of its changes. Outside of a batch it runs at once.
   */
  afterCommit(told: () => void): void {
    if (this.#isInBatch) this.#afterCommit.push(told);
    else told();
  }

  begin(): void {
    this.statement('BEGIN IMMEDIATE').run();
    this.#isInBatch = true;
  }

  commit(position: StoredPosition, executed: readonly StoredCommands[], forgetBefore: number): void {
    const { logId, seq, now, hash } = position;
    const add = this.statement('INSERT INTO stored_commands (seq, at, commands) VALUES (?, ?, ?)');
    for (const { seq, at, commands } of executed) add.run(seq, at, JSON.stringify(commands));
    // Log time never decreases, so the oldest stand in front: what is forgotten is found without a search.
    this.statement(
      'DELETE FROM stored_commands WHERE seq < (SELECT coalesce((SELECT seq FROM stored_commands WHERE at >= ? ORDER BY seq LIMIT 1), ?))',
    ).run(forgetBefore, seq + 1);
    this.statement('UPDATE stored_header SET log_id = ?, seq = ?, now = ?, hash = ?').run(logId, seq, now, hash);
    this.statement('COMMIT').run();
    this.#isInBatch = false;
    this.#position = position;
    for (const told of this.#afterCommit.splice(0)) told();
  }

  rollback(): void {
    this.#isInBatch = false;
    this.#afterCommit = [];
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  *remembered(): Generator<StoredCommands> {
    for (const row of this.statement('SELECT seq, at, commands FROM stored_commands ORDER BY seq').iterate()) {
      yield { seq: Number(row.seq), at: Number(row.at), commands: JSON.parse(String(row.commands)) };
    }
  }

  async sync(): Promise<void> {
    if (this.isDurable) this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** The rows of all tables as of this call, as JSON records: what a machine's `snapshot` returns. For states in memory. */
  snapshot(): Iterable<unknown> {
    return this.#options.tables.names.flatMap(name =>
      this.#database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map(row => [name, Object.entries(row).map(([column, value]) => [column, toJson(value)])]),
    );
  }

  /** Replaces all rows by those of a snapshot: a machine's `install`. */
  install(records: Iterable<unknown>): void {
    const { names } = this.#options.tables;
    for (const name of [...names].reverse()) this.#database.exec(`DELETE FROM "${name}"`);
    for (const record of records) {
      const [name, cells] = record as [string, [string, unknown][]];
      const columns = cells.map(([column]) => `"${column}"`).join();
      const sql = `INSERT INTO "${name}" (${columns}) VALUES (${cells.map(() => '?').join()})`;
      this.statement(sql).run(...cells.map(([, value]) => fromJson(value)));
    }
  }

  clear(): void {
    this.#close();
    if (this.isDurable) drop(this.#options.path);
    this.#database = this.#open();
  }

  close(): void {
    this.#close();
  }

  #close(): void {
    this.#statements.clear();
    this.#position = undefined;
    if (this.#database.isOpen) this.#database.close();
  }

  #open(): DatabaseSync {
    const { path, logger } = this.#options;
    try {
      return this.#openOnce();
    } catch (error) {
      if (!this.isDurable) throw error;
      logger.warn('stored state dropped', { path, error: errorStory(error) });
      drop(path);
      return this.#openOnce();
    }
  }

  #openOnce(): DatabaseSync {
    const { path, machine, format, tables } = this.#options;
    const database = new DatabaseSync(path);
    try {
      if (path !== MEMORY) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      const found = database.prepare("SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'").get();
      if (found?.tables === 0) {
        database.exec(`BEGIN; ${OWN_SCHEMA} ${tables.schema}; COMMIT`);
        database.prepare("INSERT INTO stored_header VALUES (?, ?, '', 0, 0, 0)").run(machine, format);
        return database;
      }
      const header = database.prepare('SELECT * FROM stored_header').get();
      if (header?.machine !== machine || header.format !== format) {
        throw new Error(`a state of ${header?.machine} in format ${header?.format}`);
      }
      const seq = Number(header.seq);
      if (seq > 0) {
        this.#position = { logId: String(header.log_id), seq, now: Number(header.now), hash: Number(header.hash) };
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

const drop = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
};

/** JSON has no bytes: they stand as `[base64]`. */
const toJson = (value: SQLOutputValue): unknown =>
  value instanceof Uint8Array ? [Buffer.from(value).toString('base64')] : value;

const fromJson = (value: unknown): string | number | null | Uint8Array =>
  Array.isArray(value) ? Buffer.from(String(value[0]), 'base64') : (value as string | number | null);
