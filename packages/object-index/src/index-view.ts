/** The view of the index: rows of its tables as records, in pages. */
import type { StoredBucket } from './bucket-table.ts';
import { after } from './key-order.ts';
import { type KeyedRow, type Page, pageOf } from './paging.ts';
import type { BlobEntry, Bucket, BucketUsage, ObjectVersion, Part, Piece, Upload, Version } from './records.ts';
import type { IndexTables } from './tables.ts';
import { type UploadRow, uploadOf } from './upload-table.ts';
import { objectOf, type VersionRow, versionOf } from './version-records.ts';
import type {
  BucketPage,
  KeyPage,
  Listing,
  ListPage,
  ObjectIndexView,
  UploadListing,
  UploadPage,
  VersionListing,
  VersionPage,
  VersionPosition,
} from './view.ts';

const NOTHING: BucketUsage = { objects: 0, versions: 0, markers: 0, uploads: 0, bytes: 0 };

/** How many versions a list reads at once, at first and as it goes on. */
const CHUNKS = [1, 32, 1_001] as const;
const CHUNK_MAX = CHUNKS[2];

/** Statements for each size of chunk: SQLite prepares one anew at every use if its limit is a parameter. */
const inChunks = (sql: string): readonly string[] => CHUNKS.map(size => `${sql} LIMIT ${size}`);

/** Versions of both tables in the order of lists; SQLite merges two ordered scans and sorts nothing. */
const allVersions = (where: string): string =>
  `SELECT key, seq, version, record, 0 AS marker FROM objects WHERE ${where}
   UNION ALL SELECT key, seq, version, record, marker FROM history WHERE ${where} ORDER BY key, seq DESC`;

const OBJECTS_FROM = inChunks(
  'SELECT key, seq, version, record, 0 FROM objects WHERE bucket = ? AND key >= ? ORDER BY key',
);
const VERSIONS_FROM = inChunks(allVersions('bucket = ?1 AND key >= ?2'));
const VERSIONS_BELOW = `${allVersions('bucket = ?1 AND key = ?2 AND seq < ?3')} LIMIT ${CHUNK_MAX}`;

export class IndexView implements ObjectIndexView {
  readonly #tables: IndexTables;

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  bucket(name: string): Bucket | undefined {
    return this.#tables.buckets.get(name)?.bucket;
  }

  bucketsOf(account: string, page: BucketPage): readonly Bucket[] {
    return this.#tables.buckets.of(account, page);
  }

  buckets(page: BucketPage): readonly Bucket[] {
    return this.#tables.buckets.all(page);
  }

  usage(bucket: string): BucketUsage {
    const at = this.#at(bucket);
    return at === undefined ? NOTHING : this.#tables.buckets.usage(at.id);
  }

  latest(bucket: string, key: string): Version | undefined {
    const at = this.#at(bucket);
    return at && this.#tables.versions.latest(at, key);
  }

  version(bucket: string, key: string, versionId: string): Version | undefined {
    const at = this.#at(bucket);
    return at && this.#tables.versions.find(at, key, versionId);
  }

  pieces(
    { bodyId, size, partsCount }: Pick<ObjectVersion, 'bodyId' | 'size' | 'partsCount'>,
    from = 0,
    to = size,
  ): Iterable<Piece> {
    // One row by its id, where there is no more: what most objects are.
    const whole = partsCount === undefined && from < to ? this.#tables.bodies.whole(bodyId) : undefined;
    if (whole !== undefined) return [whole];
    return this.#tables.bodies.pieces(bodyId, size, Math.max(0, from), Math.min(to, size));
  }

  piece({ bodyId }: Pick<ObjectVersion, 'bodyId'>, part: number): Piece | undefined {
    return this.#tables.bodies.piece(bodyId, part);
  }

  list(bucket: string, page: ListPage): Listing<ObjectVersion> {
    const at = this.#at(bucket);
    if (at === undefined) return { items: [], prefixes: [] };
    const from = (key: string) => this.#chunks(OBJECTS_FROM, { bucket: at.id, from: key, first: firstChunk(page) });
    const { rows, prefixes, last } = pageOf(page, { from, after: page.after });
    return {
      items: rows.map(row => objectOf(bucket, row)),
      prefixes,
      ...(last === undefined ? {} : { next: typeof last === 'string' ? last : last.key }),
    };
  }

  listVersions(bucket: string, page: VersionPage): VersionListing {
    const at = this.#at(bucket);
    if (at === undefined) return { items: [], prefixes: [] };
    const { after } = page;
    const left = ({ key, seq }: VersionRow) => this.#versionsBelow(at.id, key, seq);
    const from = (key: string) =>
      this.#chunks(VERSIONS_FROM, { bucket: at.id, from: key, first: firstChunk(page) }, left);
    const below = after === undefined ? undefined : this.#seqOf(at, after);
    const rest = () => this.#versionsBelow(at.id, after?.key ?? '', below ?? 0);
    const continued = below === undefined ? { from } : { from, rest };
    const { rows, prefixes, last } = pageOf(page, { ...continued, after: after?.key });
    const items = rows.map(row => versionOf(bucket, row));
    if (last === undefined) return { items, prefixes };
    return {
      items,
      prefixes,
      next: typeof last === 'string' ? { key: last } : { key: last.key, versionId: last.version, seq: last.seq },
    };
  }

