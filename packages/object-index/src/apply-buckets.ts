/** Buckets: made, configured and deleted. */
import type { AppliersOf } from './applier.ts';
import type { StoredBucket } from './bucket-table.ts';
import { BUCKETS_PER_ACCOUNT_MAX } from './commands.ts';
import type { Bucket } from './records.ts';
import { accepted, refuse } from './result.ts';
import { bucketAt, type IndexTables } from './tables.ts';

/** Uploads in progress that go with their bucket; with more of them it stays. */
const UPLOADS_DROPPED_MAX = 1_000;

export const applyBuckets: AppliersOf<
  'CreateBucket' | 'DeleteBucket' | 'SetBucketConfig' | 'SetBucketVersioning' | 'SetBucketObjectLock'
> = {
  CreateBucket(tables, { bucket: name, account, region, zone, objectLock = false, config = {} }, now) {
    const present = tables.buckets.get(name)?.bucket;
    if (present?.account === account)
      refuse(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        { BucketName: name },
      );
    if (present !== undefined)
      refuse(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        { BucketName: name },
      );
    if (tables.buckets.count(account) >= BUCKETS_PER_ACCOUNT_MAX)
      refuse('TooManyBuckets', 'You have attempted to create more buckets than allowed');
    const number = tables.bodies.nextNumber();
    const bucket: Bucket = {
      name,
      account,
      region,
      createdAt: now,
      ...(zone === undefined ? {} : { zone }),
      versioning: objectLock ? 'Enabled' : '',
      objectLock,
      config,
      generation: number,
    };
    tables.buckets.insert(number, bucket);
    return accepted(bucket);
  },

  DeleteBucket(tables, { bucket: name }, now) {
    const at = bucketAt(tables, name);
    const fields = { BucketName: name };
    if (!tables.versions.isEmpty(at)) {
      const message = 'The bucket you tried to delete is not empty';
      const hint = at.bucket.versioning === '' ? '' : '. You must delete all versions in the bucket.';
      refuse('BucketNotEmpty', message + hint, fields);
    }
    const uploads = tables.uploads.some(at, UPLOADS_DROPPED_MAX + 1);
    if (uploads.length > (at.bucket.zone === undefined ? UPLOADS_DROPPED_MAX : 0))
      refuse('BucketNotEmpty', 'The bucket you tried to delete has multipart uploads in progress', fields);
    for (const upload of uploads) {
      tables.uploads.end(at, upload, now);
      tables.bodies.release(upload.bodyId);
    }
    tables.buckets.delete(at);
    return accepted(null);
  },

  SetBucketConfig(tables, { bucket, name, value }) {
    const at = bucketAt(tables, bucket);
    const { [name]: _, ...others } = at.bucket.config;
    return change(tables, at, { config: value === null ? others : { ...others, [name]: value } });
  },

  SetBucketVersioning(tables, { bucket, versioning }) {
    const at = bucketAt(tables, bucket);
    if (at.bucket.objectLock && versioning === 'Suspended')
      refuse(
        'InvalidBucketState',
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      );
    if (at.bucket.zone !== undefined) refuse('InvalidRequest', 'Versioning is not supported for directory buckets');
    return change(tables, at, { versioning });
  },

  SetBucketObjectLock(tables, { bucket, config }) {
    const at = bucketAt(tables, bucket);
    if (at.bucket.versioning !== 'Enabled')
      refuse('InvalidBucketState', "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
    return change(tables, at, { objectLock: true, config: { ...at.bucket.config, objectLock: config } });
  },
};

function change(tables: IndexTables, at: StoredBucket, changed: Partial<Bucket>) {
  tables.buckets.update(at.id, { ...at.bucket, ...changed, generation: tables.bodies.nextNumber() });
  return accepted(null);
}
