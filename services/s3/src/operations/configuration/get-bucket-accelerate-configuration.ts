/** Tells whether transfers of a bucket are accelerated: never. */
import type { GetBucketAccelerateConfigurationOutput } from '@aws-sdk/client-s3';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketAccelerateConfiguration = s3Operation({
  name: 'GetBucketAccelerateConfiguration',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketAccelerateConfiguration,
  handle: ({ Bucket = '' }, _call, deps) =>
    (bucketNamed(deps, Bucket).config.accelerate as GetBucketAccelerateConfigurationOutput | undefined) ?? {},
});
