/** JSON bodies. */
import { MalformedInput } from '../aws-error.ts';
import { utf8Text } from './utf8-text.ts';

const DEPTH_MAX = 200;

/**
 * Parses a JSON body. The depth is measured before parsing, because a deep value would exhaust the stack of the readers
 * that walk it.
 */
export function parseJson(body: Buffer): unknown {
  const text = utf8Text(body);
  if (tooDeep(text)) throw new MalformedInput('The request body is nested too deeply.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedInput('The request body is not valid JSON.', { cause });
  }
}

function tooDeep(text: string): boolean {
  // Short bodies cannot be deep; this spares most requests the walk.
  if (text.length < 2 * DEPTH_MAX) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > DEPTH_MAX) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}
