/** Tells the rules by which objects of a bucket expire. */
import type { GetBucketLifecycleConfigurationOutput } from '@aws-sdk/client-s3';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { storedRules } from '../../lifecycle-configuration.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketLifecycleConfiguration = s3Operation({
  name: 'GetBucketLifecycleConfiguration',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketLifecycleConfiguration,
  handle({ Bucket = '' }, _call, deps): GetBucketLifecycleConfigurationOutput {
    const { lifecycle } = bucketNamed(deps, Bucket).config;
    if (lifecycle === undefined) throw s3Error('NoSuchLifecycleConfiguration', { BucketName: Bucket });
    return storedRules(lifecycle);
  },
});
