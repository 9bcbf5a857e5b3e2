/** XML text that survives every parser, including line ends that a parser would otherwise change. */

const SPECIAL = /[&<>"'\r\n\u0085\u2028]/;
const SPECIAL_ALL = /[&<>"'\r\n\u0085\u2028]/g;
// Characters that XML 1.0 cannot hold in any form. AWS sends them as they are; we leave them out, so that clients with
// a strict parser can read the answer at all.
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const HAS_FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const NAMED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const escapeCharacter = (c: string): string => NAMED[c] ?? `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`;

/** Escapes text for element content and for attribute values in double quotes. */
export function escapeXml(text: string): string {
  const allowed = HAS_FORBIDDEN.test(text) ? text.replace(FORBIDDEN, '') : text;
  return SPECIAL.test(allowed) ? allowed.replace(SPECIAL_ALL, escapeCharacter) : allowed;
}
