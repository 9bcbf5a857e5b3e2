/** Checksums of objects that were uploaded in parts: of the checksums of the parts, or of the bytes without reading them. */

import { createHash } from 'node:crypto';
import { combinedCrc, digestOf as digestBytes } from '@stormglass/blob-store';
import { invalidArgument, s3Problem } from '../errors.ts';
import type { HeaderValue } from '../headers/header-value.ts';
import { type ChecksumAlgorithm, type ChecksumType, digestOf, isAlgorithm } from './algorithms.ts';
import { unsupportedAlgorithm } from './requested.ts';

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
}

export interface PartChecksum {
  readonly size: number;
  /** Base64. */
  readonly value: string;
}

/**
 * What CreateMultipartUpload asks for.
 * @throws AwsError InvalidRequest, InvalidArgument
 */
export function uploadChecksum(header: HeaderValue): UploadChecksum | undefined {
  const algorithm = header('x-amz-checksum-algorithm')?.toUpperCase();
  const type = header('x-amz-checksum-type')?.toUpperCase();
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw s3Problem(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  if (!isAlgorithm(algorithm)) throw unsupportedAlgorithm();
  if (type === undefined) return { algorithm, type: algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE' };
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT')
    throw invalidArgument('Value for x-amz-checksum-type header is invalid.', 'x-amz-checksum-type', type);
  const never = type === 'COMPOSITE' ? algorithm === 'CRC64NVME' : algorithm.startsWith('SHA');
  if (never)
    throw s3Problem(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, type };
}

/** The checksum of the whole, from those of its parts in order. */
export function wholeChecksum({ algorithm, type }: UploadChecksum, parts: readonly PartChecksum[]): string {
  const name = digestOf(algorithm);
  if (type === 'COMPOSITE' || name === 'sha1' || name === 'sha256') {
    const together = Buffer.concat(parts.map(({ value }) => Buffer.from(value, 'base64')));
    return `${digestBytes(name, together).toString('base64')}-${parts.length}`;
  }
  return combinedCrc(
    name,
    parts.map(({ value, size }) => ({ crc: Buffer.from(value, 'base64'), size })),
  ).toString('base64');
}

/** The ETag of an object of parts: the MD5 of their MD5s, and how many there are. */
export const wholeEtag = (etags: readonly string[]): string =>
  `${createHash('md5')
    .update(Buffer.concat(etags.map(etag => Buffer.from(etag, 'hex'))))
    .digest('hex')}-${etags.length}`;
