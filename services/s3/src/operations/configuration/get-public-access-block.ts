/** Tells what of the public is kept out of a bucket. */
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { publicAccessBlock } from '../../policies/bucket-settings.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getPublicAccessBlock = s3Operation({
  name: 'GetPublicAccessBlock',
  state: 'strong-read',
  permission: PERMISSIONS.GetPublicAccessBlock,
  handle({ Bucket = '' }, _call, deps) {
    const bucket = bucketNamed(deps, Bucket);
    if (bucket.config.publicAccessBlock === undefined)
      throw s3Error('NoSuchPublicAccessBlockConfiguration', { BucketName: Bucket });
    return { PublicAccessBlockConfiguration: publicAccessBlock(bucket) };
  },
});
