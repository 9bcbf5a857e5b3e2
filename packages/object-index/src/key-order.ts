/** The order of keys: by the bytes of their UTF-8, which is the order of code points and not that of JavaScript. */

const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, last: 0xdfff };

/** The least text that is greater than `text`. */
export const after = (text: string): string => `${text}\0`;

/** The least text that is greater than all that begin with `prefix`; undefined if there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const lastUnit = prefix.charCodeAt(prefix.length - 1);
  if (lastUnit < 0x7f) return prefix.slice(0, -1) + String.fromCharCode(lastUnit + 1);
  const points = Array.from(prefix, character => character.codePointAt(0)!);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are no characters of their own: UTF-8 has nothing between U+D7FF and U+E000.
  const next = last + 1 === SURROGATES.first ? SURROGATES.last + 1 : last + 1;
  return String.fromCodePoint(...points, next);
}

/** Whichever text comes later. */
export function later(a: string, b: string): string {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 ? b : a;
}
