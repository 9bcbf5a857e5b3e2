/** Objects as GetObject and HeadObject show them: all but their bytes. */
import type { Bucket, ObjectVersion, Written } from '@stormglass/object-index';
import { shownChecksum } from '../checksums/shown.ts';
import { shownEncryption } from '../encryption.ts';

/** Told where versioning is, or once was. */
export const shownVersionId = ({ versioning, versionId }: Pick<Written, 'versioning' | 'versionId'>) =>
  versioning === '' ? {} : { VersionId: versionId };

/** The members of an answer about a version. */
export function shownObject(version: ObjectVersion, bucket: Bucket, { withChecksum }: { withChecksum: boolean }) {
  const { etag, lastModified, tags, storageClass, retention, legalHold, metadata, checksum, encryption } = version;
  return {
    AcceptRanges: 'bytes',
    ETag: `"${etag}"`,
    LastModified: new Date(lastModified),
    Metadata: { ...metadata },
    ...shownVersionId({ versioning: bucket.versioning, versionId: version.versionId }),
    ...shownEncryption(encryption),
    ...(withChecksum ? shownChecksum(checksum) : {}),
    ...(tags.length === 0 ? {} : { TagCount: tags.length }),
    ...(storageClass === 'STANDARD' ? {} : { StorageClass: storageClass as 'STANDARD_IA' }),
    ...(retention && {
      ObjectLockMode: retention.mode,
      ObjectLockRetainUntilDate: new Date(retention.retainUntil),
    }),
    ...(legalHold === undefined ? {} : { ObjectLockLegalHoldStatus: legalHold ? ('ON' as const) : ('OFF' as const) }),
  };
}
