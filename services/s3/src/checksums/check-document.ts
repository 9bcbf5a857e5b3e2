/** Compares the document of a request, such as a policy or a list of keys, with the checksums that came with it. */
import { digestOf } from '@stormglass/blob-store';
import type { RequestHead } from '@stormglass/service-kit';
import { headOfRequest } from '../headers/header-value.ts';
import { digestOf as digestName } from './algorithms.ts';
import { requestedChecksums } from './requested.ts';
import { verifyBody } from './verify.ts';

/**
 * A `Service.checkBody`.
 * @throws AwsError InvalidDigest, InvalidRequest, BadDigest
 */
export function checkDocument(request: RequestHead, body: Buffer, trailers: ReadonlyMap<string, string>): void {
  if (body.length === 0) return;
  const requested = requestedChecksums(headOfRequest(request).header);
  // The checksum that comes with the parts of an upload is that of the object.
  const isOfObject = request.query.includes('uploadId=');
  const about = isOfObject ? { ...requested, algorithm: undefined } : requested;
  const { algorithm, md5 } = about;
  const digests = {
    ...(md5 !== undefined && { md5: digestOf('md5', body) }),
    ...(algorithm !== undefined && { [digestName(algorithm)]: digestOf(digestName(algorithm), body) }),
  };
  verifyBody(about, digests, { trailers, signedHash: undefined });
}
