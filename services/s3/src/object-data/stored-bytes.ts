/** Bodies on their way in: stored under the right key and in the right zones, compared with what was said of them. */

import { AwsError } from '@stormglass/aws-wire';
import type { BodyKey, StoredBody } from '@stormglass/blob-store';
import type { Bucket, Checksum, StoredBytes } from '@stormglass/object-index';
import type { OpenCall, RequestStream } from '@stormglass/service-kit';
import type { ChecksumAlgorithm } from '../checksums/algorithms.ts';
import type { RequestedChecksums } from '../checksums/requested.ts';
import { base64Of, verifyBody, wantedDigests } from '../checksums/verify.ts';
import type { S3Deps } from '../deps.ts';
import { INLINE_BYTES_MAX } from './put-limits.ts';

export interface IncomingBody {
  readonly stream: Pick<RequestStream, 'chunks' | 'trailers' | 'sha256' | 'length'>;
  readonly checksums: RequestedChecksums;
  readonly key: BodyKey;
  readonly bucket: Pick<Bucket, 'zone'>;
  /** Throws when the body has not the size it may have. */
  readonly checkSize?: (size: number) => void;
}

export interface KeptBody {
  readonly bytes: StoredBytes;
  /** The MD5, in hexadecimal. */
  readonly etag: string;
  readonly checksum: Omit<Checksum, 'type'> | undefined;
  /** What the bytes are known as to those who keep them. */
  readonly stored: StoredBody;
}

/**
 * Stores a body; it counts for nothing until a command names it.
 * @throws AwsError when it is not what its sender said
 */
export async function keepBody({ bytes }: Pick<S3Deps, 'bytes'>, body: IncomingBody): Promise<KeptBody> {
  const { stream, checksums, key, bucket } = body;
  const stored = await bytes.store(stream.chunks, {
    wants: wantedDigests(checksums, stream.sha256),
    key,
    ...placeOf(bucket),
    check({ size, digests }) {
      body.checkSize?.(size);
      verifyBody(checksums, digests, { trailers: stream.trailers(), signedHash: stream.sha256 });
    },
  });
  return {
    stored,
    bytes: storedBytes(stored),
    etag: stored.digests.md5!.toString('hex'),
    checksum: checksums.algorithm && checksumOf(checksums.algorithm, stored),
  };
}

/**
 * Executes the command that names a body. When the state refuses it, the body is given up at once; when the outcome is
 * not known, it stays, because the command may be carried out yet.
 */
export async function committing<Value>(
  { bytes }: Pick<S3Deps, 'bytes'>,
  { stored }: KeptBody,
  execute: () => Promise<Value>,
): Promise<Value> {
  try {
    return await execute();
  } catch (error) {
    if (error instanceof AwsError) bytes.discard(stored);
    throw error;
  }
}

/**
 * A call whose time begins anew when its body is here: how long the log may take does not depend on how long the client
 * took. Called before the body is read.
 */
export function afterBody<Of extends Pick<OpenCall, 'deadline'>>(call: Of, { clock }: Pick<S3Deps, 'clock'>): () => Of {
  const patienceMs = call.deadline - clock.monotonic();
  return () => ({ ...call, deadline: clock.monotonic() + patienceMs });
}

/** One-zone buckets have their bytes in that zone, and never in the log. */
const placeOf = ({ zone }: Pick<Bucket, 'zone'>) =>
  zone === undefined ? { inlineMax: INLINE_BYTES_MAX } : { inlineMax: -1, zone };

const storedBytes = ({ size, inline, ref }: StoredBody): StoredBytes => ({
  size,
  ...(size === 0 ? {} : inline === undefined ? { blob: ref! } : { inline: inline.toString('base64') }),
});

const checksumOf = (algorithm: ChecksumAlgorithm, { digests }: StoredBody): Omit<Checksum, 'type'> => ({
  algorithm,
  value: base64Of(algorithm, digests),
});
