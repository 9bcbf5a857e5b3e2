/** Opens the tables of a state, or makes them, and says whether what a file holds is to be trusted. */
import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { StoredPosition } from '../stored-state.ts';

/** The tables of a machine. */
export interface SqliteTables {
  /** Statements that make them; run once, when the state is new. */
  readonly schema: string;
  /** Their names, in the order in which snapshots hold them. */
  readonly names: readonly string[];
}

export interface OpenTables {
  readonly database: DatabaseSync;
  readonly position: StoredPosition | undefined;
  /** It was not closed in order, and is too large to have been read through at once. */
  readonly isUnchecked: boolean;
}

export interface OpenOptions {
  readonly path: string;
  readonly machine: string;
  readonly format: number;
  readonly tables: SqliteTables;
}

export const MEMORY = ':memory:';

/** A file up to this size is read through when it is opened. */
const CHECKED_BYTES = 16 * 1024 * 1024;

const OWN_SCHEMA = `
  CREATE TABLE stored_header (machine TEXT NOT NULL, format INTEGER NOT NULL, is_closed INTEGER NOT NULL,
    log_id TEXT NOT NULL, seq INTEGER NOT NULL, now INTEGER NOT NULL, hash INTEGER NOT NULL);
  CREATE TABLE stored_commands (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, commands TEXT NOT NULL);
`;

/**
 * The write-ahead log is brought into the file on another thread. When it begins anew it keeps its length, as to shorten a
 * file by tens of megabytes can take the disk a fifth of a second, with a commit waiting; but not what it grew to, in
 * bytes, while a copy was made.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384;
`;

export class NotThisState extends Error {
  override readonly name = 'NotThisState';
}

/** @throws NotThisState, and what SQLite throws; `isDamage` tells whether the file is to blame */
export function openTables({ path, machine, format, tables }: OpenOptions): OpenTables {
  if (path !== MEMORY) closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    if (path !== MEMORY) database.exec(PRAGMAS);
    const known = database
      .prepare("SELECT count(*) AS all_of_them, sum(name = 'stored_header') AS own FROM sqlite_schema")
      .get();
    if (known?.all_of_them === 0) {
      database.exec(`BEGIN; ${OWN_SCHEMA} ${tables.schema}; COMMIT`);
      database.prepare("INSERT INTO stored_header VALUES (?, ?, 0, '', 0, 0, 0)").run(machine, format);
      return { database, position: undefined, isUnchecked: false };
    }
    if (known?.own !== 1) throw new NotThisState('tables of something else');
    const header = database.prepare('SELECT * FROM stored_header').get();
    if (header?.machine !== machine || header.format !== format) {
      throw new NotThisState(`a state of ${header?.machine} in format ${header?.format}`);
    }
    const isLarge = statSync(path).size > CHECKED_BYTES;
    const found = isLarge ? 'ok' : database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (found !== 'ok') throw new NotThisState(String(found));
    const torn = database.prepare('SELECT count(*) AS n FROM stored_commands WHERE NOT json_valid(commands)').get();
    if (torn?.n !== 0) throw new NotThisState('remembered commands cannot be read');
    database.exec('UPDATE stored_header SET is_closed = 0');
    const { log_id, seq, now, hash } = header;
    const position = { logId: String(log_id), seq: Number(seq), now: Number(now), hash: Number(hash) };
    const isUnchecked = isLarge && header.is_closed !== 1;
    return { database, position: position.seq === 0 ? undefined : position, isUnchecked };
  } catch (error) {
    database.close();
    throw error;
  }
}

// Result codes of SQLite (sqlite.org/rescode.html): SQLITE_CORRUPT and SQLITE_NOTADB.
const DAMAGED = new Set([11, 26]);

/** Whether `error` means that the file is damaged or not this state, and not that the disk is full or busy. */
export function isDamage(error: unknown): boolean {
  if (error instanceof NotThisState) return true;
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' && DAMAGED.has(code & 0xff);
}
