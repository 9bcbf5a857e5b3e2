/** Rows of buckets, and how much each holds. */
import type { SqliteState } from '@stormglass/replicated-state';
import { after as justAfter, later } from './key-order.ts';
import type { Bucket, BucketUsage } from './records.ts';
import type { BucketPage } from './view.ts';

/** A bucket as the other tables know it: by a number. */
export interface StoredBucket {
  readonly id: number;
  readonly bucket: Bucket;
}

/** Buckets that are kept in memory as well. */
const KNOWN_MAX = 10_000;

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

const EMPTY: BucketUsage = { objects: 0, versions: 0, markers: 0, uploads: 0, bytes: 0 };

export class BucketTable {
  readonly #stored: SqliteState;
  readonly #known = new Map<string, StoredBucket>();
  /** What the commands of the batch at hand change in the usage of buckets. */
  readonly #changes = new Map<number, Mutable<BucketUsage>>();

  constructor(stored: SqliteState) {
    this.#stored = stored;
    stored.onReset(() => {
      this.#known.clear();
      this.#changes.clear();
    });
  }

  get(name: string): StoredBucket | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const row = this.#stored.statement('SELECT id, record FROM buckets WHERE name = ?').get(name);
    if (row === undefined) return undefined;
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    const found = { id: Number(row.id), bucket: JSON.parse(String(row.record)) as Bucket };
    this.#known.set(name, found);
    return found;
  }

  insert(id: number, bucket: Bucket): void {
    const { name, account } = bucket;
    this.#stored
      .statement('INSERT INTO buckets (id, name, account, record) VALUES (?, ?, ?, ?)')
      .run(id, name, account, JSON.stringify(bucket));
  }

  update(id: number, bucket: Bucket): void {
    this.#known.delete(bucket.name);
    this.#stored.statement('UPDATE buckets SET record = ? WHERE id = ?').run(JSON.stringify(bucket), id);
  }

  delete({ id, bucket }: StoredBucket): void {
    this.#known.delete(bucket.name);
    this.#changes.delete(id);
    this.#stored.statement('DELETE FROM buckets WHERE id = ?').run(id);
    this.#stored.statement('DELETE FROM usage WHERE bucket = ?').run(id);
  }

  count(account: string): number {
    const row = this.#stored.statement('SELECT count(*) AS count FROM buckets WHERE account = ?').get(account);
    return Number(row?.count);
  }

  of(account: string, page: BucketPage): Bucket[] {
    const sql = 'SELECT name, record FROM buckets WHERE account = ? AND name >= ? ORDER BY name';
    return this.#page(this.#stored.statement(sql).iterate(account, from(page)), page);
  }

  all(page: BucketPage): Bucket[] {
    const sql = 'SELECT name, record FROM buckets WHERE name >= ? ORDER BY name';
    return this.#page(this.#stored.statement(sql).iterate(from(page)), page);
  }

  usage(id: number): BucketUsage {
    const sql = 'SELECT objects, versions, markers, uploads, bytes FROM usage WHERE bucket = ?';
    return { ...EMPTY, ...this.#stored.statement(sql).get(id) };
  }

  /** Adds to what a bucket holds; `usage` says so from the end of the batch on. */
  add(id: number, { objects = 0, versions = 0, markers = 0, uploads = 0, bytes = 0 }: Partial<BucketUsage>): void {
    const sum = this.#changes.get(id) ?? { ...EMPTY };
    sum.objects += objects;
    sum.versions += versions;
    sum.markers += markers;
    sum.uploads += uploads;
    sum.bytes += bytes;
    const isFirst = this.#changes.size === 0;
    this.#changes.set(id, sum);
    if (isFirst) this.#stored.beforeCommit(() => this.#storeChanges());
  }

  #storeChanges(): void {
    for (const [id, change] of this.#changes) this.#addNow(id, change);
    this.#changes.clear();
  }

  #addNow(id: number, { objects, versions, markers, uploads, bytes }: BucketUsage): void {
    this.#stored
      .statement(
        `INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (bucket) DO UPDATE SET
         objects = objects + excluded.objects, versions = versions + excluded.versions,
         markers = markers + excluded.markers, uploads = uploads + excluded.uploads, bytes = bytes + excluded.bytes`,
      )
      .run(id, objects, versions, markers, uploads, bytes);
  }

  #page(rows: Iterable<Record<string, unknown>>, { prefix = '', limit }: BucketPage): Bucket[] {
    const buckets: Bucket[] = [];
    if (limit <= 0) return buckets;
    for (const { name, record } of rows) {
      if (!String(name).startsWith(prefix)) break;
      buckets.push(JSON.parse(String(record)) as Bucket);
      if (buckets.length >= limit) break;
    }
    return buckets;
  }
}

const from = ({ prefix = '', after }: BucketPage): string =>
  after === undefined ? prefix : later(prefix, justAfter(after));
