/** Tells the policy of a bucket, as it was given. */
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketPolicy = s3Operation({
  name: 'GetBucketPolicy',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketPolicy,
  handle({ Bucket = '' }, _call, deps) {
    const policy = bucketNamed(deps, Bucket).config.policy as string | undefined;
    if (policy === undefined) throw s3Error('NoSuchBucketPolicy', { BucketName: Bucket });
    return { Policy: policy };
  },
});
