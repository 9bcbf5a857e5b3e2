/** Ends the expiry of objects by rules. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketLifecycle = s3Operation({
  name: 'DeleteBucketLifecycle',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketLifecycle,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'lifecycle', null),
});
