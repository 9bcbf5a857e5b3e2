/** Versions as rows: what rows have in columns is left out of the record, and so is what is empty. */
import type { DeleteMarker, ObjectVersion, Version } from './records.ts';

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
  const stored = JSON.parse(record) as Partial<ObjectRecord> & Omit<ObjectRecord, 'metadata' | 'headers' | 'tags'>;
  return {
    bucket,
    key,
    versionId: version,
    seq,
    isLatest: stored.noncurrentSince === undefined,
    isMarker: false,
    metadata: {},
    headers: {},
    tags: [],
    ...stored,
  };
}

function markerOf(bucket: string, { key, seq, version, record }: VersionRow): DeleteMarker {
  const stored = JSON.parse(record) as MarkerRecord;
  const isLatest = stored.noncurrentSince === undefined;
  return { bucket, key, versionId: version, seq, isLatest, isMarker: true, ...stored };
}

/** The record of a version, as it is stored; `noncurrentSince` is only in that of one that is not the latest. */
export function recordOf(version: Version, noncurrentSince?: number): string {
  const { bucket, key, versionId, seq, isLatest, isMarker, noncurrentSince: _, ...rest } = version;
  if (version.isMarker) return JSON.stringify({ ...rest, noncurrentSince });
  const { metadata, headers, tags } = version;
  return JSON.stringify({
    ...rest,
    metadata: isEmpty(metadata) ? undefined : metadata,
    headers: isEmpty(headers) ? undefined : headers,
    tags: tags.length === 0 ? undefined : tags,
    noncurrentSince,
  });
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;
