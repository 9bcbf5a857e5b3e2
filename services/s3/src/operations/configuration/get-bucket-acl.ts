/** Tells the access control list of a bucket. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { shownAcl } from '../../policies/acl-rules.ts';
import { bucketAcl } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketAcl = s3Operation({
  name: 'GetBucketAcl',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketAcl,
  handle: ({ Bucket = '' }, _call, deps) => shownAcl(bucketAcl(bucketNamed(deps, Bucket))),
});
