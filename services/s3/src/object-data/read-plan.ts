/** What GetObject and HeadObject have in common: which bytes of which version, and what is told of them. */
import { asHeader } from '@stormglass/aws-wire';
import type { ObjectVersion, Part, Piece } from '@stormglass/object-index';
import type { AnswerExtras, OpenCall } from '@stormglass/service-kit';
import { meetConditions, type ReadConditions } from '../conditions.ts';
import type { S3Deps } from '../deps.ts';
import { type CustomerKey, customerKey, meetEncryption } from '../encryption.ts';
import { s3Error, s3Problem } from '../errors.ts';
import { headOfRequest } from '../headers/header-value.ts';
import { shownExpiration } from '../lifecycle/shown-expiration.ts';
import { type ByteRange, contentRange, requestedRange } from '../ranges.ts';
import { type AskedObject, type FoundObject, foundObject } from './found-object.ts';
import { shownObject } from './shown-object.ts';

export interface AskedRead extends AskedObject, ReadConditions {
  readonly Range?: string | undefined;
  readonly PartNumber?: number | undefined;
  readonly ChecksumMode?: string | undefined;
  readonly ResponseCacheControl?: string | undefined;
  readonly ResponseContentDisposition?: string | undefined;
  readonly ResponseContentEncoding?: string | undefined;
  readonly ResponseContentLanguage?: string | undefined;
  readonly ResponseContentType?: string | undefined;
  readonly ResponseExpires?: Date | undefined;
}

export interface ReadPlan extends FoundObject {
  readonly customer: CustomerKey | undefined;
  readonly range: ByteRange;
  /** The answer but for the bytes. */
  readonly shown: ReturnType<typeof shownObject> & { readonly ContentLength?: number };
  readonly extras: AnswerExtras;
  /** The client has it already. */
  readonly isUnchanged: boolean;
}

/** @throws AwsError for what is not there, not expected, not satisfiable, or under another key */
export async function planRead(asked: AskedRead, call: OpenCall, deps: S3Deps): Promise<ReadPlan> {
  const overrides = responseHeaders(asked, call);
  const customer = customerKey(headOfRequest(call.request).header);
  const { bucket, version } = await foundObject(asked, call, deps);
  meetEncryption(version.encryption, customer);
  const isUnchanged = meetConditions(asked, version) === 'not-modified';
  if (isUnchanged) {
    const { ETag, LastModified, VersionId } = shownObject(version, bucket, { withChecksum: false }) as Unchanged;
    const shown = { ETag, LastModified, ...(VersionId === undefined ? {} : { VersionId }) } as ReadPlan['shown'];
    return { bucket, version, customer, range: NOTHING, shown, extras: { status: 304 }, isUnchanged };
  }
  const { range, part } = rangeOf(asked, version, deps);
  const withChecksum = asked.ChecksumMode?.toUpperCase() === 'ENABLED' && range === undefined;
  const { from, to } = range ?? { from: 0, to: version.size };
  const shown = {
    ...shownObject(version, bucket, { withChecksum }),
    ...shownExpiration(bucket, version, deps.lifecycleDayMs),
    ContentLength: to - from,
    ...(range && { ContentRange: contentRange(range, version.size) }),
    ...(part !== undefined && version.partsCount !== undefined ? { PartsCount: version.partsCount } : {}),
  };
  const extras = { headers: { ...version.headers, ...overrides }, ...(range && { status: 206 }) };
  return { bucket, version, customer, range: { from, to }, shown, extras, isUnchanged };
}

type Unchanged = Pick<ReturnType<typeof shownObject>, 'ETag' | 'LastModified'> & { readonly VersionId?: string };

function rangeOf(
  { Range, PartNumber }: AskedRead,
  version: ObjectVersion,
  { index }: S3Deps,
): { range: ByteRange | undefined; part?: number } {
  if (PartNumber === undefined) return { range: requestedRange(Range, version.size) };
  if (Range !== undefined)
    throw s3Problem('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  if (version.partsCount === undefined) {
    if (PartNumber !== 1) throw noSuchPart(PartNumber, 1);
    return { range: version.size === 0 ? undefined : { from: 0, to: version.size }, part: PartNumber };
  }
  const piece = index.view.piece(version, PartNumber);
  if (piece === undefined) throw noSuchPart(PartNumber, version.partsCount);
  return { range: ofPiece(piece), part: PartNumber };
}

const ofPiece = ({ offset, size }: Pick<Piece, 'offset'> & Pick<Part, 'size'>): ByteRange => ({
  from: offset,
  to: offset + size,
});

const noSuchPart = (PartNumberRequested: number, ActualPartCount: number) =>
  s3Error('InvalidPartNumber', { PartNumberRequested, ActualPartCount });

/** Headers that a request names for its own answer. */
function responseHeaders(asked: AskedRead, { signed }: OpenCall): Readonly<Record<string, string>> {
  const named = {
    'cache-control': asked.ResponseCacheControl,
    'content-disposition': asked.ResponseContentDisposition,
    'content-encoding': asked.ResponseContentEncoding,
    'content-language': asked.ResponseContentLanguage,
    'content-type': asked.ResponseContentType,
    expires: asked.ResponseExpires?.toUTCString(),
  };
  const headers: Record<string, string> = {};
  let isAny = false;
  for (const name in named) {
    const value = named[name as keyof typeof named];
    if (value === undefined) continue;
    headers[name] = asHeader(value);
    isAny = true;
  }
  if (signed === undefined && isAny)
    throw s3Problem('InvalidRequest', 'Request specific response headers cannot be used for anonymous GET requests.');
  return headers;
}

const NOTHING: ByteRange = { from: 0, to: 0 };
