/**
 * Conditions of reads: whether an object is what the request expects, from its ETag and the time of its last change
 * (RFC 9110, 13). Conditions of writes are decided in the state, where nothing comes between question and change.
 */
import { s3Error } from './errors.ts';

/** As the headers name them; times are dates, ETags may be quoted, weak, listed or `*`. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** What conditions are asked about: an unquoted ETag and a time in ms since the epoch. */
export interface Comparable {
  readonly etag: string;
  readonly lastModified: number;
}

/**
 * Whether the object is to be answered, or only that it has not changed.
 * @throws AwsError PreconditionFailed, naming the condition
 */
export function meetConditions(conditions: ReadConditions, object: Comparable): 'answer' | 'not-modified' {
  failUnlessExpected(conditions, object, { match: 'If-Match', unmodified: 'If-Unmodified-Since' });
  return isUnchanged(conditions, object) ? 'not-modified' : 'answer';
}

/**
 * The conditions of a copy on its source: there is no 304, so that every one that does not hold is a failure.
 * @throws AwsError PreconditionFailed, naming the header
 */
export function meetCopyConditions(conditions: ReadConditions, source: Comparable): void {
  const prefix = 'x-amz-copy-source-If';
  failUnlessExpected(conditions, source, { match: `${prefix}-Match`, unmodified: `${prefix}-Unmodified-Since` });
  if (!isUnchanged(conditions, source)) return;
  throw preconditionFailed(`${prefix}${conditions.IfNoneMatch === undefined ? '-Modified-Since' : '-None-Match'}`);
}

/** Whether a header with ETags names this one; ETags of S3 are strong, and clients leave quotes out. */
export const namesEtag = (header: string, etag: string): boolean =>
  header.split(',').some(each => {
    const named = each.trim();
    return named === '*' || unquoted(named.replace(/^W\//, '')) === etag;
  });

/** An ETag without its quotes. */
export const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');

export const preconditionFailed = (condition: string) => s3Error('PreconditionFailed', { Condition: condition });

/** An If-Match that holds makes the time irrelevant. */
function failUnlessExpected(
  { IfMatch, IfUnmodifiedSince }: ReadConditions,
  { etag, lastModified }: Comparable,
  names: { match: string; unmodified: string },
): void {
  if (IfMatch !== undefined) {
    if (!namesEtag(IfMatch, etag)) throw preconditionFailed(names.match);
  } else if (IfUnmodifiedSince !== undefined && seconds(lastModified) > seconds(IfUnmodifiedSince.getTime())) {
    throw preconditionFailed(names.unmodified);
  }
}

/** An If-None-Match, whatever it says, makes the time irrelevant. */
function isUnchanged({ IfNoneMatch, IfModifiedSince }: ReadConditions, { etag, lastModified }: Comparable): boolean {
  if (IfNoneMatch !== undefined) return namesEtag(IfNoneMatch, etag);
  return IfModifiedSince !== undefined && seconds(lastModified) <= seconds(IfModifiedSince.getTime());
}

/** HTTP dates have no fractions. */
const seconds = (ms: number) => Math.floor(ms / 1000);
