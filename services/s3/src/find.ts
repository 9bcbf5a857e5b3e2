/** What requests name and must be there: buckets, and versions of objects. */
import type { Bucket } from '@stormglass/object-index';
import type { S3Deps } from './deps.ts';
import { noSuchBucket } from './errors.ts';

/** @throws AwsError NoSuchBucket */
export function bucketNamed({ index }: Pick<S3Deps, 'index'>, name: string): Bucket {
  const bucket = index.view.bucket(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}
