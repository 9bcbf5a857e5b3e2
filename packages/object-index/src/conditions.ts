/** Conditions of writes and of the sources of copies, judged where nothing can come in between. */
import type { CopySource, ObjectToDelete, WriteConditions } from './commands.ts';
import type { ObjectVersion, Version } from './records.ts';
import { refuse } from './result.ts';
import { noSuchKey } from './tables.ts';

/** S3 compares times as HTTP has them. */
const seconds = (ms: number): number => Math.floor(ms / 1000);

export const failed = (condition: string): never =>
  refuse('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    Condition: condition,
  });

const matches = (etag: string, wanted: string): boolean => wanted === '*' || wanted === etag;

/** What a write asks of the object that is there now (S3 User Guide, conditional writes). */
export function checkWrite({ ifMatch, ifNoneMatch }: WriteConditions, key: string, latest: Version | undefined): void {
  const present = latest?.isMarker === false ? latest : undefined;
  if (ifNoneMatch !== undefined && present !== undefined) failed('If-None-Match');
  if (ifMatch === undefined) return;
  if (present === undefined) noSuchKey(key);
  else if (!matches(present.etag, ifMatch)) failed('If-Match');
}

/**
 * What a deletion asks of the object that is there now. General purpose buckets answer 404 where there is none, which is
 * not what their guide says; one-zone buckets take it for done.
 */
export function checkDelete(wanted: ObjectToDelete, latest: Version | undefined, isOneZone: boolean): void {
  const { key, ifMatch, ifMatchLastModified, ifMatchSize } = wanted;
  if (ifMatch === undefined && ifMatchLastModified === undefined && ifMatchSize === undefined) return;
  if (latest === undefined || latest.isMarker) return isOneZone ? undefined : noSuchKey(key);
  if (ifMatch !== undefined && !matches(latest.etag, ifMatch)) failed('If-Match');
  if (ifMatchLastModified !== undefined && seconds(ifMatchLastModified) !== seconds(latest.lastModified))
    failed('x-amz-if-match-last-modified-time');
  if (ifMatchSize !== undefined && ifMatchSize !== latest.size) failed('x-amz-if-match-size');
}

export interface ReadConditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: number | undefined;
  readonly ifUnmodifiedSince?: number | undefined;
}

/** ETags decide before times do (S3 API Reference, CopyObject). `names` says how the headers begin. */
export function checkRead(conditions: ReadConditions, version: ObjectVersion, names: string): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const modified = seconds(version.lastModified);
  if (ifMatch !== undefined) {
    if (!matches(version.etag, ifMatch)) failed(`${names}-If-Match`);
  } else if (ifUnmodifiedSince !== undefined && modified > seconds(ifUnmodifiedSince))
    failed(`${names}-If-Unmodified-Since`);
  if (ifNoneMatch !== undefined) {
    if (matches(version.etag, ifNoneMatch)) failed(`${names}-If-None-Match`);
  } else if (ifModifiedSince !== undefined && modified <= seconds(ifModifiedSince))
    failed(`${names}-If-Modified-Since`);
}

export function checkSource(source: CopySource, version: ObjectVersion): void {
  if (source.seq !== undefined && source.seq !== version.seq)
    refuse(
      'OperationAborted',
      'A conflicting conditional operation is currently in progress against this resource. Please try again.',
    );
  checkRead(source, version, 'x-amz-copy-source');
}
