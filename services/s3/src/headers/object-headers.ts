/** The headers that an object keeps and gives back: what HTTP knows of it, and what its owner added. */
import { invalidArgument, s3Error } from '../errors.ts';
import type { UploadHead } from './header-value.ts';

/** System headers by lower-case names; absent ones are not kept. */
export type SystemHeaders = Readonly<Record<string, string>>;
/** User metadata by lower-case names, without `x-amz-meta-`. */
export type UserMetadata = Readonly<Record<string, string>>;

export interface ObjectHeaders {
  readonly headers: SystemHeaders;
  readonly metadata: UserMetadata;
}

/** @throws AwsError MetadataTooLarge, InvalidArgument */
export const uploadedHeaders = (head: UploadHead): ObjectHeaders => ({
  headers: systemHeaders(head),
  metadata: userMetadata(head),
});

function systemHeaders({ header }: UploadHead): SystemHeaders {
  const kept: Record<string, string> = {};
  for (const name of SYSTEM_HEADERS) {
    const value = name === 'content-encoding' ? contentEncoding(header(name)) : header(name);
    if (value !== undefined && value !== '') kept[name] = value;
  }
  kept['content-type'] ??= DEFAULT_TYPE;
  return kept;
}

/** `aws-chunked` says how the upload came, and nothing about the object. */
function contentEncoding(value: string | undefined): string | undefined {
  if (value === undefined || !/aws-chunked/i.test(value)) return value;
  const others = value.split(',').map(each => each.trim());
  return others.filter(each => each !== '' && each.toLowerCase() !== 'aws-chunked').join(',');
}

function userMetadata({ header, names }: UploadHead): UserMetadata {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const each of names) {
    const name = each.toLowerCase();
    if (!name.startsWith(META) || name.length === META.length) continue;
    if (!TOKEN.test(name)) throw invalidArgument('The name of a metadata header is not valid.', each, '');
    const value = header(each) ?? '';
    metadata[name.slice(META.length)] = value;
    // Header values are bytes written as characters.
    size += name.length - META.length + value.length;
  }
  if (size > METADATA_BYTES_MAX) throw s3Error('MetadataTooLarge', { Size: size, MaxSizeAllowed: METADATA_BYTES_MAX });
  return metadata;
}

/** What may be the name of a header (RFC 9110, 5.6.2): names of form fields may be anything. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const META = 'x-amz-meta-';
const METADATA_BYTES_MAX = 2048;
const DEFAULT_TYPE = 'binary/octet-stream';
const SYSTEM_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
] as const;
