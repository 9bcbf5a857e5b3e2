/** The operations on buckets themselves. */
import type { AnyOperation } from '@stormglass/service-kit';
import type { S3Deps } from '../../deps.ts';
import { createBucket } from './create-bucket.ts';
import { createSession } from './create-session.ts';
import { deleteBucket } from './delete-bucket.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { headBucket } from './head-bucket.ts';
import { listBuckets } from './list-buckets.ts';
import { listDirectoryBuckets } from './list-directory-buckets.ts';

export const BUCKET_OPERATIONS: readonly AnyOperation<S3Deps>[] = [
  createBucket,
  createSession,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
  listDirectoryBuckets,
];
