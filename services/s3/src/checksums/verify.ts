/** Compares what arrived with what its sender said of it. The bytes are stored by then and nobody can see them yet. */
import { AwsError } from '@stormglass/aws-wire';
import { s3Error, s3Problem } from '../errors.ts';
import { type ChecksumAlgorithm, type ChecksumDigest, digestOf, headerOf, isChecksum } from './algorithms.ts';
import { invalidChecksum, type RequestedChecksums } from './requested.ts';

/** The digests of a body, as far as they were asked for. */
export type BodyDigests = Readonly<Partial<Record<'md5' | ChecksumDigest, Buffer>>>;

/** The digests that storing a body has to make, the ETag among them. */
export function wantedDigests(
  { algorithm }: RequestedChecksums,
  signedHash: string | undefined,
): readonly ('md5' | ChecksumDigest)[] {
  const wanted = new Set<'md5' | ChecksumDigest>(['md5']);
  if (algorithm !== undefined) wanted.add(digestOf(algorithm));
  if (signedHash !== undefined) wanted.add('sha256');
  return [...wanted];
}

/** @throws AwsError XAmzContentSHA256Mismatch, BadDigest, InvalidRequest */
export function verifyBody(
  requested: RequestedChecksums,
  digests: BodyDigests,
  { trailers, signedHash }: { trailers: ReadonlyMap<string, string>; signedHash: string | undefined },
): void {
  verifySignedHash(signedHash, digests);
  verifyMd5(requested.md5, digests);
  const { algorithm } = requested;
  if (algorithm === undefined) return;
  const value = requested.inTrailer ? trailers.get(headerOf(algorithm)) : requested.value;
  if (requested.inTrailer && (value === undefined || !isChecksum(algorithm, value)))
    throw invalidChecksum(headerOf(algorithm));
  if (value !== undefined && value !== base64Of(algorithm, digests)) throw badChecksum(algorithm);
}

/** @throws Error when it was not asked for */
export function base64Of(algorithm: ChecksumAlgorithm, digests: BodyDigests): string {
  const digest = digests[digestOf(algorithm)];
  if (digest === undefined) throw new Error(`no digest ${algorithm} of a body that should have one`);
  return digest.toString('base64');
}

export const badChecksum = (algorithm: ChecksumAlgorithm) =>
  s3Problem('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);

function verifySignedHash(signed: string | undefined, { sha256 }: BodyDigests): void {
  const computed = sha256?.toString('hex');
  if (signed === undefined || signed === computed) return;
  throw new AwsError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: signed, S3ComputedContentSHA256: computed },
  );
}

function verifyMd5(expected: string | undefined, { md5 }: BodyDigests): void {
  const calculated = md5?.toString('base64');
  if (expected === undefined || expected === calculated) return;
  throw s3Error('BadDigest', { ExpectedDigest: expected, CalculatedDigest: calculated });
}
