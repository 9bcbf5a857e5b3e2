/** Deletes an object: behind a marker where versioning is, or for good; or one version of it. */
import { answered } from '@stormglass/service-kit';
import { execute } from '../../deps.ts';
import { refusalError } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { objectToDelete } from '../../object-data/deletions.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const deleteObject = s3Operation({
  name: 'DeleteObject',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.DeleteObject,
  gaps: ['There is no MFA delete.'],
  async handle(input, call, deps) {
    const { Bucket, BypassGovernanceRetention, IfMatch, IfMatchLastModifiedTime, IfMatchSize } = input;
    const bucket = bucketNamed(deps, Bucket);
    const [deleted] = await execute(deps, call, {
      type: 'DeleteObjects',
      bucket: Bucket,
      objects: [
        objectToDelete({ ...input, ETag: IfMatch, LastModifiedTime: IfMatchLastModifiedTime, Size: IfMatchSize }, deps),
      ],
      owner: bucket.account,
      ...(BypassGovernanceRetention === true ? { bypassGovernance: true } : {}),
    });
    if (!deleted!.ok) throw refusalError(deleted!);
    const { marker, versionId } = deleted!;
    return answered(
      { ...(marker ? { DeleteMarker: true } : {}), ...(versionId === undefined ? {} : { VersionId: versionId }) },
      { status: 204 },
    );
  },
});
