/** Tells which pages of other sites may use a bucket. */
import type { CORSConfiguration } from '@aws-sdk/client-s3';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketCors = s3Operation({
  name: 'GetBucketCors',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketCors,
  handle({ Bucket = '' }, _call, deps) {
    const cors = bucketNamed(deps, Bucket).config.cors as CORSConfiguration | undefined;
    if (cors === undefined) throw s3Error('NoSuchCORSConfiguration', { BucketName: Bucket });
    return cors;
  },
});
