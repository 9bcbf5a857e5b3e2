/** Tags of objects: those of the `x-amz-tagging` header, and the limits that all of them have. */
import { invalidArgument, s3Problem } from '../errors.ts';

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads `a=1&b=2`.
 * @throws AwsError InvalidArgument, InvalidTag, BadRequest
 */
export function taggingHeader(header: string | undefined): readonly ObjectTag[] {
  if (header === undefined || header === '') return [];
  const tags = header.split('&').map(pair => {
    const at = pair.indexOf('=');
    const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return { key: decoded(key, header), value: decoded(value, header) };
  });
  if (new Set(tags.map(({ key }) => key)).size < tags.length) throw badHeader(header);
  return checkedTags(tags);
}

/** @throws AwsError InvalidTag, BadRequest when there are more than ten */
export function checkedTags(tags: readonly ObjectTag[]): readonly ObjectTag[] {
  if (tags.length > TAGS_MAX) throw s3Problem('BadRequest', `Object tags cannot be greater than ${TAGS_MAX}`);
  return wellFormedTags(tags);
}

/** @throws AwsError InvalidTag */
export function wellFormedTags(tags: readonly ObjectTag[]): readonly ObjectTag[] {
  const keys = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '' || key.length > KEY_MAX || !TEXT.test(key))
      throw s3Problem('InvalidTag', 'The TagKey you have provided is invalid', { TagKey: key });
    if (value.length > VALUE_MAX || !TEXT.test(value))
      throw s3Problem('InvalidTag', 'The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    if (keys.has(key)) throw s3Problem('InvalidTag', 'Cannot provide multiple Tags with the same key', { TagKey: key });
    if (key.startsWith('aws:')) throw s3Problem('InvalidTag', 'System tags cannot be added/updated by requester');
    keys.add(key);
  }
  return tags;
}

function decoded(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badHeader(header);
  }
}

const badHeader = (header: string) =>
  invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    'x-amz-tagging',
    header,
  );

const TAGS_MAX = 10;
const KEY_MAX = 128;
const VALUE_MAX = 256;
/** Letters, digits, spaces, and a few signs ("Tagging objects", Amazon S3 User Guide). */
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
