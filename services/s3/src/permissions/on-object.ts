/** What must be allowed on an object, or on one version of it. */
import type { ObjectVersion } from '@stormglass/object-index';
import type { ConditionKeys, OpenCall } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { accessOf, policyFor } from '../policies/bucket-access.ts';
import type { S3Permission } from '../s3-operation.ts';
import { bucketArn, isDirectoryBucket, objectArn } from './arns.ts';
import { copySourceOf } from './copy-source.ts';
import { type BucketInput, expectedBucket } from './on-bucket.ts';
import { type AskedInput, existingTagKeys, requestKeys } from './request-keys.ts';

/** As inputs have it before they are validated: every member may be missing. */
export interface ObjectInput extends BucketInput {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** Actions that the access control list of an object may grant. */
const OF_OBJECT_ACLS: ReadonlySet<string> = new Set(
  ['GetObject', 'GetObjectVersion', 'GetObjectAcl', 'GetObjectVersionAcl', 'PutObjectAcl', 'PutObjectVersionAcl'].map(
    name => `s3:${name}`,
  ),
);

/**
 * @param action `s3:...`
 * @param versioned what it is called where the request names a version
 */
export function onObject(action: string, versioned = action): S3Permission<ObjectInput> {
  const isOfAcls = OF_OBJECT_ACLS.has(action);
  return {
    action({ Bucket = '', VersionId }) {
      if (isDirectoryBucket(Bucket)) return 's3express:CreateSession';
      return VersionId === undefined ? action : versioned;
    },
    resource: ({ Bucket = '', Key = '' }, call, { index }) =>
      isDirectoryBucket(Bucket)
        ? bucketArn(call, Bucket, index.view.bucket(Bucket)?.account ?? '')
        : objectArn(call, Bucket, Key),
    owner(input, { principal }, deps) {
      const bucket = expectedBucket(input, deps);
      const hasAcl = isOfAcls && accessOf(deps, bucket).objectAcls !== undefined;
      const version = hasAcl ? objectOf(input, deps) : undefined;
      return { account: bucket.account, policy: policyFor(deps, bucket, principal, version) };
    },
    context: objectKeys,
  };
}

/** As inputs of copies have it. */
export interface CopyInput {
  readonly CopySource?: string | undefined;
  readonly ExpectedSourceBucketOwner?: string | undefined;
}

/** The source of a copy, as if it was read by itself. */
export function onCopySource({ action, resource, owner, context }: S3Permission<ObjectInput>): S3Permission<CopyInput> {
  return {
    action: (input, call, deps) => (typeof action === 'function' ? action(sourceOf(input), call, deps) : action!),
    resource: (input, call, deps) => resource(sourceOf(input), call, deps),
    owner: (input, call, deps) => owner?.(sourceOf(input), call, deps),
    context: (input, call, deps) => context?.(sourceOf(input), call, deps) ?? {},
  };
}

function sourceOf({ CopySource = '', ExpectedSourceBucketOwner }: CopyInput): ObjectInput {
  const { bucket, key, versionId } = copySourceOf(CopySource);
  return { Bucket: bucket, Key: key, VersionId: versionId, ExpectedBucketOwner: ExpectedSourceBucketOwner };
}

function objectKeys(input: ObjectInput, call: OpenCall, deps: S3Deps): ConditionKeys {
  return {
    ...requestKeys(input as AskedInput, call),
    ...existingTagKeys(objectOf(input, deps)?.tags ?? []),
    's3:ResourceAccount': deps.index.view.bucket(input.Bucket ?? '')?.account,
  };
}

/** What is there now, if that is an object. */
function objectOf(
  { Bucket = '', Key = '', VersionId }: ObjectInput,
  { index: { view } }: Pick<S3Deps, 'index'>,
): ObjectVersion | undefined {
  const version = VersionId === undefined ? view.latest(Bucket, Key) : view.version(Bucket, Key, VersionId);
  return version === undefined || version.isMarker ? undefined : version;
}
