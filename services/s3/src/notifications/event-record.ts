/**
 * An event of S3 as EventBridge delivers it (AWS S3 User Guide, "EventBridge event message structure"). Every zone makes
 * the same event of a change, its id too: who moves from a zone to another sees nothing twice.
 */
import { createHash } from 'node:crypto';
import type { Bucket, ObjectChange } from '@stormglass/object-index';

interface Kind {
  readonly type: string;
  /** The operation that did it, or a sentence where nobody asked. */
  readonly reason: string;
  readonly deletion?: string;
}

const CREATED = 'Object Created';
const DELETED = 'Object Deleted';
const [FOR_GOOD, MARKER] = ['Permanently Deleted', 'Delete Marker Created'];
const EXPIRED = 'Lifecycle Expiration';

const KINDS: Readonly<Record<ObjectChange['event'], Kind>> = {
  'ObjectCreated:Put': { type: CREATED, reason: 'PutObject' },
  'ObjectCreated:Copy': { type: CREATED, reason: 'CopyObject' },
  'ObjectCreated:CompleteMultipartUpload': { type: CREATED, reason: 'CompleteMultipartUpload' },
  'ObjectRemoved:Delete': { type: DELETED, reason: 'DeleteObject', deletion: FOR_GOOD },
  'ObjectRemoved:DeleteMarkerCreated': { type: DELETED, reason: 'DeleteObject', deletion: MARKER },
  'LifecycleExpiration:Delete': { type: DELETED, reason: EXPIRED, deletion: FOR_GOOD },
  'LifecycleExpiration:DeleteMarkerCreated': { type: DELETED, reason: EXPIRED, deletion: MARKER },
  'ObjectTagging:Put': { type: 'Object Tags Added', reason: 'PutObjectTagging' },
  'ObjectTagging:Delete': { type: 'Object Tags Deleted', reason: 'DeleteObjectTagging' },
  'ObjectAcl:Put': { type: 'Object ACL Updated', reason: 'PutObjectAcl' },
  ObjectRename: { type: CREATED, reason: 'RenameObject' },
};

/** The event of a change in a bucket, which may be gone by now. */
export function eventRecord(change: ObjectChange, { account, region }: Pick<Bucket, 'account' | 'region'>): object {
  const { type, reason, deletion } = KINDS[change.event];
  const { bucket, key, size, etag, versionId, sourceKey } = change;
  return {
    version: '0',
    id: eventId(region, change),
    'detail-type': type,
    source: 'aws.s3',
    account,
    time: `${new Date(change.at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key,
        ...(deletion === undefined ? { size } : {}),
        etag,
        // Objects without versions have none to show.
        'version-id': versionId === 'null' ? undefined : versionId,
        sequencer: change.sequencer.toString(16).toUpperCase().padStart(16, '0'),
      },
      requester: reason === EXPIRED ? 's3.amazonaws.com' : account,
      reason,
      ...(deletion === undefined ? {} : { 'deletion-type': deletion }),
      ...(sourceKey === undefined ? {} : { 'source-key': sourceKey }),
    },
  };
}

/** In the form of a random UUID (RFC 9562, 5.4). */
function eventId(region: string, { bucket, sequencer }: ObjectChange): string {
  const bytes = createHash('sha256').update(`${region}/${bucket}/${sequencer}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
