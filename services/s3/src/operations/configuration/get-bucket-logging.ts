/** Tells where access to a bucket is logged: nowhere. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketLogging = s3Operation({
  name: 'GetBucketLogging',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketLogging,
  handle({ Bucket = '' }, _call, deps) {
    bucketNamed(deps, Bucket);
    return {};
  },
});
