/** Tells where objects of a bucket are replicated to: no other bucket. */
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketReplication = s3Operation({
  name: 'GetBucketReplication',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketReplication,
  handle({ Bucket = '' }, _call, deps) {
    bucketNamed(deps, Bucket);
    throw s3Error('ReplicationConfigurationNotFoundError', { BucketName: Bucket });
  },
});
