/** Versions as rows: what rows have in columns is left out of the record, and so is what is empty. */
import type { DeleteMarker, ObjectVersion, Tag, Version } from './records.ts';

/** A row of `objects` or `history`; only the latter have `marker`. */
export interface VersionRow {
  readonly key: string;
  readonly seq: number;
  readonly version: string;
  readonly marker: number;
  readonly record: string;
}

/** Members that a column or the table says. */
type InColumns = 'bucket' | 'key' | 'versionId' | 'seq' | 'isLatest' | 'isMarker';

/** What a version is, without where it stands. */
export type ObjectRecord = Omit<ObjectVersion, InColumns>;
export type MarkerRecord = Omit<DeleteMarker, InColumns>;

export function versionOf(bucket: string, row: VersionRow): Version {
  return row.marker === 1 ? markerOf(bucket, row) : objectOf(bucket, row);
}

export function objectOf(bucket: string, { key, seq, version, record }: Omit<VersionRow, 'marker'>): ObjectVersion {
  const stored = JSON.parse(record) as Omit<ObjectRecord, Unless> & Partial<Pick<ObjectRecord, Unless>>;
  const { acl, checksum, partsCount, retention, legalHold, noncurrentSince } = stored;
  // Lists make a thousand of these: written out, because copying members by spreading costs more than reading them.
  const made: Mutable<ObjectVersion> = {
    bucket,
    key,
    versionId: version,
    seq,
    isLatest: noncurrentSince === undefined,
    isMarker: false,
    lastModified: stored.lastModified,
    size: stored.size,
    etag: stored.etag,
    owner: stored.owner,
    storageClass: stored.storageClass,
    metadata: stored.metadata ?? NOTHING,
    headers: stored.headers ?? NOTHING,
    tags: stored.tags ?? NO_TAGS,
    encryption: stored.encryption,
    bodyId: stored.bodyId,
  };
  if (acl !== undefined) made.acl = acl;
  if (checksum !== undefined) made.checksum = checksum;
  if (partsCount !== undefined) made.partsCount = partsCount;
  if (retention !== undefined) made.retention = retention;
  if (legalHold !== undefined) made.legalHold = legalHold;
  if (noncurrentSince !== undefined) made.noncurrentSince = noncurrentSince;
  return made;
}

/** What a record has unless it is empty. */
type Unless = 'metadata' | 'headers' | 'tags';
type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
const NOTHING: Readonly<Record<string, string>> = Object.freeze({});
const NO_TAGS: readonly Tag[] = Object.freeze([]);

function markerOf(bucket: string, { key, seq, version, record }: VersionRow): DeleteMarker {
  const stored = JSON.parse(record) as MarkerRecord;
  const isLatest = stored.noncurrentSince === undefined;
  return { bucket, key, versionId: version, seq, isLatest, isMarker: true, ...stored };
}

/**
 * The record of a version, as it is stored; `noncurrentSince` is only in that of one that is not the latest. Members have
 * one order, so that every replica stores the same text, wherever it has the version from.
 */
export function recordOf(version: Version, noncurrentSince?: number): string {
  if (version.isMarker) {
    const { lastModified, owner } = version;
    return JSON.stringify({ lastModified, owner, noncurrentSince } satisfies AllOf<MarkerRecord>);
  }
  const { metadata, headers, tags } = version;
  return JSON.stringify({
    lastModified: version.lastModified,
    size: version.size,
    etag: version.etag,
    owner: version.owner,
    storageClass: version.storageClass,
    metadata: isEmpty(metadata) ? undefined : metadata,
    headers: isEmpty(headers) ? undefined : headers,
    tags: tags.length === 0 ? undefined : tags,
    acl: version.acl,
    checksum: version.checksum,
    partsCount: version.partsCount,
    encryption: version.encryption,
    retention: version.retention,
    legalHold: version.legalHold,
    bodyId: version.bodyId,
    noncurrentSince,
  } satisfies AllOf<ObjectRecord>);
}

/** Complete, or it does not compile; absent members are not written. */
type AllOf<Record> = { readonly [Member in keyof Required<Record>]: Record[Member] | undefined };

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
