/** How large keys and bodies may be, and what is said of those that are larger. */
import type { RequestStream } from '@stormglass/service-kit';
import { s3Error } from '../errors.ts';

/** What one request may bring or copy (S3 User Guide, "Uploading objects"). */
export const UPLOAD_BYTES_MAX = 5 * 1024 ** 3;
/** Bodies up to so many bytes ride in the command. */
export const INLINE_BYTES_MAX = 16 * 1024;

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > KEY_BYTES_MAX) throw s3Error('KeyTooLongError', { Size: size, MaxSizeAllowed: KEY_BYTES_MAX });
}

/**
 * The length of a body, which S3 wants to know before it comes.
 * @throws AwsError MissingContentLength, EntityTooLarge
 */
export function knownLength({ length }: Pick<RequestStream, 'length'>): number {
  if (length === undefined) throw s3Error('MissingContentLength');
  if (length > UPLOAD_BYTES_MAX)
    throw s3Error('EntityTooLarge', { ProposedSize: length, MaxSizeAllowed: UPLOAD_BYTES_MAX });
  return length;
}

const KEY_BYTES_MAX = 1024;
