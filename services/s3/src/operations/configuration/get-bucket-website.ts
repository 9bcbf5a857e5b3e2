/** Tells how a bucket is a website: none is. */
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketWebsite = s3Operation({
  name: 'GetBucketWebsite',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketWebsite,
  handle({ Bucket = '' }, _call, deps) {
    bucketNamed(deps, Bucket);
    throw s3Error('NoSuchWebsiteConfiguration', { BucketName: Bucket });
  },
});
