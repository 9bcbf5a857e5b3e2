/**
 * Rows of versions. The newest version of a key is in `objects` unless it is a delete marker; everything else is in
 * `history`. This file moves them between the two and counts them; bodies are their callers'.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import type { BucketTable, StoredBucket } from './bucket-table.ts';
import { NULL_VERSION, type ObjectVersion, type Version } from './records.ts';
import { objectOf, recordOf, type VersionRow, versionOf } from './version-records.ts';

const COLUMNS = 'key, seq, version, marker, record';

/** Latest versions that are kept in memory as well: what was written or asked for lately. */
const KNOWN_MAX = 4096;

export class VersionTable {
  readonly #stored: SqliteState;
  readonly #buckets: BucketTable;
  /** Rows of `objects` as they are now, by bucket and key. Whoever changes a row changes it here. */
  readonly #known = new Map<string, ObjectVersion>();

  constructor(stored: SqliteState, buckets: BucketTable) {
    this.#stored = stored;
    this.#buckets = buckets;
    stored.onReset(() => this.#known.clear());
  }

  /** The latest version, if it is no delete marker. */
  current({ id, bucket }: StoredBucket, key: string): ObjectVersion | undefined {
    const known = this.#known.get(nameOf(id, key));
    if (known !== undefined) return known;
    const sql = 'SELECT key, seq, version, record FROM objects WHERE bucket = ? AND key = ?';
    const row = this.#stored.statement(sql).get(id, key);
    return row && this.#know(id, objectOf(bucket.name, row as unknown as VersionRow));
  }

  #know(id: number, version: ObjectVersion): ObjectVersion {
    // Starting afresh is simpler than choosing a victim.
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(nameOf(id, version.key), version);
    return version;
  }

  latest(at: StoredBucket, key: string): Version | undefined {
    return this.current(at, key) ?? this.#newestOfHistory(at, key);
  }

  find(at: StoredBucket, key: string, versionId: string): Version | undefined {
    const current = this.current(at, key);
    if (current?.versionId === versionId) return current;
    if (!hasHistory(at)) return undefined;
    const sql = `SELECT ${COLUMNS} FROM history WHERE bucket = ? AND key = ? AND version = ?`;
    const row = this.#stored.statement(sql).get(at.id, key, versionId);
    return row === undefined ? undefined : versionOf(at.bucket.name, row as unknown as VersionRow);
  }

  /** Whether a key has versions besides this one. */
  hasOthers(at: StoredBucket, { key, seq }: Version): boolean {
    const sql = `SELECT 1 FROM objects WHERE bucket = ? AND key = ? AND seq <> ?
      UNION ALL SELECT 1 FROM history WHERE bucket = ? AND key = ? AND seq <> ? LIMIT 1`;
    return this.#stored.statement(sql).get(at.id, key, seq, at.id, key, seq) !== undefined;
  }

  isEmpty({ id }: StoredBucket): boolean {
    const sql = 'SELECT 1 FROM objects WHERE bucket = ? UNION ALL SELECT 1 FROM history WHERE bucket = ? LIMIT 1';
    return this.#stored.statement(sql).get(id, id) === undefined;
  }

  /**
   * Puts a new version on top of the others of its key. What it replaces, because both are of no or the same null
   * version, is removed and returned: it gives back its body.
   */
  add(at: StoredBucket, version: Version, now: number): ObjectVersion | undefined {
    const latest = this.latest(at, version.key);
    if (
      latest?.isMarker === false &&
      !version.isMarker &&
      latest.versionId === NULL_VERSION &&
      version.versionId === NULL_VERSION
    ) {
      this.#putCurrent(at, version);
      this.#buckets.add(at.id, { bytes: version.size - latest.size });
      return latest;
    }
    const replaced = version.versionId === NULL_VERSION ? this.#removeNull(at, version.key, latest) : undefined;
    if (latest !== undefined && latest.seq !== replaced?.seq) this.#toHistory(at, latest, now);
    this.#insert(at, version);
    return replaced?.isMarker === false ? replaced : undefined;
  }

  /** Takes a version away; the one below becomes the latest if this one was. */
  remove(at: StoredBucket, version: Version): void {
    this.#delete(at, version);
    if (!version.isLatest) return;
    const below = this.#newestOfHistory(at, version.key);
    if (below === undefined) return;
    if (below.isMarker) this.#updateHistory(at, below, undefined);
    else {
      this.#deleteFromHistory(at, below);
      this.#putCurrent(at, below);
      this.#buckets.add(at.id, { objects: 1 });
    }
  }

