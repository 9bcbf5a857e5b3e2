/** `x-amz-copy-source`: the object that a copy is made of. */
import { invalidArgument } from '../errors.ts';

export interface CopySourceName {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/**
 * Reads `bucket/key?versionId=...`, percent-encoded, with or without a slash in front.
 * @throws AwsError InvalidArgument
 */
export function copySourceOf(header: string): CopySourceName {
  const question = header.lastIndexOf('?versionId=');
  const [name, versionId] =
    question < 0 ? [header, undefined] : [header.slice(0, question), header.slice(question + '?versionId='.length)];
  const path = decoded(name, header).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1)
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    );
  const source = { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
  if (versionId === undefined) return source;
  if (versionId === '') throw invalidArgument('Version id cannot be the empty string', 'x-amz-copy-source', header);
  return { ...source, versionId: decoded(versionId, header) };
}

function decoded(text: string, header: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('Invalid copy source encoding.', 'x-amz-copy-source', header);
  }
}
