/** Tells whether a bucket is there, and where. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const headBucket = s3Operation({
  name: 'HeadBucket',
  state: 'strong-read',
  permission: PERMISSIONS.HeadBucket,
  isDataEvent: true,
  handle({ Bucket = '' }, _call, deps) {
    const { region, zone } = bucketNamed(deps, Bucket);
    if (zone === undefined) return { BucketRegion: region, AccessPointAlias: false };
    return { BucketRegion: region, BucketLocationType: 'AvailabilityZone' as const, BucketLocationName: zone };
  },
});
