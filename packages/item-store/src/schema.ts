/**
 * The tables of a cell. What belongs to a partition begins with its number; what belongs to an index of it goes on with
 * the index's, and the table itself counts as index 0. Keys are those of `stored-keys.ts`.
 *
 * Items are text that reads copy into answers. The rows of an index hold what it projects, or, if that is everything, a
 * null in its place.
 */
import type { SqliteTables } from '@stormglass/replicated-state';

export const TABLES: SqliteTables = {
  schema: `
    CREATE TABLE partitions (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
    CREATE TABLE items (
      partition INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL,
      PRIMARY KEY (partition, key)) WITHOUT ROWID;
    CREATE TABLE entries (
      partition INTEGER NOT NULL, idx INTEGER NOT NULL, key BLOB NOT NULL, base BLOB NOT NULL,
      size INTEGER NOT NULL, item TEXT,
      PRIMARY KEY (partition, idx, key, base)) WITHOUT ROWID;
    CREATE TABLE counts (
      partition INTEGER NOT NULL, idx INTEGER NOT NULL, items INTEGER NOT NULL, bytes INTEGER NOT NULL,
      filled BLOB, deleted INTEGER NOT NULL,
      PRIMARY KEY (partition, idx)) WITHOUT ROWID;
    CREATE TABLE collections (
      partition INTEGER NOT NULL, key BLOB NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (partition, key)) WITHOUT ROWID;
    CREATE TABLE budgets (
      partition INTEGER NOT NULL, idx INTEGER NOT NULL, units REAL NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (partition, idx)) WITHOUT ROWID;
    CREATE TABLE prepared (
      txn TEXT NOT NULL, number INTEGER NOT NULL, decider INTEGER NOT NULL, at INTEGER NOT NULL,
      partition INTEGER NOT NULL, key BLOB NOT NULL, op TEXT NOT NULL, item TEXT,
      PRIMARY KEY (txn, number)) WITHOUT ROWID;
    CREATE UNIQUE INDEX prepared_item ON prepared (partition, key);
    CREATE INDEX prepared_at ON prepared (at);
    CREATE TABLE decisions (txn TEXT PRIMARY KEY, is_commit INTEGER NOT NULL, at INTEGER NOT NULL, cells TEXT NOT NULL)
      WITHOUT ROWID;
    CREATE INDEX decisions_at ON decisions (is_commit, at);
    CREATE TABLE requests (token TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX requests_at ON requests (at);
    CREATE TABLE streams (
      partition INTEGER NOT NULL, stream INTEGER NOT NULL, tbl TEXT NOT NULL, view TEXT NOT NULL,
      first INTEGER NOT NULL, next INTEGER NOT NULL, bytes INTEGER NOT NULL, opened INTEGER NOT NULL, closed INTEGER,
      low INTEGER NOT NULL, high INTEGER NOT NULL, is_child INTEGER NOT NULL,
      PRIMARY KEY (partition, stream, first)) WITHOUT ROWID;
    CREATE TABLE changes (
      partition INTEGER NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
      size INTEGER NOT NULL, event TEXT NOT NULL, by_service INTEGER NOT NULL, keys TEXT NOT NULL,
      before TEXT, after TEXT,
      PRIMARY KEY (partition, stream, seq)) WITHOUT ROWID;
    CREATE TABLE history (
      partition INTEGER NOT NULL, key BLOB NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL,
      size INTEGER NOT NULL, bytes INTEGER NOT NULL, item TEXT,
      PRIMARY KEY (partition, key, at, seq)) WITHOUT ROWID;
    CREATE INDEX history_seq ON history (partition, seq);
    CREATE TABLE histories (
      partition INTEGER PRIMARY KEY, period INTEGER NOT NULL, since INTEGER NOT NULL, bytes INTEGER NOT NULL,
      pinned INTEGER NOT NULL);
    CREATE TABLE backups (
      backup INTEGER NOT NULL, partition INTEGER NOT NULL, filled BLOB, items INTEGER NOT NULL, bytes INTEGER NOT NULL,
      PRIMARY KEY (backup, partition)) WITHOUT ROWID;
    CREATE TABLE backup_items (
      backup INTEGER NOT NULL, partition INTEGER NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL,
      PRIMARY KEY (backup, partition, key)) WITHOUT ROWID;
    CREATE TABLE moves (
      partition INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (partition, key)) WITHOUT ROWID;
    CREATE INDEX moves_version ON moves (partition, version);
    CREATE TABLE garbage (id INTEGER PRIMARY KEY, partition INTEGER NOT NULL, idx INTEGER, above BLOB);
  `,
  names: [
    'partitions',
    'items',
    'entries',
    'counts',
    'collections',
    'budgets',
    'prepared',
    'decisions',
    'requests',
    'streams',
    'changes',
    'history',
    'histories',
    'backups',
    'backup_items',
    'moves',
    'garbage',
  ],
};
