/** Tells who pays for requests: the owner of the bucket. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketRequestPayment = s3Operation({
  name: 'GetBucketRequestPayment',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketRequestPayment,
  handle({ Bucket = '' }, _call, deps) {
    bucketNamed(deps, Bucket);
    return { Payer: 'BucketOwner' as const };
  },
});
