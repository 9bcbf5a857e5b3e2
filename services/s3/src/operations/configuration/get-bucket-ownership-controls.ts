/** Tells who owns the objects of a bucket, and with that whether access control lists count. */
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { objectOwnership } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketOwnershipControls = s3Operation({
  name: 'GetBucketOwnershipControls',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketOwnershipControls,
  handle({ Bucket = '' }, _call, deps) {
    const ObjectOwnership = objectOwnership(bucketNamed(deps, Bucket));
    if (ObjectOwnership === undefined) throw s3Error('OwnershipControlsNotFoundError', { BucketName: Bucket });
    return { OwnershipControls: { Rules: [{ ObjectOwnership }] } };
  },
});
