/** Replaces the tags of a bucket. */
import { bucketTags } from '../../bucket-tags.ts';
import { configure } from '../../configurations.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketTagging = s3Operation({
  name: 'PutBucketTagging',
  state: 'write',
  permission: PERMISSIONS.PutBucketTagging,
  handle: ({ Bucket = '', Tagging }, call, deps) =>
    configure(deps, call, Bucket, 'tagging', bucketTags(Tagging?.TagSet ?? [])),
});
