/** Makes a bucket keep the versions of its objects, or no longer make new ones. */
import { execute } from '../../deps.ts';
import { notOffered, s3Error, s3Problem } from '../../errors.ts';
import { isDirectoryBucket, PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putBucketVersioning = s3Operation({
  name: 'PutBucketVersioning',
  state: 'write',
  permission: PERMISSIONS.PutBucketVersioning,
  gaps: ['MFA delete is refused.'],
  async handle({ Bucket = '', VersioningConfiguration: { Status, MFADelete } = {} }, call, deps) {
    if (isDirectoryBucket(Bucket)) throw s3Error('MethodNotAllowed');
    if (MFADelete === 'Enabled') throw notOffered('MFA delete');
    if (Status === undefined)
      throw s3Problem('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
    await execute(deps, call, { type: 'SetBucketVersioning', bucket: Bucket, versioning: Status });
    return {};
  },
});
