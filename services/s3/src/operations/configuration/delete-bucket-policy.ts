/** Takes the policy of a bucket away. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketPolicy = s3Operation({
  name: 'DeleteBucketPolicy',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketPolicy,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'policy', null),
});
