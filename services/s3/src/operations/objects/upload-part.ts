/** Stores one part of an upload. */
import { requestedChecksums } from '../../checksums/requested.ts';
import { shownChecksum } from '../../checksums/shown.ts';
import { bodyKeyOf, shownEncryption, uploadKey } from '../../encryption.ts';
import { bucketNamed } from '../../find.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { meetUploadKey, partChecksums, putPart, uploadOf } from '../../object-data/parts.ts';
import { knownLength } from '../../object-data/put-limits.ts';
import { afterBody, keepBody } from '../../object-data/stored-bytes.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const uploadPart = s3Operation({
  name: 'UploadPart',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.UploadPart,
  async handle(input, call, deps) {
    const bucket = bucketNamed(deps, input.Bucket);
    const upload = await uploadOf(input, call, deps);
    const { header } = headOfRequest(call.request);
    const customer = uploadKey(header);
    meetUploadKey(upload, customer);
    const checksums = partChecksums(upload, requestedChecksums(header));
    const stream = call.body!;
    knownLength(stream);
    const resumed = afterBody(call, deps);
    const body = await keepBody(deps, { stream, checksums, key: bodyKeyOf(customer), bucket });
    await putPart(deps, resumed(), input, body);
    return { ETag: `"${body.etag}"`, ...shownChecksum(body.checksum), ...shownEncryption(upload.encryption) };
  },
});
