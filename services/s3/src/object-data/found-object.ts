/** The version of an object that a request is about, or the answer to who asks for what is not there. */
import { withHeaders } from '@stormglass/aws-wire';
import type { Bucket, DeleteMarker, ObjectVersion } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { invalidArgument, s3Error } from '../errors.ts';
import { bucketNamed } from '../find.ts';
import { missingObject } from '../permissions/index.ts';

export interface AskedObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

export interface FoundObject {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
}

/** @throws AwsError NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied, MethodNotAllowed for a delete marker */
export async function foundObject(asked: AskedObject, call: OpenCall, deps: S3Deps): Promise<FoundObject> {
  const { Bucket, Key, VersionId } = asked;
  const bucket = bucketNamed(deps, Bucket);
  const { view } = deps.index;
  if (VersionId === '') throw invalidArgument('Version id cannot be the empty string', 'versionId', '');
  const version = VersionId === undefined ? view.latest(Bucket, Key) : view.version(Bucket, Key, VersionId);
  if (version === undefined) throw await missingObject(asked, call, deps);
  if (!version.isMarker) return { bucket, version };
  if (VersionId === undefined) throw withHeaders(await missingObject(asked, call, deps), ofMarker(version));
  throw withHeaders(s3Error('MethodNotAllowed', { Method: call.request.method, ResourceType: 'DeleteMarker' }), {
    ...ofMarker(version),
    allow: 'DELETE',
    'last-modified': new Date(version.lastModified).toUTCString(),
  });
}

const ofMarker = ({ versionId }: DeleteMarker) => ({ 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId });
