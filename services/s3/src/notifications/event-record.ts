/**
 * An event of S3 as EventBridge delivers it (AWS S3 User Guide, "EventBridge event message structure"). Every zone makes
 * the same event of a change, its id too: who moves from a zone to another sees nothing twice.
 */
import { createHash } from 'node:crypto';

/** What happened to an object. `place` orders the changes of a region: position in the log, and number within the entry. */
export interface ObjectEvent {
  readonly type: keyof typeof DETAIL_TYPES;
  /** The operation that did it, as AWS names it in events: `PutObject`, `CompleteMultipartUpload` ... */
  readonly reason: string;
  readonly place: EventPlace;
  /** In ms since the epoch. */
  readonly at: number;
  readonly bucket: string;
  /** Account of the bucket. */
  readonly account: string;
  readonly key: string;
  readonly size?: number | undefined;
  readonly etag?: string | undefined;
  /** Absent in buckets that have no versions. */
  readonly versionId?: string | undefined;
  /** Of a deletion. */
  readonly isMarker?: boolean | undefined;
  /** Account that asked; `s3.amazonaws.com` for what S3 did by itself. */
  readonly requester: string;
}

export interface EventPlace {
  readonly position: number;
  readonly number: number;
}

const DETAIL_TYPES = {
  created: 'Object Created',
  deleted: 'Object Deleted',
  'tags-added': 'Object Tags Added',
  'tags-deleted': 'Object Tags Deleted',
  'acl-updated': 'Object ACL Updated',
} as const;

/** The event of a change in `region`. */
export function eventRecord(event: ObjectEvent, region: string, partition: string): object {
  const { type, bucket, key, size, etag, versionId, place, reason, requester } = event;
  return {
    version: '0',
    id: eventId(region, place),
    'detail-type': DETAIL_TYPES[type],
    source: 'aws.s3',
    account: event.account,
    time: `${new Date(event.at).toISOString().slice(0, 19)}Z`,
    region,
    resources: [`arn:${partition}:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag, 'version-id': versionId, sequencer: sequencer(place) },
      requester,
      reason,
      ...(type === 'deleted'
        ? { 'deletion-type': event.isMarker ? 'Delete Marker Created' : 'Permanently Deleted' }
        : {}),
    },
  };
}

/** Larger for a later change of the same key, compared as text of one length. */
const sequencer = ({ position, number }: EventPlace): string =>
  (BigInt(position) * 65_536n + BigInt(number)).toString(16).toUpperCase().padStart(18, '0');

/** In the form of a random UUID (RFC 9562, 5.4). */
function eventId(region: string, { position, number }: EventPlace): string {
  const bytes = createHash('sha256').update(`${region}/${position}/${number}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
