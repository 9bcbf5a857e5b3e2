/** What UploadPart and UploadPartCopy have in common: the upload they belong to, and what a part must be. */
import type { Upload } from '@stormglass/object-index';
import { PARTS_MAX } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import type { RequestedChecksums } from '../checksums/requested.ts';
import { execute, type S3Deps } from '../deps.ts';
import { type CustomerKey, meetEncryption } from '../encryption.ts';
import { invalidArgument, noSuchUpload, s3Problem } from '../errors.ts';
import { freshUpload, type NamedUpload } from './fresh.ts';
import type { KeptBody } from './stored-bytes.ts';
import { committing } from './stored-bytes.ts';

export interface NamedPart extends NamedUpload {
  readonly PartNumber: number;
}

/** @throws AwsError NoSuchUpload, InvalidArgument */
export async function uploadOf(named: NamedPart, call: OpenCall, deps: S3Deps): Promise<Upload> {
  const { PartNumber, UploadId } = named;
  if (!Number.isInteger(PartNumber) || PartNumber < 1 || PartNumber > PARTS_MAX)
    throw invalidArgument(
      `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`,
      'partNumber',
      String(PartNumber),
    );
  const upload = await freshUpload(deps, call, named);
  if (upload === undefined) throw noSuchUpload(UploadId);
  return upload;
}

/**
 * The checksum that a part is given: what its upload wants, or what came with it.
 * @throws AwsError InvalidRequest when these are two
 */
export function partChecksums(upload: Upload, requested: RequestedChecksums): RequestedChecksums {
  const wanted = upload.checksum?.algorithm;
  if (wanted === undefined || requested.algorithm === wanted) return requested;
  if (requested.algorithm === undefined) {
    // Bytes that are checked as a whole may come without a word about their parts.
    if (upload.checksum?.type === 'FULL_OBJECT') return { ...requested, algorithm: wanted };
    throw otherChecksum(wanted, 'null');
  }
  throw otherChecksum(wanted, requested.algorithm);
}

const otherChecksum = (expected: string, actual: string) =>
  s3Problem(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.toLowerCase()}, actual checksum Type: ${actual.toLowerCase()}`,
  );

/**
 * Parts are encrypted as their upload said.
 * @throws AwsError InvalidRequest
 */
export function meetUploadKey({ encryption }: Upload, customer: CustomerKey | undefined): void {
  if (encryption.kind === 'C' && customer === undefined)
    throw s3Problem(
      'InvalidRequest',
      'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
    );
  if (encryption.kind === 'C' && customer?.keyMd5 !== encryption.keyMd5)
    throw s3Problem('InvalidRequest', 'The provided encryption parameters did not match the ones used originally.');
  meetEncryption(encryption, customer);
}

/** Makes a stored body a part. When it became one. */
export async function putPart(deps: S3Deps, call: OpenCall, named: NamedPart, body: KeptBody): Promise<Date> {
  const { Bucket, Key, UploadId, PartNumber } = named;
  const { lastModified } = await committing(deps, body, () =>
    execute(deps, call, {
      type: 'PutPart',
      bucket: Bucket,
      key: Key,
      uploadId: UploadId,
      part: PartNumber,
      body: body.bytes,
      etag: body.etag,
      ...(body.checksum && { checksum: body.checksum }),
    }),
  );
  return new Date(lastModified);
}
