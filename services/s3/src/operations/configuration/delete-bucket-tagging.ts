/** Takes all tags of a bucket away. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketTagging = s3Operation({
  name: 'DeleteBucketTagging',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketTagging,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'tagging', null),
});
