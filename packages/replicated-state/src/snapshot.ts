/**
 * A snapshot: the state after one log position, as JSON records. Replicas keep theirs on their own disk, to start from
 * and to truncate the log, and hand them to zones that fell too far behind.
 *
 * On the wire and on disk it is text: a header line, a line a record, and a last line with the count and a checksum over
 * everything before it, so that a torn or rotten snapshot is never installed.
 */
import { crc32 } from 'node:zlib';
import type { Seq } from './log.ts';

export interface SnapshotHeader {
  readonly machine: string;
  readonly format: number;
  readonly logId: string;
  readonly seq: Seq;
  /** Log time at `seq`. */
  readonly now: number;
  /** Rolling hash over all payloads up to `seq`: equal on every replica. */
  readonly hash: number;
}

export interface Snapshot {
  readonly header: SnapshotHeader;
  readonly records: Iterable<unknown>;
}

/** The state of a machine that stores it itself, as the bytes of a copy (`StoredState.copy`). */
export interface StoredSnapshot {
  readonly header: SnapshotHeader;
  /** To be drawn once. @throws SnapshotCorrupt at their end, when they are not those that were sent. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The place a replica keeps its snapshots: its zone's disk, or memory in a simulation. */
export interface SnapshotStore {
  /** The newest sound snapshot, or undefined. Unsound ones are dropped. */
  load(): Promise<Snapshot | undefined>;
  save(snapshot: Snapshot): Promise<void>;
}

export class SnapshotCorrupt extends Error {
  override readonly name = 'SnapshotCorrupt';
}

const CHUNK_CHARS = 64 * 1024;

/** The text of a snapshot in chunks of about 64 KiB; records are drawn as the text is. */
export function* writeSnapshot(snapshot: Snapshot): Generator<string> {
  let sum = 0;
  let count = 0;
  let chunk = `${JSON.stringify(snapshot.header)}\n`;
  for (const record of snapshot.records) {
    chunk += `${JSON.stringify(record)}\n`;
    count++;
    if (chunk.length < CHUNK_CHARS) continue;
    sum = crc32(chunk, sum);
    yield chunk;
    chunk = '';
  }
  sum = crc32(chunk, sum);
  yield `${chunk}${JSON.stringify({ count, sum })}\n`;
}

/**
 * Reads what `writeSnapshot` wrote.
 * @throws SnapshotCorrupt when it is torn, rotten or not a snapshot.
 */
export function readSnapshot(text: string): Snapshot {
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const trailer = parse(text.slice(end)) as { count?: unknown; sum?: unknown } | undefined;
  if (trailer === undefined || typeof trailer.sum !== 'number') throw new SnapshotCorrupt('no trailer');
  const body = text.slice(0, end);
  if (crc32(body) !== trailer.sum) throw new SnapshotCorrupt('checksum differs');
  const lines = body.split('\n');
  lines.pop();
  const header = parse(lines[0] ?? '') as SnapshotHeader | undefined;
  if (header === undefined || lines.length - 1 !== trailer.count) throw new SnapshotCorrupt('records are missing');
  return {
    header,
    records: {
      *[Symbol.iterator]() {
        for (let i = 1; i < lines.length; i++) yield JSON.parse(lines[i]!);
      },
    },
  };
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
