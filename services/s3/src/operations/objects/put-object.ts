/** Stores an object: its bytes first, in as many zones as they must be, then the command that makes it one. */
import { requestedChecksums } from '../../checksums/requested.ts';
import { shownChecksum } from '../../checksums/shown.ts';
import { execute } from '../../deps.ts';
import { shownEncryption } from '../../encryption.ts';
import { s3Problem } from '../../errors.ts';
import { bucketNamed } from '../../find.ts';
import { headOfRequest } from '../../headers/header-value.ts';
import { newVersionId } from '../../object-data/ids.ts';
import { checkKey, knownLength } from '../../object-data/put-limits.ts';
import { shownVersionId } from '../../object-data/shown-object.ts';
import { afterBody, committing, keepBody } from '../../object-data/stored-bytes.ts';
import { uploadSettings } from '../../object-data/upload-settings.ts';
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
  ],
  async handle(input, call, deps) {
    const { Bucket, Key, WriteOffsetBytes } = input;
    const bucket = bucketNamed(deps, Bucket);
    checkKey(Key);
    if (WriteOffsetBytes !== undefined) throw s3Problem('NotImplemented', 'Appending to objects is not offered here.');
    const head = headOfRequest(call.request);
    const conditions = writeConditions(input);
    const { settings, owner, encryption, bodyKey } = uploadSettings(head, bucket, call);
    const checksums = requestedChecksums(head.header);
    const isLocked = settings.retention !== undefined || settings.legalHold === true;
    if (isLocked && checksums.algorithm === undefined && checksums.md5 === undefined)
      throw s3Problem('InvalidRequest', CHECKSUM_NEEDED);
    const stream = call.body!;
    knownLength(stream);
    const resumed = afterBody(call, deps);
    const body = await keepBody(deps, { stream, checksums, key: bodyKey, bucket });
    const checksum = body.checksum && ({ ...body.checksum, type: 'FULL_OBJECT' } as const);
    const written = await committing(deps, body, () =>
      execute(deps, resumed(), {
        type: 'PutObject',
        bucket: Bucket,
        key: Key,
        versionId: newVersionId(deps.random),
        owner,
        ...settings,
        ...conditions,
        body: body.bytes,
        etag: body.etag,
        encryption,
        ...(checksum && { checksum }),
      }),
    );
    return {
      ETag: `"${body.etag}"`,
      ...shownChecksum(checksum),
      ...shownEncryption(encryption),
      ...shownVersionId(written),
    };
  },
});

const CHECKSUM_NEEDED =
  'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
