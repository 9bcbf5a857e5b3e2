/**
 * Policy variables: `${aws:username}`, with a default as `${aws:PrincipalTag/team, 'none'}`, and the escapes `${*}`,
 * `${?}` and `${$}` for the characters themselves. Text is cut into segments once; a request only fills in the values.
 */
import { pushLiteral, pushPattern, type Tokens } from './patterns.ts';
import type { RequestContext } from './request-context.ts';

type Segment =
  | { readonly kind: 'pattern'; readonly text: string }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined };

export interface Template {
  /** Without variables the template is the same for every request and can be compiled once. */
  readonly constant: boolean;
  readonly segments: readonly Segment[];
}

const VARIABLE = /\$\{([^}]*)\}/g;
const WITH_DEFAULT = /^([^,]+),\s*'([^']*)'\s*$/;
const ESCAPED = new Set(['*', '?', '$']);

/** `variables` is false for documents of version 2008-10-17, in which `${` has no meaning. */
export function parseTemplate(text: string, variables: boolean): Template {
  if (!variables || !text.includes('${')) return { constant: true, segments: [{ kind: 'pattern', text }] };
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > from) segments.push({ kind: 'pattern', text: text.slice(from, match.index) });
    segments.push(parseVariable(match[1]!));
    from = match.index + match[0].length;
  }
  if (from < text.length) segments.push({ kind: 'pattern', text: text.slice(from) });
  return { constant: segments.every(segment => segment.kind !== 'variable'), segments };
}

function parseVariable(body: string): Segment {
  if (ESCAPED.has(body)) return { kind: 'literal', text: body };
  const withDefault = WITH_DEFAULT.exec(body);
  const name = withDefault === null ? body : withDefault[1]!;
  return { kind: 'variable', key: name.trim().toLowerCase(), fallback: withDefault?.[2] };
}

/**
 * Resources know variables only behind the fifth colon: an ARN with one before it means no resource at all (IAM User
 * Guide, "Where you can use policy variables").
 */
export function hasVariableInArnHead(text: string): boolean {
  if (!text.includes('${')) return false;
  let colons = 0;
  for (const piece of text.split(/(\$\{[^}]*\})/)) {
    if (piece.startsWith('${') && piece.endsWith('}')) return colons < 5;
    for (const character of piece) if (character === ':') colons++;
    if (colons >= 5) return false;
  }
  return false;
}

/** The value of a segment; undefined when its variable has none, and then the text it stands in matches nothing. */
function segmentText(segment: Segment, context: RequestContext): string | undefined {
  if (segment.kind !== 'variable') return segment.text;
  const value = context.get(segment.key);
  // Multivalued keys cannot stand in a variable: which of the values would be meant?
  return typeof value === 'string' ? value : segment.fallback;
}

/** What every text that matches the template begins with, whatever the request. */
export function literalPrefix(template: Template): string {
  const first = template.segments[0];
  return first?.kind === 'pattern' ? /^[^*?]*/.exec(first.text)![0] : '';
}

/** The template as a pattern. Wildcards inside a variable's value are plain characters. */
export function templateTokens(template: Template, context: RequestContext): Tokens | undefined {
  const tokens: number[] = [];
  for (const segment of template.segments) {
    const value = segmentText(segment, context);
    if (value === undefined) return undefined;
    if (segment.kind === 'pattern') pushPattern(tokens, value);
    else pushLiteral(tokens, value);
  }
  return tokens;
}

/** The values of the variables of the template, in their order. */
export function templateValues(template: Template, context: RequestContext): readonly string[] | undefined {
  const values: string[] = [];
  for (const segment of template.segments) {
    if (segment.kind !== 'variable') continue;
    const value = segmentText(segment, context);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** The template as plain text, for operators that know no wildcards. */
export function templateText(template: Template, context: RequestContext): string | undefined {
  let text = '';
  for (const segment of template.segments) {
    const value = segmentText(segment, context);
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}
