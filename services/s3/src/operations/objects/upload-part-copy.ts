/** Makes a part of an upload from an object, or from a range of it, without its bytes passing through the client. */
import { shownChecksum } from '../../checksums/shown.ts';
import { bodyKeyOf, shownEncryption, uploadKey } from '../../encryption.ts';
import { s3Error } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { meetUploadKey, putPart, uploadOf } from '../../object-data/parts.ts';
import { UPLOAD_BYTES_MAX } from '../../object-data/put-limits.ts';
import { foundSource, shownSource, sourceBody } from '../../object-data/source.ts';
import { afterBody, keepBody } from '../../object-data/stored-bytes.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { copiedRange } from '../../ranges.ts';
import { s3Operation } from '../../s3-operation.ts';

export const uploadPartCopy = s3Operation({
  name: 'UploadPartCopy',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.UploadPartCopy,
  async handle(input, call, deps) {
    const bucket = bucketNamed(deps, input.Bucket);
    const upload = await uploadOf(input, call, deps);
    const { header } = headOfRequest(call.request);
    const customer = uploadKey(header);
    meetUploadKey(upload, customer);
    const source = await foundSource(input, header, call, deps);
    const { size } = source.version;
    const range =
      input.CopySourceRange === undefined ? { from: 0, to: size } : copiedRange(input.CopySourceRange, size);
    const length = range.to - range.from;
    if (length > UPLOAD_BYTES_MAX)
      throw s3Error('EntityTooLarge', { ProposedSize: length, MaxSizeAllowed: UPLOAD_BYTES_MAX });
    const checksums = { ...NOTHING_SAID, algorithm: upload.checksum?.algorithm };
    const resumed = afterBody(call, deps);
    const stream = await sourceBody(deps, source, range);
    const body = await keepBody(deps, { stream, checksums, key: bodyKeyOf(customer), bucket });
    const LastModified = await putPart(deps, resumed(), input, body);
    return {
      ...shownSource(source),
      ...shownEncryption(upload.encryption),
      CopyPartResult: { ETag: `"${body.etag}"`, LastModified, ...shownChecksum(body.checksum) },
    };
  },
});

const NOTHING_SAID = { value: undefined, inTrailer: false, md5: undefined };
