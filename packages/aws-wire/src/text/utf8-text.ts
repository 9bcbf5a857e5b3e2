/** The bytes of a form body as text. */
import { isAscii, isUtf8 } from 'node:buffer';
import { MalformedInput } from '../aws-error.ts';

/** Decodes UTF-8 and refuses anything else, where `toString` would put replacement characters. */
export function utf8Text(body: Buffer): string {
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) throw new MalformedInput('The request body is not valid UTF-8.');
  return body.toString('utf8');
}
