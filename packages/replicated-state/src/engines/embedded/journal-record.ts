/**
 * One journal entry on disk: a header with a checksum of its own, and the payload with another. The header's tells a
 * damaged length from a write that never completed: only under a sound header may the file end early. Little-endian:
 *
 *     0  length of the payload      u32
 *     4  CRC-32 of the header, without this field
 *     8  seq                        f64
 *    16  time in ms                 f64
 *    24  commit hint                f64
 *    32  epoch                      u32
 *    36  CRC-32 of the payload
 *    40  payload
 */
import { crc32 } from 'node:zlib';
import type { Seq } from '../../log.ts';
import type { JournalEntry } from './journal.ts';

export const RECORD_HEADER_BYTES = 40;
/** An entry larger than this is refused when written and taken for corruption when read. */
export const PAYLOAD_BYTES_MAX = 32 * 1024 * 1024;

export const recordBytes = (entry: JournalEntry): number => RECORD_HEADER_BYTES + entry.payload.length;

/** The header of `entry`; the payload follows it on disk without being copied. */
export function recordHeader(entry: JournalEntry, commitHint: Seq): Buffer {
  const header = Buffer.allocUnsafe(RECORD_HEADER_BYTES);
  header.writeUInt32LE(entry.payload.length, 0);
  header.writeDoubleLE(entry.seq, 8);
  header.writeDoubleLE(entry.time, 16);
  header.writeDoubleLE(commitHint, 24);
  header.writeUInt32LE(entry.epoch, 32);
  header.writeUInt32LE(crc32(entry.payload), 36);
  header.writeUInt32LE(headerSum(header), 4);
  return header;
}

export type RecordRead =
  | { readonly kind: 'entry'; readonly entry: JournalEntry; readonly commitHint: Seq; readonly end: number }
  /** The file ends inside the record: a write that never completed. */
  | { readonly kind: 'torn' }
  /** All bytes are there and they are not what was written. */
  | { readonly kind: 'corrupt' };

/** Reads the record at `offset`, which must carry position `expected`. */
export function readRecord(file: Buffer, offset: number, expected: Seq): RecordRead {
  if (file.length - offset < RECORD_HEADER_BYTES) return { kind: 'torn' };
  const header = file.subarray(offset, offset + RECORD_HEADER_BYTES);
  const length = header.readUInt32LE(0);
  if (headerSum(header) !== header.readUInt32LE(4) || length > PAYLOAD_BYTES_MAX) return { kind: 'corrupt' };
  const end = offset + RECORD_HEADER_BYTES + length;
  if (end > file.length) return { kind: 'torn' };
  const seq = header.readDoubleLE(8);
  const payload = file.subarray(offset + RECORD_HEADER_BYTES, end);
  if (seq !== expected || crc32(payload) !== header.readUInt32LE(36)) return { kind: 'corrupt' };
  const entry = { seq, time: header.readDoubleLE(16), epoch: header.readUInt32LE(32), payload };
  return { kind: 'entry', entry, commitHint: header.readDoubleLE(24), end };
}

const headerSum = (header: Buffer): number => crc32(header.subarray(8), crc32(header.subarray(0, 4)));
