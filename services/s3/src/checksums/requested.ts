/**
 * What the head of an upload says about its bytes: checksums in headers, the one promised behind the body, Content-MD5.
 * Pure; `verify.ts` compares it with what arrived.
 */
import { notOffered, s3Error, s3Problem } from '../errors.ts';
import type { HeaderValue } from '../headers/header-value.ts';
import { ALGORITHMS, type ChecksumAlgorithm, headerOf, isAlgorithm, isBase64Of, isChecksum } from './algorithms.ts';

export interface RequestedChecksums {
  /** The algorithm that the object is to keep, when the client named one. */
  readonly algorithm: ChecksumAlgorithm | undefined;
  /** Base64, when it came before the body. */
  readonly value: string | undefined;
  /** It comes behind the body. */
  readonly inTrailer: boolean;
  /** Base64 of the MD5, when Content-MD5 came. */
  readonly md5: string | undefined;
}

/** @throws AwsError InvalidRequest, InvalidDigest */
export function requestedChecksums(header: HeaderValue): RequestedChecksums {
  const md5 = contentMd5(header);
  const unknown = NOT_OFFERED.find(each => header(`x-amz-checksum-${each}`) !== undefined);
  if (unknown !== undefined) throw notOffered(`The checksum algorithm ${unknown.toUpperCase()}`);
  const given = ALGORITHMS.filter(each => header(headerOf(each)) !== undefined);
  const promised = promisedAlgorithm(header);
  if (given.length + (promised === undefined ? 0 : 1) > 1) throw severalChecksums();
  const [algorithm = promised] = given;
  const named = namedAlgorithm(header);
  if (algorithm === undefined) {
    // Old SDKs name the algorithm of a body that they do not send a checksum for.
    return { algorithm: named, value: undefined, inTrailer: false, md5 };
  }
  if (named !== undefined && named !== algorithm) throw invalidChecksum(headerOf(algorithm));
  const value = header(headerOf(algorithm));
  if (value !== undefined && !isChecksum(algorithm, value)) throw invalidChecksum(headerOf(algorithm));
  return { algorithm, value, inTrailer: promised !== undefined, md5 };
}

/** The header that asks for an algorithm, where the model has it under the names of two operations. */
function namedAlgorithm(header: HeaderValue): ChecksumAlgorithm | undefined {
  const name = header('x-amz-sdk-checksum-algorithm')?.toUpperCase();
  if (name === undefined) return undefined;
  if (!isAlgorithm(name)) throw unsupportedAlgorithm();
  return name;
}

function promisedAlgorithm(header: HeaderValue): ChecksumAlgorithm | undefined {
  const trailers = header('x-amz-trailer')?.toLowerCase().split(',') ?? [];
  const named = trailers.map(each => each.trim()).filter(each => each !== '');
  if (named.length === 0) return undefined;
  const promised = ALGORITHMS.filter(each => named.includes(headerOf(each)));
  if (promised.length > 1) throw severalChecksums();
  if (named.length !== promised.length) {
    throw s3Problem('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
  }
  return promised[0];
}

function contentMd5(header: HeaderValue): string | undefined {
  const md5 = header('content-md5');
  if (md5 === undefined || isBase64Of(md5, MD5_BYTES)) return md5;
  throw s3Error('InvalidDigest', { 'Content-MD5': md5 });
}

const severalChecksums = () =>
  s3Problem('InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');

export const invalidChecksum = (header: string) =>
  s3Problem('InvalidRequest', `Value for ${header} header is invalid.`);

export const unsupportedAlgorithm = () =>
  s3Problem(
    'InvalidRequest',
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(', ')}]`,
  );

/** Newer algorithms of S3. */
const NOT_OFFERED = ['sha512', 'md5', 'xxhash64', 'xxhash3', 'xxhash128'];
const MD5_BYTES = 16;
