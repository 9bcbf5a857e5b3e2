/** Wildcards, variables and ARNs for the naive evaluator, by regular expressions. */
import type { ContextValue } from '../request-context.ts';

/** Keys in lower case. */
export type ReferenceContext = ReadonlyMap<string, ContextValue>;

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `*` and `?` in a text without variables. */
export const wildcardLike = (pattern: string, text: string): boolean =>
  new RegExp(`^${quote(pattern).replaceAll('\\*', '[^]*').replaceAll('\\?', '[^]')}$`).test(text);

/** What `${...}` stands for; undefined when the request has no single value for it. */
function standsFor(body: string, context: ReferenceContext): string | undefined {
  if (body === '*' || body === '?' || body === '$') return body;
  const [, key, fallback] = /^([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(body)!;
  const value = context.get(key!.trim().toLowerCase());
  return typeof value === 'string' ? value : fallback;
}

/** The text with its variables filled in; undefined when one of them cannot be. */
export function filled(text: string, variables: boolean, context: ReferenceContext): string | undefined {
  if (!variables) return text;
  const bodies = [...text.matchAll(/\$\{([^}]*)\}/g)].map(match => match[1]!);
  if (bodies.some(body => standsFor(body, context) === undefined)) return undefined;
  return text.replace(/\$\{([^}]*)\}/g, (_, body: string) => standsFor(body, context)!);
}

/** Wildcards outside of variables; what variables stand for is matched as it is. */
export function like(pattern: string, text: string, variables: boolean, context: ReferenceContext): boolean {
  if (filled(pattern, variables, context) === undefined) return false;
  const pieces = variables ? pattern.split(/(\$\{[^}]*\})/) : [pattern];
  const source = pieces.map(piece =>
    variables && /^\$\{[^}]*\}$/.test(piece)
      ? quote(standsFor(piece.slice(2, -1), context)!)
      : quote(piece).replaceAll('\\*', '[^]*').replaceAll('\\?', '[^]'),
  );
  return new RegExp(`^${source.join('')}$`).test(text);
}

/** "Each of the six colon-delimited components of the ARN is checked separately." */
export function arnLike(pattern: string, text: string, variables: boolean, context: ReferenceContext): boolean {
  // A value may bring colons of its own, and the name of a variable has one: they separate nothing.
  const marked = variables ? pattern.replace(/\$\{[^}]*\}/g, whole => whole.replaceAll(':', '\u0000')) : pattern;
  const components = sixOf(marked)?.map(component => component.replaceAll('\u0000', ':'));
  if (components === undefined) return like(pattern, text, variables, context);
  const actual = sixOf(text);
  return actual !== undefined && components.every((component, i) => like(component, actual[i]!, variables, context));
}

function sixOf(text: string): readonly string[] | undefined {
  const parts = text.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
