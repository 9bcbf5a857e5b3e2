/** The imports of a source file, and where they lead. */
import { dirname, join } from 'node:path/posix';
import type { Source } from './repository.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone before the code runs: `import type`, `export type`, `typeof import(...)`. */
  readonly typeOnly: boolean;
}

const STATIC =
  /^[ \t]*(?:import|export)\b(\s+type\b(?!\s*(?:,|from\b)))?\s*(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^{}]*\})?\s*\bfrom\s*'([^'\n]+)'/gm;
const FOR_EFFECT = /^[ \t]*import\s*'([^'\n]+)'/gm;
const DYNAMIC = /(\btypeof\s+|\bawait\s+)?\bimport\(\s*'([^'\n]+)'\s*\)(\s*\.\s*[A-Z])?/g;

export function importsOf({ code, uncommented }: Source): readonly Import[] {
  const found: Import[] = [];
  const add = (index: number, specifier: string, typeOnly: boolean) => {
    const keyword = index + uncommented.slice(index).search(/\S/);
    // The keyword must stand in code, not in a string that shows some.
    if (/\S/.test(code[keyword] ?? '')) found.push({ specifier, line: lineAt(code, keyword), typeOnly });
  };
  for (const match of uncommented.matchAll(STATIC)) add(match.index, match[2]!, match[1] !== undefined);
  for (const match of uncommented.matchAll(FOR_EFFECT)) add(match.index, match[1]!, false);
  for (const match of uncommented.matchAll(DYNAMIC)) {
    const [, before = '', specifier, member] = match;
    add(match.index, specifier!, before.startsWith('typeof') || (before === '' && member !== undefined));
  }
  return found;
}

export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** `@scope/name` or `name` of a bare specifier. */
export const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The file a relative specifier names, from the root of the repository. */
export const relativeTarget = (from: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? join(dirname(from), specifier) : undefined;
