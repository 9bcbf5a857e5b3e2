/** XML text that survives every parser, including line ends that a parser would otherwise change. */

const ODD = /[\0-\x1f&<>"'\u0085\u2028\ufffe\uffff]/;

const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** What stands for a character, by its code; undefined where it stands for itself. */
function entityOf(code: number): string | undefined {
  if (code < ENTITIES.length) return ENTITIES[code];
  if (code === 0x85 || code === 0x2028) return referenceTo(code);
  return code >= 0xfffe ? '' : undefined;
}

const referenceTo = (code: number): string => `&#x${code.toString(16).toUpperCase()};`;

// Characters that XML 1.0 cannot hold in any form. AWS sends them as they are; we leave them out, so that clients with
// a strict parser can read the answer at all.
const ENTITIES: readonly (string | undefined)[] = Array.from({ length: 64 }, (_, code) => {
  if (code === 0x0d || code === 0x0a) return referenceTo(code);
  return code < 0x20 && code !== 0x09 ? '' : named[String.fromCharCode(code)];
});

/** Escapes text for element content and for attribute values in double quotes. */
export function escapeXml(text: string): string {
  if (!ODD.test(text)) return text;
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const entity = entityOf(text.charCodeAt(at));
    if (entity === undefined) continue;
    out += text.slice(from, at) + entity;
    from = at + 1;
  }
  return out + text.slice(from);
}
