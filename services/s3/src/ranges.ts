/**
 * Byte ranges of one object, as GetObject and HeadObject understand them (RFC 9110, 14.1, with S3's habits: a header that
 * is not understood, and one that asks for several ranges, is answered with the whole object).
 */
import { invalidArgument, s3Error } from './errors.ts';

/** Bytes `from` (inclusive) to `to` (exclusive). */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The bytes that a Range header asks for; undefined means all of them.
 * @throws AwsError InvalidRange when none of what it asks for is there
 */
export function requestedRange(header: string | undefined, size: number): ByteRange | undefined {
  const parts = header === undefined ? null : RANGE.exec(header.trim());
  if (parts === null) return undefined;
  const [, first = '', last = ''] = parts;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Number(last);
    if (length === 0 || size === 0) throw invalidRange(header!, size);
    return { from: Math.max(0, size - length), to: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return undefined;
  if (from >= size) throw invalidRange(header!, size);
  return { from, to: last === '' ? size : Math.min(size, Number(last) + 1) };
}

/**
 * The bytes of the source that UploadPartCopy asks for: both ends are named, and within the source.
 * @throws AwsError InvalidArgument
 */
export function copiedRange(header: string, size: number): ByteRange {
  const parts = COPY_RANGE.exec(header);
  const [from, last] = [Number(parts?.[1]), Number(parts?.[2])];
  if (parts === null || last < from) throw invalidCopyRange(COPY_RANGE_FORM, header);
  if (last >= size) throw invalidCopyRange(`Range specified is not valid for source object of size: ${size}`, header);
  return { from, to: last + 1 };
}

/** As the Content-Range header says it. */
export const contentRange = ({ from, to }: ByteRange, size: number): string => `bytes ${from}-${to - 1}/${size}`;

const invalidRange = (header: string, size: number) =>
  s3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: size });

const invalidCopyRange = (message: string, header: string) =>
  invalidArgument(message, 'x-amz-copy-source-range', header);

const RANGE = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)$/i;
const COPY_RANGE = /^bytes=(\d{1,15})-(\d{1,15})$/;
const COPY_RANGE_FORM =
  'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
