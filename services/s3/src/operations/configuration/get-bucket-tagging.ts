/** Tells the tags of a bucket. */
import type { Tag } from '@aws-sdk/client-s3';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketTagging = s3Operation({
  name: 'GetBucketTagging',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketTagging,
  handle({ Bucket = '' }, _call, deps) {
    const TagSet = bucketNamed(deps, Bucket).config.tagging as Tag[] | undefined;
    if (TagSet === undefined) throw s3Error('NoSuchTagSet', { BucketName: Bucket });
    return { TagSet };
  },
});