  /** Stores a version anew whose settings changed. */
  update(at: StoredBucket, version: ObjectVersion): void {
    if (!version.isLatest) return this.#updateHistory(at, version, version.noncurrentSince);
    this.#know(at.id, version);
    const sql = 'UPDATE objects SET record = ? WHERE bucket = ? AND key = ?';
    this.#stored.statement(sql).run(recordOf(version), at.id, version.key);
  }

  #newestOfHistory(at: StoredBucket, key: string): Version | undefined {
    if (!hasHistory(at)) return undefined;
    const sql = `SELECT ${COLUMNS} FROM history WHERE bucket = ? AND key = ? ORDER BY seq DESC LIMIT 1`;
    const row = this.#stored.statement(sql).get(at.id, key);
    return row === undefined ? undefined : versionOf(at.bucket.name, row as unknown as VersionRow);
  }

  #removeNull(at: StoredBucket, key: string, latest: Version | undefined): Version | undefined {
    const version = latest?.versionId === NULL_VERSION ? latest : this.find(at, key, NULL_VERSION);
    if (version !== undefined) this.#delete(at, version);
    return version;
  }

  #insert(at: StoredBucket, version: Version): void {
    if (version.isMarker) {
      this.#insertIntoHistory(at, version, undefined);
      this.#buckets.add(at.id, { markers: 1 });
    } else {
      this.#putCurrent(at, version);
      this.#buckets.add(at.id, { objects: 1, versions: 1, bytes: version.size });
    }
  }

  #delete(at: StoredBucket, version: Version): void {
    if (version.isMarker) {
      this.#deleteFromHistory(at, version);
      this.#buckets.add(at.id, { markers: -1 });
    } else {
      if (version.isLatest) this.#deleteCurrent(at, version);
      else this.#deleteFromHistory(at, version);
      this.#buckets.add(at.id, { objects: version.isLatest ? -1 : 0, versions: -1, bytes: -version.size });
    }
  }

  /** A newer version came. */
  #toHistory(at: StoredBucket, version: Version, now: number): void {
    if (version.isMarker) return this.#updateHistory(at, version, now);
    this.#deleteCurrent(at, version);
    this.#insertIntoHistory(at, version, now);
    this.#buckets.add(at.id, { objects: -1 });
  }

  #putCurrent({ id }: StoredBucket, version: ObjectVersion): void {
    const { key, seq, versionId } = version;
    this.#know(id, asLatest(version));
    this.#stored
      .statement('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)')
      .run(id, key, seq, versionId, recordOf(version));
  }

  #deleteCurrent({ id }: StoredBucket, { key }: Version): void {
    this.#known.delete(nameOf(id, key));
    this.#stored.statement('DELETE FROM objects WHERE bucket = ? AND key = ?').run(id, key);
  }

  #insertIntoHistory({ id }: StoredBucket, version: Version, noncurrentSince: number | undefined): void {
    const { key, seq, versionId, isMarker } = version;
    this.#stored
      .statement('INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, key, seq, versionId, isMarker ? 1 : 0, recordOf(version, noncurrentSince));
  }

  #updateHistory({ id }: StoredBucket, version: Version, noncurrentSince: number | undefined): void {
    this.#stored
      .statement('UPDATE history SET record = ? WHERE bucket = ? AND key = ? AND seq = ?')
      .run(recordOf(version, noncurrentSince), id, version.key, version.seq);
  }

  #deleteFromHistory({ id }: StoredBucket, { key, seq }: Version): void {
    this.#stored.statement('DELETE FROM history WHERE bucket = ? AND key = ? AND seq = ?').run(id, key, seq);
  }
}

/** As it is read from `objects`: what was below a newer version may be the latest again. */
function asLatest(version: ObjectVersion): ObjectVersion {
  if (version.isLatest && version.noncurrentSince === undefined) return version;
  const { noncurrentSince: _, ...rest } = version;
  return { ...rest, isLatest: true };
}

const nameOf = (bucket: number, key: string): string => `${bucket}/${key}`;

/** Where versioning was never enabled there is nothing but latest versions. */
const hasHistory = ({ bucket }: StoredBucket): boolean => bucket.versioning !== '';
