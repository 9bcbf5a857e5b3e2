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
  // Lists make a thousand of these: what was parsed becomes the version, and is not copied into another object.
  const made = JSON.parse(record) as ObjectRecord &
    Partial<Mutable<Pick<ObjectVersion, InColumns>>> &
    Mutable<Defaults>;
  made.bucket = bucket;
  made.key = key;
  made.versionId = version;
  made.seq = seq;
  made.isLatest = made.noncurrentSince === undefined;
  made.isMarker = false;
  made.metadata ??= NOTHING;
  made.headers ??= NOTHING;
  made.tags ??= NO_TAGS;
  return made as ObjectVersion;
}

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };
type Defaults = Partial<Pick<ObjectVersion, 'metadata' | 'headers' | 'tags'>>;
const NOTHING: Readonly<Record<string, string>> = Object.freeze({});
const NO_TAGS: readonly Tag[] = Object.freeze([]);

function markerOf(bucket: string, { key, seq, version, record }: VersionRow): DeleteMarker {
  const stored = JSON.parse(record) as MarkerRecord;
  const isLatest = stored.noncurrentSince === undefined;
  return { bucket, key, versionId: version, seq, isLatest, isMarker: true, ...stored };
}

/** The record of a version, as it is stored; `noncurrentSince` is only in that of one that is not the latest. */
export function recordOf(version: Version, noncurrentSince?: number): string {
  const inColumns = { bucket: undefined, key: undefined, versionId: undefined, seq: undefined, isLatest: undefined };
  const rest = { ...version, ...inColumns, isMarker: undefined, noncurrentSince };
  if (version.isMarker) return JSON.stringify(rest);
  const { metadata, headers, tags } = version;
  return JSON.stringify({
    ...rest,
    metadata: isEmpty(metadata) ? undefined : metadata,
    headers: isEmpty(headers) ? undefined : headers,
    tags: tags.length === 0 ? undefined : tags,
  });
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
