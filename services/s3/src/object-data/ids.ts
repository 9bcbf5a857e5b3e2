/** Ids that handlers draw: of versions and of uploads. */
import type { Random } from '@stormglass/base';

/** 32 letters, digits, dots and underscores, as S3's own. */
export const newVersionId = (random: Random): string => lettersOf(random.bytes(VERSION_BYTES));

/** Begins with the time, so that uploads of one key are listed in the order of their begin. */
export function newUploadId(random: Random, now: number): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(Math.max(0, now), 0, TIME_BYTES);
  return `${time.toString('hex')}.${lettersOf(random.bytes(UPLOAD_BYTES))}`;
}

const lettersOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replaceAll('+', '.').replaceAll('/', '_');

const VERSION_BYTES = 24;
const TIME_BYTES = 6;
const UPLOAD_BYTES = 39;
