/** Tells which region a bucket is in. */
import { bucketNamed } from '../../find.ts';
import { locationConstraint } from '../../location.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketLocation = s3Operation({
  name: 'GetBucketLocation',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketLocation,
  handle({ Bucket = '' }, _call, deps) {
    const LocationConstraint = locationConstraint(bucketNamed(deps, Bucket).region);
    return LocationConstraint === undefined ? {} : { LocationConstraint };
  },
});
