/**
 * Rows of bodies: the pieces in which the bytes of a version are, or of the parts of an upload. A body belongs to one
 * version, and to as many more as `shared` says; with the last of them its pieces go. Many pieces go in several steps.
 */
import type { SqliteState } from '@stormglass/replicated-state';
import type { BlobChange } from './changes.ts';
import type { StoredBytes } from './commands.ts';
import type { BlobEntry, Checksum, Part, Piece } from './records.ts';

/** Row ids of a body are its number times this, plus the part's: more than there may be parts. */
const STRIDE = 16_384;
/** The part number of a piece that is the whole body. */
const WHOLE = 1;
/** Pieces that one command takes away at most, besides those it names. */
const DROPS_MAX = 1_000;
/** Pieces that are read at once: all, of most objects. */
const PIECES_READ = 1_000;

/** What is kept of a part besides its bytes. */
interface PartRecord {
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: Omit<Checksum, 'type'>;
}

interface PieceRow {
  readonly id: number;
  readonly begin: number;
  readonly size: number;
  readonly zone: string | null;
  readonly inline: Uint8Array | null;
  readonly blob: string | null;
  readonly blob_key: string | null;
  readonly part: string | null;
}

const COLUMNS = 'id, begin, size, inline, blob, blob_key, part';

export class BodyTable {
  readonly #stored: SqliteState;
  readonly #tell: (change: BlobChange) => void;
  /** Pieces that the command at hand may still take away. */
  #dropsLeft = 0;
  /** The number that is drawn next; read anew after the tables were replaced or set back. */
  #next: number | undefined;
  #isNextStored = true;

  constructor(stored: SqliteState, tell: (change: BlobChange) => void) {
    this.#stored = stored;
    this.#tell = tell;
    stored.onReset(() => {
      this.#next = undefined;
      this.#isNextStored = true;
    });
  }

  /** A command begins. */
  begin(): void {
    this.#dropsLeft = DROPS_MAX;
  }

  /** Draws a number that was never drawn before, greater than all of them. */
  nextNumber(): number {
    this.#next ??= this.#storedNext();
    const number = this.#next++;
    if (this.#isNextStored) {
      this.#isNextStored = false;
      this.#stored.beforeCommit(() => this.#storeNext());
    }
    return number;
  }

