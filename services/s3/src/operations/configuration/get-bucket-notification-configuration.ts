/** Tells who is told of changes in a bucket. */
import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketNotificationConfiguration = s3Operation({
  name: 'GetBucketNotificationConfiguration',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketNotificationConfiguration,
  handle: ({ Bucket = '' }, _call, deps) =>
    (bucketNamed(deps, Bucket).config.notification as NotificationConfiguration | undefined) ?? {},
});
