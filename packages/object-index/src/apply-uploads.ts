/** Multipart uploads: begun, given parts, completed and aborted. */
import type { AppliersOf } from './applier.ts';
import { aborted, checkConditions, newVersion, written } from './apply-writes.ts';
import { type CompleteUpload, type NamedPart, PART_SIZE_MIN, PARTS_MAX } from './commands.ts';
import { newLock } from './locks.ts';
import type { ObjectVersion, Part, Upload } from './records.ts';
import { accepted, type Completed, refuse } from './result.ts';
import { bucketAt, type IndexTables } from './tables.ts';

export const applyUploads: AppliersOf<'CreateUpload' | 'PutPart' | 'CompleteUpload' | 'AbortUpload'> = {
  CreateUpload(tables, command, now) {
    const { bucket, key, uploadId: id, owner, initiator, storageClass, metadata, headers, tags = [] } = command;
    const { acl, checksum, encryption, retention, legalHold } = command;
    const at = bucketAt(tables, bucket);
    // The lock is that of the version to come; whether there may be one is said now.
    newLock(at.bucket, command, now);
    if (tables.uploads.get(id) !== undefined) aborted();
    tables.uploads.add(at, {
      id,
      bucket,
      key,
      initiated: now,
      owner,
      initiator,
      storageClass,
      metadata,
      headers,
      tags,
      ...(acl === undefined ? {} : { acl }),
      ...(checksum === undefined ? {} : { checksum }),
      encryption,
      ...(retention === undefined ? {} : { retention }),
      ...(legalHold === undefined ? {} : { legalHold }),
      bodyId: tables.bodies.nextNumber(),
    });
    return accepted({ initiated: now });
  },

  PutPart(tables, command, now) {
    const { bucket, part, body, etag, checksum } = command;
    const at = bucketAt(tables, bucket);
    const upload = uploadAt(tables, command);
    if (!Number.isInteger(part) || part < 1 || part > PARTS_MAX)
      refuse('InvalidArgument', `Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`);
    if (body.blob !== undefined && tables.bodies.hasBlob(body.blob.id)) aborted();
    const record = { etag, lastModified: now, ...(checksum === undefined ? {} : { checksum }) };
    tables.bodies.put(upload.bodyId, part, body, at.bucket.zone, record);
    return accepted({ lastModified: now });
  },

  CompleteUpload(tables, command, now) {
    const { bucket, key, uploadId, parts, etag, checksum, size: wantedSize } = command;
    const at = bucketAt(tables, bucket);
    const ended = tables.uploads.ended(uploadId);
    // The first answer may not have reached the client, which then asks again.
    if (ended?.completed !== undefined && ended.bucket === bucket && ended.key === key)
      return accepted(ended.completed);
    const upload = uploadAt(tables, command);
    const stored = new Map(tables.bodies.parts(upload.bodyId, 0, PARTS_MAX).map(each => [each.part, each]));
    const size = checkParts(command, stored);
    if (wantedSize !== undefined && wantedSize !== size)
      refuse('InvalidRequest', 'The provided x-amz-mp-object-size does not match the size of the parts');
    checkConditions(tables, at, command);
    const lock = newLock(at.bucket, keepable(upload, now), now);
    const { id: _, bucket: __, initiated, initiator, checksum: ___, ...settings } = upload;
    const version: ObjectVersion = {
      ...settings,
      ...newVersion(at.bucket, command, tables.bodies.nextNumber(), now),
      size,
      etag,
      ...(checksum === undefined ? {} : { checksum }),
      partsCount: parts.length,
      ...lock,
    };
    for (const { part } of parts) stored.delete(part);
    tables.bodies.assemble(upload.bodyId, [...stored.keys()]);
    const completed: Completed = { ...written(at.bucket, version), etag };
    tables.uploads.end(at, upload, now, completed);
    tables.write(at, version, now);
    tables.note('ObjectCreated:CompleteMultipartUpload', version, now);
    return accepted(completed);
  },

  AbortUpload(tables, command, now) {
    const { bucket, key, uploadId, ifInitiated } = command;
    const at = bucketAt(tables, bucket);
    const ended = tables.uploads.ended(uploadId);
    if (ended !== undefined && ended.completed === undefined && ended.bucket === bucket && ended.key === key)
      return accepted(null);
    const upload = uploadAt(tables, command);
    if (ifInitiated !== undefined && Math.floor(ifInitiated / 1000) !== Math.floor(upload.initiated / 1000))
      refuse('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
        Condition: 'x-amz-if-match-initiated-time',
      });
    tables.uploads.end(at, upload, now);
    tables.bodies.release(upload.bodyId);
    return accepted(null);
  },
};

interface OfUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

function uploadAt(tables: IndexTables, { bucket, key, uploadId }: OfUpload): Upload {
  const upload = tables.uploads.get(uploadId);
  if (upload?.bucket === bucket && upload.key === key) return upload;
  return refuse(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId: uploadId },
  );
}

/** A retention that ran out while the upload went on is none. */
const keepable = ({ retention, legalHold }: Upload, now: number) => ({
  retention: retention !== undefined && retention.retainUntil > now ? retention : undefined,
  legalHold,
});

/** The size of the whole, if its parts are those that were uploaded and may stand where they do. */
function checkParts({ uploadId, parts }: CompleteUpload, stored: ReadonlyMap<number, Part>): number {
  if (parts.length === 0)
    refuse('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  if (parts.some(({ part }, index) => index > 0 && part <= parts[index - 1]!.part))
    refuse('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.', {
      UploadId: uploadId,
    });
  const found = parts.map(named => partNamed(uploadId, named, stored));
  const short = found.slice(0, -1).find(({ size }) => size < PART_SIZE_MIN);
  if (short !== undefined)
    refuse('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(short.size),
      MinSizeAllowed: String(PART_SIZE_MIN),
      PartNumber: String(short.part),
      ETag: short.etag,
    });
  return found.reduce((sum, { size }) => sum + size, 0);
}

function partNamed(uploadId: string, { part, etag, checksum }: NamedPart, stored: ReadonlyMap<number, Part>): Part {
  const found = stored.get(part);
  const isSame = found?.etag === etag && (checksum === undefined || found.checksum?.value === checksum);
  if (found !== undefined && isSame) return found;
  return refuse(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: uploadId, PartNumber: String(part), ETag: etag },
  );
}