  upload(id: string): Upload | undefined {
    return this.#tables.uploads.get(id);
  }

  uploads(bucket: string, page: UploadPage): UploadListing {
    const at = this.#at(bucket);
    if (at === undefined) return { items: [], prefixes: [] };
    const { after } = page;
    const columns = 'SELECT key, id, record FROM uploads WHERE bucket = ?';
    const from = (key: string) => this.#rows<UploadRow>(`${columns} AND key >= ? ORDER BY key, id`, at.id, key);
    const rest = () =>
      this.#rows<UploadRow>(
        `${columns} AND key = ? AND id > ? ORDER BY id`,
        at.id,
        after?.key ?? '',
        after?.uploadId ?? '',
      );
    const continued = after?.uploadId === undefined ? { from } : { from, rest };
    const { rows, prefixes, last }: Page<UploadRow> = pageOf(page, { ...continued, after: after?.key });
    const items = rows.map(({ record }) => uploadOf(record));
    if (last === undefined) return { items, prefixes };
    return { items, prefixes, next: typeof last === 'string' ? { key: last } : { key: last.key, uploadId: last.id } };
  }

  parts({ bodyId }: Pick<Upload | ObjectVersion, 'bodyId'>, after: number, limit: number): readonly Part[] {
    return this.#tables.bodies.parts(bodyId, after, limit);
  }

  blobs(after: string, limit: number): readonly BlobEntry[] {
    return this.#tables.bodies.blobs(after, limit);
  }

  blob(id: string): BlobEntry | undefined {
    return this.#tables.bodies.blob(id);
  }

  hasBlob(id: string): boolean {
    return this.#tables.bodies.hasBlob(id);
  }

  blobTotals(): { readonly count: number; readonly bytes: number } {
    return this.#tables.bodies.blobTotals();
  }

  get hasGarbage(): boolean {
    return this.#tables.bodies.hasGarbage;
  }

  #at(bucket: string): StoredBucket | undefined {
    return this.#tables.buckets.get(bucket);
  }

  /** The version after which a page begins: below which `seq` the rest of its key is. */
  #seqOf(at: StoredBucket, { key, versionId, seq }: VersionPosition): number | undefined {
    if (seq !== undefined || versionId === undefined) return seq;
    return this.#tables.versions.find(at, key, versionId)?.seq ?? Number.MAX_SAFE_INTEGER;
  }

  /** Rows from a key on, read in chunks that grow. `rest` has what the last key of a chunk has left. */
  *#chunks(
    statements: readonly string[],
    { bucket, from, first }: { readonly bucket: number; readonly from: string; readonly first: number },
    rest?: (last: VersionRow) => Iterable<VersionRow>,
  ): Generator<VersionRow> {
    let key = from;
    for (let chunk = first; ; chunk = Math.min(chunk + 1, CHUNKS.length - 1)) {
      const rows = this.#versionRows(statements[chunk]!, bucket, key);
      yield* rows;
      if (rows.length < CHUNKS[chunk]!) return;
      const last = rows.at(-1)!;
      if (rest !== undefined) yield* rest(last);
      key = after(last.key);
    }
  }

  /** Versions of a key that are older than one. */
  *#versionsBelow(bucket: number, key: string, newer: number): Generator<VersionRow> {
    for (let seq = newer; ; ) {
      const rows = this.#versionRows(VERSIONS_BELOW, bucket, key, seq);
      yield* rows;
      if (rows.length < CHUNK_MAX) return;
      seq = rows.at(-1)!.seq;
    }
  }

  #versionRows(sql: string, ...parameters: (string | number)[]): VersionRow[] {
    const statement = this.#tables.stored.statement(sql);
    // A third of the cost of rows as objects.
    statement.setReturnArrays(true);
    const rows = statement.all(...parameters) as unknown as [string, number, string, string, number][];
    return rows.map(([key, seq, version, record, marker]) => ({ key, seq, version, record, marker }));
  }

  #rows<Row extends KeyedRow>(sql: string, ...parameters: (string | number)[]): Iterable<Row> {
    return this.#tables.stored.statement(sql).iterate(...parameters) as unknown as Iterable<Row>;
  }
}

/** What lies behind a key may all have one common prefix, of which the first key is enough. */
const firstChunk = ({ delimiter, limit }: KeyPage): number => (delimiter !== undefined ? 0 : limit < CHUNKS[1] ? 1 : 2);
