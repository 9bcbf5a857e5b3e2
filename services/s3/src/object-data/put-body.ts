/** An object from a body and what was said of it: what PutObject and the forms of browsers have in common. */
import type { Bucket, Checksum, Encryption, WriteConditions, Written } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import { requestedChecksums } from '../checksums/requested.ts';
import { execute, type S3Deps } from '../deps.ts';
import { s3Problem } from '../errors.ts';
import type { UploadHead } from '../headers/header-value.ts';
import { shownExpiration } from '../lifecycle/shown-expiration.ts';
import { newVersionId } from './ids.ts';
import { checkKey } from './put-limits.ts';
import { afterBody, committing, type IncomingBody, keepBody } from './stored-bytes.ts';
import { uploadSettings } from './upload-settings.ts';

export interface NewObject extends Pick<IncomingBody, 'stream' | 'checkSize'> {
  readonly bucket: Bucket;
  readonly key: string;
  readonly head: UploadHead;
  readonly conditions: WriteConditions;
}

export interface PutDone {
  readonly written: Written;
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly encryption: Encryption;
  /** When a lifecycle will end it. */
  readonly expiration: { readonly Expiration?: string };
}

/** What counts of the call that brings an object. */
export type PutCall = Pick<OpenCall, 'accountId' | 'now' | 'deadline' | 'commandId' | 'trace'>;

/** @throws AwsError for settings that S3 does not take, a body that is not what was said, and what the state refuses */
export async function putBody(deps: S3Deps, call: PutCall, object: NewObject): Promise<PutDone> {
  const { bucket, key, head, conditions, stream, checkSize } = object;
  checkKey(key);
  const { settings, owner, encryption, bodyKey } = uploadSettings(head, bucket, call);
  const checksums = requestedChecksums(head.header);
  const isLocked = settings.retention !== undefined || settings.legalHold === true;
  if (isLocked && checksums.algorithm === undefined && checksums.md5 === undefined)
    throw s3Problem('InvalidRequest', CHECKSUM_NEEDED);
  const resumed = afterBody(call, deps);
  const body = await keepBody(deps, { stream, checksums, key: bodyKey, bucket, ...(checkSize && { checkSize }) });
  const checksum = body.checksum && ({ ...body.checksum, type: 'FULL_OBJECT' } as const);
  const written = await committing(deps, body, () =>
    execute(deps, resumed(), {
      type: 'PutObject',
      bucket: bucket.name,
      key,
      versionId: newVersionId(deps.random),
      owner,
      ...settings,
      ...conditions,
      body: body.bytes,
      etag: body.etag,
      encryption,
      ...(checksum && { checksum }),
    }),
  );
  const { tags = [] } = settings;
  const made = { key, size: body.bytes.size, tags, lastModified: written.lastModified, isLatest: true };
  const expiration = shownExpiration(bucket, made, deps.lifecycleDayMs);
  return { written, etag: body.etag, checksum, encryption, expiration };
}

const CHECKSUM_NEEDED =
  'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