  #storedNext(): number {
    const row = this.#stored.statement('SELECT next FROM numbers').get();
    if (row === undefined) this.#stored.statement('INSERT INTO numbers VALUES (1, 1, 0, 0)').run();
    return Number(row?.next ?? 1);
  }

  #storeNext(): void {
    this.#isNextStored = true;
    this.#stored.statement('UPDATE numbers SET next = ?').run(this.#next!);
  }

  /** Adds a piece, or puts it in the place of the one that was there. A body of no bytes may have none. */
  put(body: number, part: number, bytes: StoredBytes, zone: string | undefined, record?: PartRecord): void {
    const { size, inline, blob } = bytes;
    const id = body * STRIDE + part;
    if (record !== undefined) this.#deletePiece(id);
    else if (inline === undefined && blob === undefined) return;
    this.#stored
      .statement('INSERT INTO pieces VALUES (?, 0, ?, ?, ?, ?, ?, ?)')
      .run(
        id,
        size,
        zone ?? null,
        inline === undefined ? null : Buffer.from(inline, 'base64'),
        blob?.id ?? null,
        blob?.key ?? null,
        record === undefined ? null : JSON.stringify(record),
      );
    if (blob === undefined) return;
    this.#countBlobs(1, size);
    this.#tell({ kind: 'blob-added', blob: { ...blob, ...(zone === undefined ? {} : { zone }) } });
  }

  /** One more version has this body. */
  share(body: number): void {
    this.#stored
      .statement('INSERT INTO shared VALUES (?, 1) ON CONFLICT (body) DO UPDATE SET others = others + 1')
      .run(body);
  }

  /** One version less has this body. `isWhole`: it was stored at once and not in parts. */
  release(body: number, isWhole = false): void {
    const others = this.#stored.statement('SELECT others FROM shared WHERE body = ?').get(body)?.others;
    if (others === undefined) isWhole ? this.#deletePiece(body * STRIDE + WHOLE) : this.#drop(body);
    else if (others === 1) this.#stored.statement('DELETE FROM shared WHERE body = ?').run(body);
    else this.#stored.statement('UPDATE shared SET others = others - 1 WHERE body = ?').run(body);
  }

  /** Takes parts away that the whole does not have, and lays the others one behind the other. */
  assemble(body: number, without: readonly number[]): void {
    for (const part of without) this.#deletePiece(body * STRIDE + part);
    this.#stored
      .statement(
        `UPDATE pieces SET begin = laid.begin FROM (
           SELECT id, sum(size) OVER (ORDER BY id) - size AS begin FROM pieces WHERE id BETWEEN ? AND ?) AS laid
         WHERE pieces.id = laid.id`,
      )
      .run(...span(body));
  }

  parts(body: number, after: number, limit: number): Part[] {
    const sql = 'SELECT id, size, part FROM pieces WHERE id > ? AND id <= ? ORDER BY id LIMIT ?';
    const rows = this.#stored.statement(sql).all(body * STRIDE + after, span(body)[1], limit);
    return rows.map(row => partOf(row as unknown as PieceRow));
  }

  part(body: number, part: number): Part | undefined {
    const row = this.#stored.statement('SELECT id, size, part FROM pieces WHERE id = ?').get(body * STRIDE + part);
    return row === undefined ? undefined : partOf(row as unknown as PieceRow);
  }

  piece(body: number, part: number): Piece | undefined {
    const row = this.#stored.statement(`SELECT ${COLUMNS} FROM pieces WHERE id = ?`).get(body * STRIDE + part);
    return row === undefined ? undefined : pieceOf(row as unknown as PieceRow);
  }

  /** The one piece of a body that was stored at once. */
  whole(body: number): Piece | undefined {
    return this.piece(body, WHOLE);
  }

  /**
   * Pieces with bytes from `from` up to, not including, `to`, which is `size` at most: that of the body. The first ones
   * are read now, the others when asked for.
   * @throws Error while they are drawn, when the body was dropped meanwhile
   */
  pieces(body: number, size: number, from: number, to: number): Iterable<Piece> {
    if (from >= to) return [];
    const last = to === size ? span(body)[1] : this.#pieceAt(body, to - 1);
    const first = this.#read(this.#pieceAt(body, from), last);
    const read = (id: number) => this.#read(id, last);
    return {
      *[Symbol.iterator]() {
        let end: number | undefined;
        for (let rows = first; ; rows = read(rows.at(-1)!.id + 1)) {
          // Pieces of a body that was dropped go from its beginning on.
          if (rows.length === 0 || (end !== undefined && rows[0]!.begin !== end))
            throw new Error('the body was dropped while it was read');
          for (const row of rows) {
            end = row.begin + row.size;
            yield pieceOf(row);
          }
          if (end !== undefined && end >= to) return;
        }
      },
    };
  }

  hasBlob(id: string): boolean {
    return this.#stored.statement('SELECT 1 FROM pieces WHERE blob = ?').get(id) !== undefined;
  }

  blob(id: string): BlobEntry | undefined {
    const row = this.#stored.statement('SELECT size, zone, blob, blob_key FROM pieces WHERE blob = ?').get(id);
    return row === undefined ? undefined : blobOf(row as unknown as PieceRow);
  }

  blobs(after: string, limit: number): BlobEntry[] {
    const sql = 'SELECT size, zone, blob, blob_key FROM pieces WHERE blob > ? ORDER BY blob LIMIT ?';
    const rows = this.#stored.statement(sql).all(after, limit);
    return rows.map(row => blobOf(row as unknown as PieceRow)!);
  }

  blobTotals(): { readonly count: number; readonly bytes: number } {
    const row = this.#stored.statement('SELECT blobs, blob_bytes FROM numbers').get();
    return { count: Number(row?.blobs ?? 0), bytes: Number(row?.blob_bytes ?? 0) };
  }

  get hasGarbage(): boolean {
    return this.#stored.statement('SELECT 1 FROM garbage LIMIT 1').get() !== undefined;
  }

  /** Takes away as many pieces of dropped bodies as one command may. */
  collectGarbage(): void {
    while (this.#dropsLeft > 0) {
      const body = this.#stored.statement('SELECT body FROM garbage LIMIT 1').get()?.body;
      if (body === undefined) return;
      if (this.#dropPieces(Number(body))) this.#stored.statement('DELETE FROM garbage WHERE body = ?').run(body);
    }
  }

  /** What is too much for one command waits for the collection: one may drop millions of pieces. */
  #drop(body: number): void {
    if (!this.#dropPieces(body)) this.#stored.statement('INSERT INTO garbage VALUES (?)').run(body);
  }

  /** Whether all pieces are gone, as far as can be told. */
  #dropPieces(body: number): boolean {
    if (this.#dropsLeft > 0) this.#dropsLeft -= this.#delete(...span(body), this.#dropsLeft);
    return this.#dropsLeft > 0;
  }

  #delete(first: number, last: number, limit: number): number {
    const sql = 'SELECT id FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?';
    const rows = this.#stored.statement(sql).all(first, last, limit);
    for (const { id } of rows) this.#deletePiece(Number(id));
    return rows.length;
  }

  #deletePiece(id: number): void {
    const row = this.#stored.statement('DELETE FROM pieces WHERE id = ? RETURNING size, zone, blob, blob_key').get(id);
    if (row === undefined) return;
    const blob = blobOf(row as unknown as PieceRow);
    if (blob === undefined) return;
    this.#countBlobs(-1, -blob.size);
    this.#tell({ kind: 'blob-dropped', blob });
  }

  #countBlobs(count: number, bytes: number): void {
    this.#stored.statement('UPDATE numbers SET blobs = blobs + ?, blob_bytes = blob_bytes + ?').run(count, bytes);
  }

  #read(from: number, last: number): PieceRow[] {
    const sql = `SELECT ${COLUMNS} FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ${PIECES_READ}`;
    return this.#stored.statement(sql).all(from, last) as unknown as PieceRow[];
  }

  /** The row id of the piece with a byte: pieces lie in order, and each step halves those in question. */
  #pieceAt(body: number, offset: number): number {
    let [low, high] = span(body);
    const sql = 'SELECT id, size FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1';
    const first = this.#stored.statement(sql).get(low, high);
    if (first !== undefined && offset < Number(first.size)) return Number(first.id);
    const lastOf = this.#stored.statement(
      'SELECT id, begin FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1',
    );
    let found = low;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const row = lastOf.get(low, middle);
      if (row === undefined) low = middle + 1;
      else if (Number(row.begin) > offset) high = Number(row.id) - 1;
      else {
        found = Number(row.id);
        low = middle + 1;
      }
    }
    return found;
  }
}

/** The first and the last row id that a body may have. */
const span = (body: number): [number, number] => [body * STRIDE, body * STRIDE + STRIDE - 1];

function partOf({ id, size, part }: PieceRow): Part {
  return { part: id % STRIDE, size, ...(JSON.parse(part ?? '{}') as PartRecord) };
}

function pieceOf({ id, begin, size, inline, blob, blob_key: key, part }: PieceRow): Piece {
  const checksum = part === null ? undefined : (JSON.parse(part) as PartRecord).checksum;
  return {
    part: id % STRIDE,
    offset: begin,
    size,
    ...(inline === null ? {} : { inline: Buffer.from(inline.buffer, inline.byteOffset, inline.byteLength) }),
    ...(blob === null ? {} : { blob: { id: blob, size, key: key ?? '' } }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

function blobOf({ size, zone, blob, blob_key: key }: PieceRow): BlobEntry | undefined {
  return blob === null ? undefined : { id: blob, size, key: key ?? '', ...(zone === null ? {} : { zone }) };
}
