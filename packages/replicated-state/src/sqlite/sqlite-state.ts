/**
 * State in tables of SQLite: one file on a zone's disk, or memory. It opens in milliseconds at any size, with the place
 * in the log up to which its tables are good; what the file lost, the log brings again.
 *
 * The write-ahead log makes every commit whole; only `sync` makes it safe from a loss of power, because until then the
 * replicated log holds the same. A file that is damaged, foreign or of another format is dropped with a warning. What
 * takes long (bringing the write-ahead log into the file, copying, checking) happens on other threads.
 */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { errorStory, type Logger } from '@stormglass/base';
import type { StoredCommand, StoredCommands, StoredCopy, StoredPosition, StoredState } from '../stored-state.ts';
import { copyPath, dropLeftovers, dropState, incomingPath, readChunks, spool, syncPath } from './sqlite-files.ts';
import { isDamage, MEMORY, type OpenTables, openTables, type SqliteTables } from './sqlite-open.ts';
import { insertRecords, recordsOf } from './sqlite-records.ts';
import { SqliteWorkers } from './sqlite-work.ts';

export interface SqliteStateOptions {
  /** Path of the file, whose folder is made when missing, or `:memory:`. */
  readonly path: string;
  /** Name of the machine; a file of another one is not opened. */
  readonly machine: string;
  /** Format of the machine; a file of another one is not opened. */
  readonly format: number;
  readonly tables: SqliteTables;
  readonly logger: Logger;
  /** Asked before each batch; throws where writing is to fail. */
  readonly beforeWrite?: (() => void) | undefined;
  /** A write-ahead log longer than this is brought into the file, in bytes (default 16 MiB). */
  readonly walBytes?: number | undefined;
}

const WAL_BYTES = 16 * 1024 * 1024;
/** A page with its header in the write-ahead log. */
const FRAME_BYTES = 4096 + 24;
/** Files are looked after so often: in ms of log time, and in commits. */
const LOOK_EVERY_MS = 100;
const LOOK_EVERY_COMMITS = 32;
/** What the thread that serves brings into the file itself, in pages. */
const LAST_FRAMES = 256;
const CHECKPOINT_ROUNDS = 8;
/** Commands are forgotten so late, in ms of log time: those that are too old count no more, wherever they stand. */
const FORGET_EVERY_MS = 1000;
/** Copies for peers under way at once. */
const COPIES_MAX = 2;

export class SqliteState implements StoredState {
  readonly #options: SqliteStateOptions;
  readonly #statements = new Map<string, StatementSync>();
  readonly #workers = new SqliteWorkers();
  readonly #resetListeners: (() => void)[] = [];
  #database: DatabaseSync;
  #position: StoredPosition | undefined;
  #damage: string | undefined;
  #onDamage: () => void = () => {};
  #beforeCommit: (() => void)[] = [];
  #afterCommit: (() => void)[] = [];
  /** Log time before which commands are forgotten. */
  #forgottenBefore = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #unlooked = 0;
  #isInBatch = false;
  #isCheckpointing = false;
  #copies = 0;
  #lastCopy = 0;

  constructor(options: SqliteStateOptions) {
    this.#options = options;
    const opened = this.#open();
    this.#database = opened.database;
    this.#position = opened.position;
    if (opened.isUnchecked) void this.#check();
  }

  get isDurable(): boolean {
    return this.#options.path !== MEMORY;
  }

  get position(): StoredPosition | undefined {
    return this.#position;
  }

  get damage(): string | undefined {
    return this.#damage;
  }

  onDamage(told: () => void): void {
    this.#onDamage = told;
  }

