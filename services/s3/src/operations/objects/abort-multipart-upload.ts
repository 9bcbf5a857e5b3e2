/** Gives an upload up; the bytes of its parts are collected. */
import { answered } from '@stormglass/service-kit';
import { execute } from '../../deps.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const abortMultipartUpload = s3Operation({
  name: 'AbortMultipartUpload',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.AbortMultipartUpload,
  async handle({ Bucket, Key, UploadId, IfMatchInitiatedTime }, call, deps) {
    await execute(deps, call, {
      type: 'AbortUpload',
      bucket: Bucket,
      key: Key,
      uploadId: UploadId,
      ...(IfMatchInitiatedTime === undefined ? {} : { ifInitiated: IfMatchInitiatedTime.getTime() }),
    });
    return answered({}, { status: 204 });
  },
});
