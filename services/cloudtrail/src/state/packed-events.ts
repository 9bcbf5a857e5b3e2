/**
 * Events on their way into the log and in memory. Records repeat each other almost word for word, so those that are
 * written together are compressed together: in the log, on three disks and in the memory of every zone they take a tenth.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { AuditEvent, AuditIndex } from '@stormglass/service-kit';
import type { RecordEvents } from './commands.ts';

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function packEvents(events: readonly AuditEvent[]): RecordEvents {
  const numbers = new Map<AuditIndex, number>();
  const numberOf = (index: AuditIndex): number => {
    let number = numbers.get(index);
    if (number === undefined) numbers.set(index, (number = numbers.size));
    return number;
  };
  return {
    type: 'RecordEvents',
    events: events.map(({ id, time, index }) => [id, time, numberOf(index)] as const),
    indexes: [...numbers.keys()],
    records: zstdCompressSync(events.map(({ record }) => record).join('\n'), FASTEST).toString('base64'),
  };
}

/** The records of `packEvents`, in order. */
export const unpackRecords = (records: string): readonly string[] =>
  zstdDecompressSync(Buffer.from(records, 'base64')).toString().split('\n');