  // --- for the machine

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
   * Runs `write` within the batch at hand, behind all its commands: for rows that every command changes, and that one
   * write at the end can bring up to date. Outside of a batch it runs at once. What waits is void when the tables are reset.
   */
  beforeCommit(write: () => void): void {
    if (this.#isInBatch) this.#beforeCommit.push(write);
    else write();
  }

  /**
   * Runs `told` once what the command at hand changed is committed, and never if it is taken back: where a machine tells
   * others of its changes. Outside of a batch it runs at once.
   */
  afterCommit(told: () => void): void {
    if (this.#isInBatch) this.#afterCommit.push(told);
    else told();
  }

  /** `told` when the tables were replaced, emptied or set back: what was derived from them is void. */
  onReset(told: () => void): void {
    this.#resetListeners.push(told);
  }

  /** The rows of all tables as of this call, as JSON records: what a machine's `snapshot` returns. For states in memory. */
  snapshot(): Iterable<unknown> {
    return recordsOf(this.#database, this.#options.tables);
  }

  /** Replaces all rows by those of a snapshot: a machine's `install`. */
  install(records: Iterable<unknown>): void {
    insertRecords(this.#database, this.#options.tables, records);
    this.#database.exec('DELETE FROM stored_commands');
    this.#wasReset();
  }

  // --- for the replica

  begin(): void {
    this.#options.beforeWrite?.();
    this.statement('BEGIN IMMEDIATE').run();
    this.#isInBatch = true;
  }

  commit(
    position: StoredPosition,
    executed: readonly StoredCommands[],
    forgetBefore: number,
    forgotten: readonly { readonly seq: number; readonly id: string }[] = [],
  ): void {
    for (const write of this.#beforeCommit.splice(0)) write();
    const { logId, seq, now, hash } = position;
    const add = this.statement('INSERT INTO stored_commands (seq, at, commands) VALUES (?, ?, ?)');
    for (const { seq, at, commands } of executed) add.run(seq, at, JSON.stringify(commands));
    for (const [at, ids] of Map.groupBy(forgotten, each => each.seq)) this.#forgetResults(at, ids);
    if (forgetBefore >= this.#forgottenBefore + FORGET_EVERY_MS) this.#forget(forgetBefore, seq);
    this.statement('UPDATE stored_header SET log_id = ?, seq = ?, now = ?, hash = ?').run(logId, seq, now, hash);
    this.statement('COMMIT').run();
    this.#isInBatch = false;
    this.#position = position;
    // What is committed is committed, whatever becomes of what follows.
    for (const told of this.#afterCommit.splice(0)) this.#tell(told);
    this.#unlooked++;
    if (this.isDurable && (now - this.#lookedAt >= LOOK_EVERY_MS || this.#unlooked >= LOOK_EVERY_COMMITS)) {
      this.#lookedAt = now;
      this.#unlooked = 0;
      this.#lookAfterFiles();
    }
  }

  #forgetResults(seq: number, forgotten: readonly { readonly id: string }[]): void {
    const row = this.statement('SELECT commands FROM stored_commands WHERE seq = ?').get(seq);
    if (row === undefined) return;
    const ids = new Set(forgotten.map(({ id }) => id));
    const commands = (JSON.parse(String(row.commands)) as StoredCommand[]).map(each =>
      ids.has(each[0]) ? [each[0]] : each,
    );
    this.statement('UPDATE stored_commands SET commands = ? WHERE seq = ?').run(JSON.stringify(commands), seq);
  }

  /** Log time never decreases, so the oldest stand in front, and the first that stays is soon found. */
  #forget(before: number, seq: number): void {
    const sql = 'SELECT seq FROM stored_commands WHERE at >= ? ORDER BY seq LIMIT 1';
    const first = this.statement(sql).get(before);
    this.statement('DELETE FROM stored_commands WHERE seq < ?').run(first?.seq ?? seq + 1);
    this.#forgottenBefore = before;
  }

  rollback(error: unknown): void {
    this.#isInBatch = false;
    this.#beforeCommit = [];
    this.#afterCommit = [];
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch (failure) {
      this.#damage ??= `a batch cannot be taken back: ${errorStory(failure)}`;
    }
    if (isDamage(error)) this.#damage ??= errorStory(error);
    this.#wasReset();
  }

  *remembered(): Generator<StoredCommands> {
    for (const row of this.statement('SELECT seq, at, commands FROM stored_commands ORDER BY seq').iterate()) {
      yield { seq: Number(row.seq), at: Number(row.at), commands: JSON.parse(String(row.commands)) };
    }
  }

  async sync(): Promise<void> {
    if (!this.isDurable) return;
    const { path } = this.#options;
    this.#options.beforeWrite?.();
    // Commits are in the write-ahead log; what a checkpoint moved from there was made durable by it.
    await syncPath(`${path}-wal`);
    await syncPath(dirname(path));
  }

  async copy(): Promise<StoredCopy> {
    if (this.#copies >= COPIES_MAX) throw new Error('too many copies are being made');
    this.#options.beforeWrite?.();
    this.#copies++;
    const { path } = this.#options;
    const to = copyPath(path, ++this.#lastCopy);
    let isThere = true;
    const discard = async () => {
      if (isThere) this.#copies--;
      isThere = false;
      await rm(to, { force: true });
    };
    try {
      const { position, size } = await this.#workers.run<'copy'>({ kind: 'copy', path, to });
      return { position, size, bytes: readChunks(to), discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async replace(bytes: AsyncIterable<Uint8Array>, position: StoredPosition): Promise<void> {
    const { path } = this.#options;
    const incoming = incomingPath(path);
    this.#options.beforeWrite?.();
    try {
      await spool(incoming, bytes);
      const found = openTables({ ...this.#options, path: incoming });
      found.database.close();
      if (found.position?.seq !== position.seq || found.position.logId !== position.logId) {
        throw new Error(`a copy at ${found.position?.seq ?? 0} was sent as one at ${position.seq}`);
      }
      await this.#workers.idle();
      await this.#anew(() => renameSync(incoming, path));
      await syncPath(dirname(path));
    } finally {
      dropState(incoming);
    }
  }

  clear(): Promise<void> {
    return this.#anew(() => {});
  }

  async close(): Promise<void> {
    await this.#workers.idle();
    if (!this.#database.isOpen) return;
    this.#statements.clear();
    try {
      if (this.isDurable && this.#damage === undefined) this.#database.exec('UPDATE stored_header SET is_closed = 1');
    } catch {
      // It is checked when it is opened again.
    }
    this.#database.close();
  }

  /** Begins with new files, which `prepare` may put there, once nobody works on the present ones. */
  async #anew(prepare: () => void): Promise<void> {
    await this.#workers.idle();
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
    if (this.isDurable) dropState(this.#options.path);
    prepare();
    this.#damage = undefined;
    const opened = this.#open();
    this.#database = opened.database;
    this.#position = opened.position;
    this.#wasReset();
  }

  #wasReset(): void {
    this.#forgottenBefore = Number.NEGATIVE_INFINITY;
    for (const told of this.#resetListeners) told();
  }

  #open(): OpenTables {
    const { path, logger } = this.#options;
    if (this.isDurable) {
      mkdirSync(dirname(path), { recursive: true });
      dropLeftovers(path);
    }
    try {
      return openTables(this.#options);
    } catch (error) {
      if (!this.isDurable || !isDamage(error)) throw error;
      logger.warn('stored state dropped', { path, error: errorStory(error) });
      dropState(path);
      return openTables(this.#options);
    }
  }

  /** Reads a large file through that was not closed in order, beside the work on it. */
  async #check(): Promise<void> {
    const { path, logger } = this.#options;
    try {
      const found = await this.#workers.run<'check'>({ kind: 'check', path });
      if (found !== undefined) this.#damage = found;
    } catch (error) {
      if (isDamage(error)) this.#damage = errorStory(error);
      else logger.warn('stored state not checked', { path, error: errorStory(error) });
    }
    if (this.#damage !== undefined) this.#onDamage();
  }

  #tell(told: () => void): void {
    try {
      told();
    } catch (error) {
      this.#options.logger.error('stored state: a listener failed', { error: errorStory(error) });
    }
  }

  /** Begins a checkpoint when one is due, and notices when somebody removed the files. */
  #lookAfterFiles(): void {
    const { path, walBytes = WAL_BYTES } = this.#options;
    if (!existsSync(`${path}-wal`)) {
      this.#damage ??= 'its files are gone';
      this.#tell(this.#onDamage);
      return;
    }
    if (this.#isCheckpointing) return;
    // The file is as long as it ever was: what counts is how much of it is in use.
    const { log: frames } = this.statement('PRAGMA wal_checkpoint(NOOP)').get()!;
    if (Number(frames) * FRAME_BYTES < walBytes) return;
    this.#isCheckpointing = true;
    void this.#checkpoint()
      .catch(error => this.#options.logger.warn('stored state: no checkpoint', { error: errorStory(error) }))
      .finally(() => {
        this.#isCheckpointing = false;
      });
  }

  /**
   * Brings the write-ahead log into the file. Only when all of it is there can the log begin anew; a thread beside never
   * gets that far while commits go on, so the last few pages are for this one, with little to sync.
   */
  async #checkpoint(): Promise<void> {
    const { path } = this.#options;
    for (let round = 0; round < CHECKPOINT_ROUNDS; round++) {
      const left = await this.#workers.checkpoint(path);
      if (left > LAST_FRAMES) continue;
      await syncPath(`${path}-wal`);
      if (this.#database.isOpen) this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      return;
    }
  }
}
