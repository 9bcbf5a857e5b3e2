/** Begins an upload in parts: what the object will be is said now, its bytes come later. */
import { uploadChecksum } from '../../checksums/composite.ts';
import { execute } from '../../deps.ts';
import { shownEncryption } from '../../encryption.ts';
import { bucketNamed } from '../../find.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { shownAbort } from '../../lifecycle/shown-expiration.ts';
import { newUploadId } from '../../object-data/ids.ts';
import { checkKey } from '../../object-data/put-limits.ts';
import { uploadSettings } from '../../object-data/upload-settings.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const createMultipartUpload = s3Operation({
  name: 'CreateMultipartUpload',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.CreateMultipartUpload,
  gaps: ['An upload that names no checksum has none; AWS adds a CRC-64/NVME of the whole.'],
  async handle(input, call, deps) {
    const { Bucket, Key } = input;
    const bucket = bucketNamed(deps, Bucket);
    checkKey(Key);
    const head = headOfRequest(call.request);
    const { settings, owner, encryption } = uploadSettings(head, bucket, call);
    const checksum = uploadChecksum(head.header);
    const uploadId = newUploadId(deps.random, call.now);
    const command = {
      type: 'CreateUpload',
      bucket: Bucket,
      key: Key,
      uploadId,
      owner,
      initiator: call.accountId === '' ? bucket.account : call.accountId,
      ...settings,
      ...(checksum && { checksum }),
      encryption,
    } as const;
    // Not under the id of the call: a repeated call must be answered with the upload that it made.
    const { initiated } = await execute(deps, { ...call, commandId: undefined }, command);
    return {
      Bucket,
      Key,
      UploadId: uploadId,
      ...shownAbort(bucket, { key: Key, initiated }, deps.lifecycleDayMs),
      ...shownEncryption(encryption),
      ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
    };
  },
});
