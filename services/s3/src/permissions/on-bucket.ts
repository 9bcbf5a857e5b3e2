/** What must be allowed on a bucket. */

import type { Bucket } from '@stormglass/object-index';
import type { OpenCall } from '@stormglass/service-kit';
import type { S3Deps } from '../deps.ts';
import { s3Error } from '../errors.ts';
import { bucketNamed } from '../find.ts';
import { policyFor } from '../policies/bucket-access.ts';
import type { S3Permission } from '../s3-operation.ts';
import { bucketArn, isDirectoryBucket } from './arns.ts';
import { type AskedInput, requestKeys } from './request-keys.ts';

/** As inputs have it before they are validated: every member may be missing. */
export interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket of an input, if its owner is whom the client expects.
 * @throws AwsError NoSuchBucket, AccessDenied
 */
export function expectedBucket({ Bucket = '', ExpectedBucketOwner }: BucketInput, deps: Pick<S3Deps, 'index'>): Bucket {
  const bucket = bucketNamed(deps, Bucket);
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.account) throw s3Error('AccessDenied');
  return bucket;
}

/** What S3 Express calls an action of S3; where it has none, the operation is one of sessions. */
const EXPRESS: ReadonlySet<string> = new Set([
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:GetBucketPolicy',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
  's3:PutBucketPolicy',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
]);

export const expressAction = (action: string): string =>
  EXPRESS.has(action) ? action.replace('s3:', 's3express:') : 's3express:CreateSession';

/** The root of the account can always repair a policy that shuts everybody out. */
const ROOT_ALWAYS_MAY = new Set(['PutBucketPolicy', 'GetBucketPolicy', 'DeleteBucketPolicy'].map(name => `s3:${name}`));

/** @param action `s3:...`; directory buckets have their own name for it */
export const onBucket = (action: string): S3Permission<BucketInput> => ({
  action: ({ Bucket = '' }) => (isDirectoryBucket(Bucket) ? expressAction(action) : action),
  resource: ({ Bucket = '' }, call, { index }) => bucketArn(call, Bucket, index.view.bucket(Bucket)?.account ?? ''),
  owner(input, { principal }, deps) {
    const bucket = expectedBucket(input, deps);
    const { account } = bucket;
    const isRoot = principal.kind === 'root' && principal.accountId === account;
    return isRoot && ROOT_ALWAYS_MAY.has(action)
      ? { account }
      : { account, policy: policyFor(deps, bucket, principal) };
  },
  context: (input, call, deps) => ({
    ...requestKeys(input as AskedInput, call),
    's3:ResourceAccount': deps.index.view.bucket(input.Bucket ?? '')?.account,
  }),
});

/** On a bucket that is about to be made: the caller's own. */
export const onNewBucket = (action: string): S3Permission<BucketInput> => ({
  action: ({ Bucket = '' }) => (isDirectoryBucket(Bucket) ? 's3express:CreateBucket' : action),
  resource: ({ Bucket = '' }, call) => bucketArn(call, Bucket, call.accountId),
  context: (input, call) => requestKeys(input as AskedInput, call),
});

/** On everything: lists of buckets. */
export const onEverything = (action: string): S3Permission<unknown> => ({
  action,
  resource: () => '*',
  context: (input, call: OpenCall) => requestKeys(input as AskedInput, call),
});
