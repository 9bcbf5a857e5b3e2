/** Takes back who owns the objects of a bucket: whoever writes them. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketOwnershipControls = s3Operation({
  name: 'DeleteBucketOwnershipControls',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketOwnershipControls,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'ownership', null),
});
