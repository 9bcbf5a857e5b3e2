/** Tells whether a bucket keeps the versions of its objects. */
import { bucketNamed } from '../../find.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const getBucketVersioning = s3Operation({
  name: 'GetBucketVersioning',
  state: 'strong-read',
  permission: PERMISSIONS.GetBucketVersioning,
  handle({ Bucket = '' }, _call, deps) {
    const { versioning } = bucketNamed(deps, Bucket);
    return versioning === '' ? {} : { Status: versioning };
  },
});
