/** Stores an object: its bytes first, in as many zones as they must be, then the command that makes it one. */
import { shownChecksum } from '../../checksums/shown.ts';
import { shownEncryption } from '../../encryption.ts';
import { notOffered } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { putBody } from '../../object-data/put-body.ts';
import { knownLength } from '../../object-data/put-limits.ts';
import { shownVersionId } from '../../object-data/shown-object.ts';
import { writeConditions } from '../../object-data/write-conditions.ts';
import { PERMISSIONS } from '../../permissions/index.ts';
import { s3Operation } from '../../s3-operation.ts';

export const putObject = s3Operation({
  name: 'PutObject',
  state: 'write',
  isDataEvent: true,
  permission: PERMISSIONS.PutObject,
  gaps: [
    'An object that comes without a checksum has none; AWS adds a CRC-64/NVME.',
    'Keys of customers are taken over connections without TLS as well.',
    'Keys of AWS KMS, archive storage classes, and the checksums SHA-512, MD5 and XXHash are refused.',
    'The ETag is the MD5 of the bytes whatever encrypts them.',
    'Data cannot be appended to objects of one-zone buckets.',
    'Forms of browsers (POST) bring no tags.',
  ],
  async handle(input, call, deps) {
    const { Bucket, Key, WriteOffsetBytes } = input;
    const bucket = bucketNamed(deps, Bucket);
    if (WriteOffsetBytes !== undefined) throw notOffered('Appending to objects');
    const conditions = writeConditions(input);
    const stream = call.body!;
    knownLength(stream);
    const head = headOfRequest(call.request);
    const object = { bucket, key: Key, head, conditions, stream };
    const { written, etag, checksum, encryption, expiration } = await putBody(deps, call, object);
    return {
      ETag: `"${etag}"`,
      ...shownChecksum(checksum),
      ...shownEncryption(encryption),
      ...shownVersionId(written),
      ...expiration,
    };
  },
});
