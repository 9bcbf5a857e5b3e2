/** Says where access to a bucket is logged: it can only be switched off. */
import { notOffered } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketLogging = s3Operation({
  name: 'PutBucketLogging',
  state: 'write',
  permission: PERMISSIONS.PutBucketLogging,
  gaps: ['Server access logs are refused.'],
  handle({ Bucket = '', BucketLoggingStatus }, _call, deps) {
    bucketNamed(deps, Bucket);
    if (BucketLoggingStatus?.LoggingEnabled !== undefined) throw notOffered('Server access logging');
    return {};
  },
});
