/** Says whether transfers of a bucket are accelerated: they cannot be. */
import { configure } from '../../configurations.ts';
import { malformedXml, notOffered, s3Problem } from '../../errors.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketAccelerateConfiguration = s3Operation({
  name: 'PutBucketAccelerateConfiguration',
  state: 'write',
  permission: PERMISSIONS.PutBucketAccelerateConfiguration,
  gaps: ['There are no edge locations: acceleration can only be suspended.'],
  handle({ Bucket = '', AccelerateConfiguration }, call, deps) {
    if (Bucket.includes('.'))
      throw s3Problem(
        'InvalidRequest',
        'S3 Transfer Acceleration is not supported for buckets with periods (.) in their names',
      );
    switch (AccelerateConfiguration?.Status) {
      case 'Suspended':
        return configure(deps, call, Bucket, 'accelerate', { Status: 'Suspended' });
      case 'Enabled':
        throw notOffered('Transfer acceleration');
      default:
        throw malformedXml();
    }
  },
});
