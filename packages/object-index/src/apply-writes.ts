/** Objects: put, copied and renamed. */
import type { AppliersOf } from './applier.ts';
import type { StoredBucket } from './bucket-table.ts';
import type { CopyObject, CopySource, WriteConditions } from './commands.ts';
import { checkRead, checkSource, checkWrite } from './conditions.ts';
import { newLock } from './locks.ts';
import { type Bucket, type Encryption, NULL_VERSION, type ObjectVersion } from './records.ts';
import { accepted, refuse, type Written } from './result.ts';
import { bucketAt, type IndexTables, noSuchKey } from './tables.ts';

export const applyWrites: AppliersOf<'PutObject' | 'CopyObject' | 'RenameObject'> = {
  PutObject(tables, command, now) {
    const { bucket, body, etag, owner, storageClass, metadata, headers, tags = [] } = command;
    const { acl, checksum, encryption } = command;
    const at = bucketAt(tables, bucket);
    checkConditions(tables, at, command);
    const lock = newLock(at.bucket, command, now);
    if (body.blob !== undefined && tables.bodies.hasBlob(body.blob.id)) aborted();
    const seq = tables.bodies.nextNumber();
    tables.bodies.put(seq, 1, body, at.bucket.zone);
    const version: ObjectVersion = {
      ...newVersion(at.bucket, command, seq, now),
      size: body.size,
      etag,
      owner,
      storageClass,
      metadata,
      headers,
      tags,
      ...(acl === undefined ? {} : { acl }),
      ...(checksum === undefined ? {} : { checksum }),
      encryption,
      ...lock,
      bodyId: seq,
    };
    tables.write(at, version, now);
    tables.note('ObjectCreated:Put', version, now);
    return accepted(written(at.bucket, version));
  },

  CopyObject(tables, command, now) {
    const { bucket, source, encryption, storageClass, owner } = command;
    const at = bucketAt(tables, bucket);
    const from = source.bucket === bucket ? at : bucketAt(tables, source.bucket);
    const copied = sourceOf(tables, from, source);
    checkSource(source, copied);
    checkConditions(tables, at, command);
    if (at.bucket.zone !== from.bucket.zone || !isSameKey(copied.encryption, encryption))
      refuse('BodyNotShareable', 'The copy cannot have the bytes of its source');
    const lock = newLock(at.bucket, command, now);
    const version: ObjectVersion = {
      ...newVersion(at.bucket, command, tables.bodies.nextNumber(), now),
      ...copiedSettings(command, copied),
      size: copied.size,
      owner,
      storageClass,
      ...(copied.partsCount === undefined ? {} : { partsCount: copied.partsCount }),
      encryption,
      ...lock,
      bodyId: copied.bodyId,
    };
    // Before the version is written: it may replace the last other one that has the body.
    tables.bodies.share(copied.bodyId);
    tables.write(at, version, now);
    tables.note('ObjectCreated:Copy', version, now);
    return accepted({ ...written(at.bucket, version), etag: version.etag, sourceVersionId: copied.versionId });
  },

  RenameObject(tables, command, now) {
    const { bucket, key, sourceKey } = command;
    const at = bucketAt(tables, bucket);
    if (at.bucket.zone === undefined || at.bucket.versioning !== '')
      refuse('InvalidRequest', 'RenameObject is only supported for directory buckets');
    const source = tables.versions.current(at, sourceKey) ?? noSuchKey(sourceKey);
    const { sourceIfMatch, sourceIfNoneMatch, sourceIfModifiedSince, sourceIfUnmodifiedSince } = command;
    const conditions = {
      ifMatch: sourceIfMatch,
      ifNoneMatch: sourceIfNoneMatch,
      ifModifiedSince: sourceIfModifiedSince,
      ifUnmodifiedSince: sourceIfUnmodifiedSince,
    };
    checkRead(conditions, source, 'x-amz-rename-source');
    const present = tables.versions.current(at, key);
    checkWrite(command, key, present);
    const { ifModifiedSince, ifUnmodifiedSince } = command;
    if (present !== undefined) checkRead({ ifModifiedSince, ifUnmodifiedSince }, present, 'x-amz');
    if (key === sourceKey) return accepted(null);
    tables.versions.remove(at, source);
    const renamed: ObjectVersion = { ...source, key, seq: tables.bodies.nextNumber() };
    tables.write(at, renamed, now);
    tables.note('ObjectRename', renamed, now, { sourceKey });
    return accepted(null);
  },
};

/** The head of a version that is being made. */
export function newVersion(
  bucket: Bucket,
  { key, versionId }: { readonly key: string; readonly versionId: string },
  seq: number,
  now: number,
) {
  return {
    bucket: bucket.name,
    key,
    versionId: bucket.versioning === 'Enabled' ? versionId : NULL_VERSION,
    seq,
    isLatest: true,
    isMarker: false,
    lastModified: now,
  } as const;
}

export const written = ({ versioning }: Bucket, { seq, versionId, lastModified }: ObjectVersion): Written => ({
  seq,
  versionId,
  versioning,
  lastModified,
});

export const aborted = (): never =>
  refuse(
    'OperationAborted',
    'A conflicting conditional operation is currently in progress against this resource. Please try again.',
  );

/** Judges the conditions of a write, if it has any, by the latest version at its key. */
export function checkConditions(
  tables: IndexTables,
  at: StoredBucket,
  command: WriteConditions & { readonly key: string },
): void {
  if (command.ifMatch === undefined && command.ifNoneMatch === undefined) return;
  checkWrite(command, command.key, tables.versions.latest(at, command.key));
}

function sourceOf(tables: IndexTables, at: StoredBucket, { key, versionId }: CopySource): ObjectVersion {
  const version = versionId === undefined ? tables.versions.latest(at, key) : tables.versions.find(at, key, versionId);
  if (version?.isMarker && versionId !== undefined)
    refuse(
      'InvalidRequest',
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  if (version === undefined && versionId !== undefined)
    refuse('NoSuchVersion', 'The specified version does not exist.', { Key: key, VersionId: versionId });
  return version === undefined || version.isMarker ? noSuchKey(key) : version;
}

/** What a copy has of its source unless the command says otherwise. Access lists are never copied. */
function copiedSettings(command: CopyObject, source: ObjectVersion) {
  const { acl, checksum = source.checksum } = command;
  return {
    etag: command.etag ?? source.etag,
    metadata: command.metadata ?? source.metadata,
    headers: command.headers ?? source.headers,
    tags: command.tags ?? source.tags,
    ...(acl === undefined ? {} : { acl }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

const isSameKey = (a: Encryption, b: Encryption): boolean =>
  a.kind === 'C' ? b.kind === 'C' && a.keyMd5 === b.keyMd5 : b.kind === a.kind;
