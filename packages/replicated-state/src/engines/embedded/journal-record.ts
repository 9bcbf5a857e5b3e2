/**
 * One journal entry on disk: a fixed header and the payload, with a checksum over both, so that a torn write and a
 * rotten sector are told from an entry. Little-endian:
 *
 *     0  length of the payload      u32
 *     4  CRC-32 of everything after u32
 *     8  seq                        f64
 *    16  time in ms                 f64
 *    24  commit hint                f64
 *    32  epoch                      u32
 *    36  payload
 */
import { crc32 } from 'node:zlib';
import type { Seq } from '../../log.ts';
import type { JournalEntry } from './journal.ts';

export const RECORD_HEADER_BYTES = 36;
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
  header.writeUInt32LE(crc32(entry.payload, crc32(header.subarray(8))), 4);
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
  const length = file.readUInt32LE(offset);
  if (length > PAYLOAD_BYTES_MAX) return { kind: 'corrupt' };
  const end = offset + RECORD_HEADER_BYTES + length;
  if (end > file.length) return { kind: 'torn' };
  const seq = file.readDoubleLE(offset + 8);
  if (seq !== expected || crc32(file.subarray(offset + 8, end)) !== file.readUInt32LE(offset + 4))
    return { kind: 'corrupt' };
  const entry = {
    seq,
    time: file.readDoubleLE(offset + 16),
    epoch: file.readUInt32LE(offset + 32),
    payload: file.subarray(offset + RECORD_HEADER_BYTES, end),
  };
  return { kind: 'entry', entry, commitHint: file.readDoubleLE(offset + 24), end };
}
