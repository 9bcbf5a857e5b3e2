/** Shuts a bucket to pages of other sites. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketCors = s3Operation({
  name: 'DeleteBucketCors',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketCors,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'cors', null),
});
