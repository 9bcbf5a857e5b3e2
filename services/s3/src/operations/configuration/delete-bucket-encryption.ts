/** Takes back how new objects are encrypted: as all are, with the key of the region. */
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteBucketEncryption = s3Operation({
  name: 'DeleteBucketEncryption',
  state: 'write',
  permission: PERMISSIONS.DeleteBucketEncryption,
  handle: ({ Bucket = '' }, call, deps) => configure(deps, call, Bucket, 'encryption', null),
});
