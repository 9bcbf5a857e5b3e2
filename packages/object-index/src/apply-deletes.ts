/** Objects deleted, by clients and by lifecycles. */
import type { AppliersOf } from './applier.ts';
import type { StoredBucket } from './bucket-table.ts';
import { type DeleteObjects, type Expiry, OBJECTS_PER_DELETE_MAX, type ObjectToDelete } from './commands.ts';
import { checkDelete } from './conditions.ts';
import { assertDeletable, isProtected } from './locks.ts';
import { type DeleteMarker, NULL_VERSION, type Version } from './records.ts';
import { accepted, type Deleted, Refused, refuse } from './result.ts';
import { bucketAt, type IndexTables } from './tables.ts';

export const applyDeletes: AppliersOf<'DeleteObjects' | 'ExpireObjects' | 'CollectGarbage'> = {
  DeleteObjects(tables, command, now) {
    const { bucket, objects } = command;
    const at = bucketAt(tables, bucket);
    if (objects.length > OBJECTS_PER_DELETE_MAX) tooMany();
    return accepted(objects.map(each => orRefusal(() => deleteObject(tables, at, command, each, now))));
  },

  ExpireObjects(tables, { bucket, expiries }, now) {
    const at = bucketAt(tables, bucket);
    if (expiries.length > OBJECTS_PER_DELETE_MAX) tooMany();
    return accepted(expiries.filter(expiry => expire(tables, at, expiry, now)).length);
  },

  CollectGarbage(tables) {
    tables.bodies.collectGarbage();
    return accepted(null);
  },
};

/** S3 API Reference, DeleteObjects. */
const tooMany = (): never =>
  refuse('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');

/** One object that stays does not keep the others. */
function orRefusal(run: () => Deleted): Deleted {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
}

function deleteObject(
  tables: IndexTables,
  at: StoredBucket,
  { owner, bypassGovernance = false }: DeleteObjects,
  wanted: ObjectToDelete,
  now: number,
): Deleted {
  const { key, versionId, markerId } = wanted;
  const latest = tables.versions.latest(at, key);
  checkDelete(wanted, latest, at.bucket.zone !== undefined);
  if (versionId === undefined) {
    const marker = deleteLatest(tables, at, latest, { key, markerId, owner }, now, 'ObjectRemoved');
    return marker === undefined ? { ok: true, marker: false } : { ok: true, marker: true, versionId: marker.versionId };
  }
  const version = latest?.versionId === versionId ? latest : tables.versions.find(at, key, versionId);
  if (version === undefined) return { ok: true, marker: false, versionId };
  assertDeletable(version, now, bypassGovernance);
  removeForGood(tables, at, version, now, 'ObjectRemoved:Delete');
  return { ok: true, marker: version.isMarker, versionId };
}

/** Deletes a key as its bucket's versioning has it. Returns the marker that now hides it, if it is not gone. */
function deleteLatest(
  tables: IndexTables,
  at: StoredBucket,
  latest: Version | undefined,
  { key, markerId, owner }: { readonly key: string; readonly markerId: string; readonly owner: string },
  now: number,
  cause: 'ObjectRemoved' | 'LifecycleExpiration',
): DeleteMarker | undefined {
  const { name, versioning } = at.bucket;
  if (versioning === '') {
    if (latest !== undefined) removeForGood(tables, at, latest, now, `${cause}:Delete`);
    return undefined;
  }
  const marker: DeleteMarker = {
    bucket: name,
    key,
    versionId: versioning === 'Enabled' ? markerId : NULL_VERSION,
    seq: tables.bodies.nextNumber(),
    isLatest: true,
    isMarker: true,
    lastModified: now,
    owner,
  };
  tables.write(at, marker, now);
  tables.note(`${cause}:DeleteMarkerCreated`, marker, now);
  return marker;
}

function removeForGood(
  tables: IndexTables,
  at: StoredBucket,
  version: Version,
  now: number,
  event: 'ObjectRemoved:Delete' | 'LifecycleExpiration:Delete',
): void {
  tables.remove(at, version);
  tables.note(event, version, now, { sequencer: tables.bodies.nextNumber() });
}

/** Whether what was found due still is so, and was done. */
function expire(tables: IndexTables, at: StoredBucket, expiry: Expiry, now: number): boolean {
  const { key } = expiry;
  if (expiry.what === 'upload') {
    const upload = tables.uploads.get(expiry.uploadId);
    if (upload?.bucket !== at.bucket.name || upload.key !== key) return false;
    tables.uploads.end(at, upload, now);
    tables.bodies.release(upload.bodyId);
    return true;
  }
  const latest = tables.versions.latest(at, key);
  if (expiry.what === 'object') {
    if (latest?.seq !== expiry.seq || latest.isMarker) return false;
    const { markerId } = expiry;
    deleteLatest(tables, at, latest, { key, markerId, owner: at.bucket.account }, now, 'LifecycleExpiration');
    return true;
  }
  const version = tables.versions.find(at, key, expiry.versionId);
  if (version?.seq !== expiry.seq || isProtected(version, now, false)) return false;
  const isDue =
    expiry.what === 'noncurrent'
      ? !version.isLatest
      : version.isLatest && version.isMarker && !tables.versions.hasOthers(at, version);
  if (isDue) removeForGood(tables, at, version, now, 'LifecycleExpiration:Delete');
  return isDue;
}
