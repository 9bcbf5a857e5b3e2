/** What every file looks like: its name, its header, its length, and words that do not belong in it. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path/posix';
import { lineAt } from './imports.ts';
import type { Finding, Repository, SourceFile, TextFile } from './repository.ts';

const LINES_MAX = 400;

/** `create-role.ts`, `create-role.e2e.test.ts`. */
export const namesAreKebabCase = ({ sources }: Repository): Finding[] =>
  sources
    .filter(({ path }) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*\.ts$/.test(basename(path)))
    .map(({ path }) => ({ path, line: 1, text: 'file names are kebab-case' }));

/** The first thing in a file says why it exists; a test's name says it for the test. */
export const sourcesHaveHeaders = ({ sources }: Repository): Finding[] =>
  sources
    .filter(({ path, text }) => !path.endsWith('.test.ts') && !/^(?:#![^\n]*\n)?(?:\/\*\*|\/\/)/.test(text))
    .map(({ path }) => ({ path, line: 1, text: 'does not open with a comment that says why it exists' }));

/** `longer` names files with the reason why they are longer. */
export function filesAreShort({ sources }: Repository, longer: Readonly<Record<string, string>>): Finding[] {
  const lengths = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
  const tooLong = lengths.filter(({ lines }) => lines > LINES_MAX).map(({ path, lines }) => ({ path, lines }));
  return [
    ...tooLong
      .filter(({ path }) => !(path in longer))
      .map(({ path, lines }) => ({ path, line: LINES_MAX + 1, text: `has ${lines} lines, more than ${LINES_MAX}` })),
    ...Object.keys(longer)
      .filter(path => !tooLong.some(each => each.path === path))
      .map(path => ({ path, line: 1, text: 'is allowed to be long and is not: take it off the list' })),
  ];
}

/** `any` as a type. */
export const noAny = ({ sources }: Repository): Finding[] =>
  sources.flatMap(file =>
    matches(file, file.code, /(?::|\bas|[<,|&])\s*any\b(?!\s*[:(])/g, () => '`any`: say what it is'),
  );

/** Comments that switch the compiler off, and tests that are not run, or run alone. */
export const nothingIsSwitchedOff = ({ sources }: Repository): Finding[] =>
  sources.flatMap(file => [
    ...matches(file, commentsOf(file), /@ts-(?:ignore|nocheck)\b/g, found => `${found}: mend the type`),
    ...matches(file, file.code, /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo)\b/g, found => found),
  ]);

/** Work that is left is done, or stands in an issue. */
export const nothingIsLeftForLater = ({ sources }: Repository): Finding[] =>
  sources.flatMap(file =>
    matches(file, commentsOf(file), /\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b/g, found => `${found} in a comment`),
  );

/** Folders of one machine: of its users, or of where this was checked out. */
export const noMachinePaths = ({ texts }: Repository): Finding[] =>
  texts.flatMap(file =>
    matches(
      file,
      file.text,
      /(?<![\w.}:*-])\/(?:work|root|home|Users)\/[\w.-]/g,
      found => `${found}...: a path of one machine`,
    ),
  );

/** Where packages come from is a setting of the machine; `.npmrc` and files of the repository leave it open. */
export const noRegistryHosts = ({ texts }: Repository): Finding[] =>
  texts.flatMap(file =>
    matches(
      file,
      file.text,
      /\b(?:registry|mirror|mirrors|artifacts?|nexus|artifactory|pypi|deb|proxy)\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|io|dev|cloud|internal|local)\b|^\s*(?:@[\w-]+:)?registry\s*=/gm,
      found => `${found.trim()}: where packages come from is not ours to say`,
    ),
  );

/**
 * A repository is about the software. Words about who or what wrote it are no subject of it; they are kept as digests,
 * or this file would break its own rule. Single words and pairs are looked up, in lower case.
 */
const OFF_SUBJECT: ReadonlySet<string> = new Set([
  '053ea4804ef1bb33',
  '31a85e22a24a7a4f',
  '32e83e92d45d71f6',
  '386ebc0efd04339a',
  '3ea125d0bff386e6',
  '43b18044d9ed67ff',
  '442e56863b7e9cf8',
  '48207d2d39715bf2',
  '487b91042c7cf27a',
  '49a4617f1d95efd2',
  '549eb0447cc9d1d1',
  '57de4cf40144bdf7',
  '5d72436256ada538',
  '5eff592cc497fccb',
  '60965168ce762e94',
  '7d3194f79e645c42',
  '8c70b25cbbbe8e79',
  '94a168d2da574b00',
  'a39a7ffad4a3013f',
  'c403f76eef4774c2',
  'c70eca6b0f88f44d',
  'c857d09db23e6822',
  'd298391b07433318',
  'de2187af3fb01170',
  'e9acff1bccde0d17',
  'ee662f0a4316976d',
  'eea82f53ecaed277',
]);

const digest = (words: string): string => createHash('sha256').update(words).digest('hex').slice(0, 16);

export function staysOnItsSubject(
  { texts }: Repository,
  isForbidden = (words: string) => OFF_SUBJECT.has(digest(words)),
): Finding[] {
  const known = new Map<string, boolean>();
  const forbidden = (words: string) => {
    const seen = known.get(words) ?? isForbidden(words);
    known.set(words, seen);
    return seen;
  };
  return texts.flatMap(file => {
    const words = [...file.text.matchAll(/[A-Za-z]+/g)];
    return words.flatMap((match, i) => {
      const word = match[0].toLowerCase();
      const next = words[i + 1];
      const isPair = next !== undefined && /^\s+$/.test(file.text.slice(match.index + word.length, next.index));
      const found = [word, ...(isPair ? [`${word} ${next[0].toLowerCase()}`] : [])].find(forbidden);
      if (found === undefined) return [];
      return [{ path: file.path, line: lineAt(file.text, match.index), text: `"${found}": not the subject here` }];
    });
  });
}

/** What `uncommented` lacks of the text. */
function commentsOf({ text, uncommented }: SourceFile): string {
  let comments = '';
  for (let i = 0; i < text.length; i++) comments += text[i] === uncommented[i] && text[i] !== '\n' ? ' ' : text[i];
  return comments;
}

const matches = (file: TextFile, text: string, pattern: RegExp, say: (found: string) => string): Finding[] =>
  [...text.matchAll(pattern)].map(match => ({
    path: file.path,
    line: lineAt(text, match.index),
    text: say(match[0]),
  }));
