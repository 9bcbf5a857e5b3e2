/** Query strings of REST requests. */
import { MalformedInput } from '../aws-error.ts';

const PARAMETERS_MAX = 1000;

/** Names and values in the order of the request; a name may occur several times. */
export function parseQuery(query: string): Map<string, string[]> {
  const out = new Map<string, string[]>();
  if (query === '') return out;
  const pairs = query.split('&');
  if (pairs.length > PARAMETERS_MAX) throw new MalformedInput('Too many query parameters.');
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeSegment(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decodeSegment(pair.slice(equals + 1).replaceAll('+', ' '));
    const known = out.get(name);
    if (known === undefined) out.set(name, [value]);
    else known.push(value);
  }
  return out;
}

/** Decodes one percent-encoded part of a URI; a plus sign stays what it is. */
export function decodeSegment(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new MalformedInput("Couldn't parse the specified URI.", { cause });
  }
}
