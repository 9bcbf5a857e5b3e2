/**
 * The tables of the index.
 *
 * `objects` holds the latest version of each key that is no delete marker, and so is what lists are read from, in order
 * and without gaps; `history` holds all others. Keys are TEXT: SQLite orders it by its UTF-8 bytes, as S3 orders keys.
 * Pieces of one body lie side by side: the row id is made of the body's number and the part's.
 */
import type { SqliteTables } from '@stormglass/replicated-state';

export const TABLES: SqliteTables = {
  schema: `
    CREATE TABLE numbers (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      next INTEGER NOT NULL, blobs INTEGER NOT NULL, blob_bytes INTEGER NOT NULL);
    CREATE TABLE buckets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, account TEXT NOT NULL, record TEXT NOT NULL);
    CREATE INDEX buckets_of ON buckets (account, name);
    CREATE TABLE usage (
      bucket INTEGER PRIMARY KEY,
      objects INTEGER NOT NULL, versions INTEGER NOT NULL, markers INTEGER NOT NULL,
      uploads INTEGER NOT NULL, bytes INTEGER NOT NULL);
    CREATE TABLE objects (
      bucket INTEGER NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, version TEXT NOT NULL, record TEXT NOT NULL,
      PRIMARY KEY (bucket, key)) WITHOUT ROWID;
    CREATE TABLE history (
      bucket INTEGER NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, version TEXT NOT NULL,
      marker INTEGER NOT NULL, record TEXT NOT NULL,
      PRIMARY KEY (bucket, key, seq DESC)) WITHOUT ROWID;
    CREATE UNIQUE INDEX history_version ON history (bucket, key, version);
    CREATE TABLE pieces (
      id INTEGER PRIMARY KEY, begin INTEGER NOT NULL, size INTEGER NOT NULL, zone TEXT,
      inline BLOB, blob TEXT, blob_key TEXT, part TEXT);
    CREATE UNIQUE INDEX pieces_blob ON pieces (blob) WHERE blob IS NOT NULL;
    CREATE TABLE shared (body INTEGER PRIMARY KEY, others INTEGER NOT NULL);
    CREATE TABLE garbage (body INTEGER PRIMARY KEY);
    CREATE TABLE uploads (
      bucket INTEGER NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL,
      PRIMARY KEY (bucket, key, id)) WITHOUT ROWID;
    CREATE UNIQUE INDEX uploads_id ON uploads (id);
    CREATE TABLE ended (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, record TEXT NOT NULL);
  `,
  names: ['numbers', 'buckets', 'usage', 'objects', 'history', 'pieces', 'shared', 'garbage', 'uploads', 'ended'],
};
