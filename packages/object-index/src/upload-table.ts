/**
 * Rows of multipart uploads, and of those that ended lately: whoever asks a second time, because the first answer was
 * lost, is told the same.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import type { BucketTable, StoredBucket } from './bucket-table.ts';
import type { Upload } from './records.ts';
import type { Completed } from './result.ts';

/** How an upload ended: with a version, or without. */
export interface EndedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly completed?: Completed;
}

/** How long the end of an upload is known, in ms. */
const ENDED_KEPT_MS = 24 * 3_600_000;
const ENDED_MAX = 100_000;

export interface UploadRow {
  readonly key: string;
  readonly id: string;
  readonly record: string;
}

export class UploadTable {
  readonly #stored: SqliteState;
  readonly #buckets: BucketTable;

  constructor(stored: SqliteState, buckets: BucketTable) {
    this.#stored = stored;
    this.#buckets = buckets;
  }

  get(id: string): Upload | undefined {
    const record = this.#stored.statement('SELECT record FROM uploads WHERE id = ?').get(id)?.record;
    return record === undefined ? undefined : uploadOf(String(record));
  }

  add(at: StoredBucket, upload: Upload): void {
    const { id, key } = upload;
    this.#stored.statement('INSERT INTO uploads VALUES (?, ?, ?, ?)').run(at.id, key, id, JSON.stringify(upload));
    this.#buckets.add(at.id, { uploads: 1 });
  }

  /** Takes an upload away and remembers how it ended, at log time `now`. */
  end(at: StoredBucket, upload: Upload, now: number, completed?: Completed): void {
    const { id, bucket, key } = upload;
    this.#stored.statement('DELETE FROM uploads WHERE id = ?').run(id);
    this.#buckets.add(at.id, { uploads: -1 });
    const ended: EndedUpload = { bucket, key, ...(completed === undefined ? {} : { completed }) };
    // SQLite numbers them one by one.
    this.#stored.statement('INSERT INTO ended (id, at, record) VALUES (?, ?, ?)').run(id, now, JSON.stringify(ended));
    this.#forget(now);
  }

  ended(id: string): EndedUpload | undefined {
    const record = this.#stored.statement('SELECT record FROM ended WHERE id = ?').get(id)?.record;
    return record === undefined ? undefined : (JSON.parse(String(record)) as EndedUpload);
  }

  /** Some uploads of a bucket, in the order of their keys. */
  some({ id }: StoredBucket, limit: number): Upload[] {
    const rows = this.#stored.statement('SELECT record FROM uploads WHERE bucket = ? LIMIT ?').all(id, limit);
    return rows.map(({ record }) => uploadOf(String(record)));
  }

  /** Ends that are too old, or too many: two at each end of another, so that their number falls. */
  #forget(now: number): void {
    const sql = `DELETE FROM ended WHERE number IN (SELECT number FROM ended ORDER BY number LIMIT 2)
      AND (at < ? OR number <= (SELECT max(number) FROM ended) - ${ENDED_MAX})`;
    this.#stored.statement(sql).run(now - ENDED_KEPT_MS);
  }
}

export const uploadOf = (record: string): Upload => JSON.parse(record) as Upload;
