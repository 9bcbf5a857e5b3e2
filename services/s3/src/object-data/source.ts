/** The source of a copy: the version that is read, whether it is as the client expects it, and its bytes. */
import type { Bucket, ObjectVersion } from '@stormglass/object-index';
import type { OpenCall, RequestStream } from '@stormglass/service-kit';
import { meetCopyConditions } from '../conditions.ts';
import type { S3Deps } from '../deps.ts';
import { bodyKeyOf, type CustomerKey, customerKey, meetEncryption } from '../encryption.ts';
import { s3Problem } from '../errors.ts';
import { bucketNamed } from '../find.ts';
import type { HeaderValue } from '../headers/header-value.ts';
import { copySourceOf, missingObject } from '../permissions/index.ts';
import type { ByteRange } from '../ranges.ts';
import { readBytes } from './object-bytes-out.ts';

export interface NamedSource {
  readonly CopySource: string;
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

export interface CopiedObject {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
  readonly customer: CustomerKey | undefined;
}

/**
 * Finds what everybody was told of before, also by other zones.
 * @throws AwsError for what is not there, not expected, or under another key; LogUnavailable
 */
export async function foundSource(
  input: NamedSource,
  header: HeaderValue,
  call: OpenCall,
  deps: S3Deps,
): Promise<CopiedObject> {
  const { CopySource, CopySourceIfMatch: IfMatch, CopySourceIfNoneMatch: IfNoneMatch } = input;
  const { bucket: name, key, versionId } = copySourceOf(CopySource);
  await deps.index.upToDate(call.deadline);
  const bucket = bucketNamed(deps, name);
  const { view } = deps.index;
  const version = versionId === undefined ? view.latest(name, key) : view.version(name, key, versionId);
  if (version?.isMarker === true && versionId !== undefined)
    throw s3Problem(
      'InvalidRequest',
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  if (version === undefined || version.isMarker)
    throw await missingObject({ Bucket: name, Key: key, VersionId: versionId }, call, deps);
  const customer = customerKey(header, 'copy-source-');
  meetEncryption(version.encryption, customer);
  const { CopySourceIfModifiedSince: IfModifiedSince, CopySourceIfUnmodifiedSince: IfUnmodifiedSince } = input;
  meetCopyConditions({ IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }, version);
  return { bucket, version, customer };
}

/** The version that was copied, where the client may have to know. */
export const shownSource = ({ bucket, version }: CopiedObject) =>
  bucket.versioning === '' ? {} : { CopySourceVersionId: version.versionId };

/** The bytes of the source as if a client sent them. */
export async function sourceBody(
  deps: S3Deps,
  { bucket, version, customer }: CopiedObject,
  range: ByteRange,
): Promise<Pick<RequestStream, 'chunks' | 'trailers' | 'sha256' | 'length'>> {
  const bytes = await readBytes(deps, { version, bucket, key: bodyKeyOf(customer), range });
  return { chunks: ownChunks(bytes), trailers: () => NO_TRAILERS, sha256: undefined, length: range.to - range.from };
}

/** What is read may be written over when the next is asked for, and what is stored must not change. */
async function* ownChunks(bytes: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Buffer> {
  if (bytes instanceof Uint8Array) yield Buffer.from(bytes);
  else for await (const chunk of bytes) yield Buffer.from(chunk);
}

const NO_TRAILERS: ReadonlyMap<string, string> = new Map();
