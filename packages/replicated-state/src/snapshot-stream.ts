/**
 * Snapshots on their way from zone to zone. One of JSON records is its text (`snapshot.ts`). A stored one is a line with
 * the header and the number of bytes, then the bytes, then a line with their checksum; it may be as large as the disk, so
 * nobody holds more of it than a chunk. Empty lines in front say that it is being made.
 */
import { crc32 } from 'node:zlib';
import { readSnapshot, type Snapshot, SnapshotCorrupt, type SnapshotHeader, type StoredSnapshot } from './snapshot.ts';
import type { StoredCopy } from './stored-state.ts';

const LINE_BYTES_MAX = 4096;

interface StoredHeader extends SnapshotHeader {
  readonly bytes: number;
}

/** A stored state as it is sent. */
export async function* writeStoredSnapshot(header: SnapshotHeader, copy: StoredCopy): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify({ ...header, bytes: copy.size } satisfies StoredHeader)}\n`);
  let sum = 0;
  for await (const chunk of copy.bytes) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  yield Buffer.from(`${JSON.stringify({ sum })}\n`);
}

/**
 * Reads either kind. One of JSON records is gathered first; a stored one comes as it is drawn.
 * @throws SnapshotCorrupt, and what drawing `chunks` throws
 */
export async function receiveSnapshot(chunks: AsyncIterable<Uint8Array>): Promise<Snapshot | StoredSnapshot> {
  const source = chunks[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  let end = -1;
  while ((end = start.indexOf('\n')) === -1) {
    const { done, value } = await source.next();
    if (done) throw new SnapshotCorrupt('it ends in its header');
    start = withoutEmptyLines(Buffer.concat([start, value]));
    if (start.length > LINE_BYTES_MAX && start.subarray(0, LINE_BYTES_MAX).indexOf('\n') === -1) break;
  }
  const { bytes, ...header } = parse(start.subarray(0, end));
  const rest = { [Symbol.asyncIterator]: () => source };
  if (typeof bytes === 'number') return { header, bytes: checked(start.subarray(end + 1), rest, bytes) };
  const pieces: Uint8Array[] = [start];
  for await (const chunk of rest) pieces.push(chunk);
  return readSnapshot(Buffer.concat(pieces).toString());
}

/** The first `count` bytes; what follows must be their checksum. */
async function* checked(start: Buffer, rest: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Uint8Array> {
  let left = count;
  let sum = 0;
  let trailer = Buffer.alloc(0);
  for await (const chunk of joined(start, rest)) {
    const part = chunk.subarray(0, left);
    if (part.length > 0) {
      sum = crc32(part, sum);
      yield part;
    }
    left -= part.length;
    if (part.length < chunk.length) trailer = Buffer.concat([trailer, chunk.subarray(part.length)]);
    if (trailer.length > LINE_BYTES_MAX) throw new SnapshotCorrupt('more was sent than announced');
  }
  if (left > 0) throw new SnapshotCorrupt(`${left} bytes are missing`);
  if (parse(trailer).sum !== sum) throw new SnapshotCorrupt('checksum differs');
}

async function* joined(start: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  yield* rest;
}

function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === NEWLINE) at++;
  return bytes.subarray(at);
}

const NEWLINE = 0x0a;

function parse(line: Buffer): StoredHeader & { readonly sum?: unknown } {
  try {
    return JSON.parse(line.toString());
  } catch {
    throw new SnapshotCorrupt('not a snapshot');
  }
}
