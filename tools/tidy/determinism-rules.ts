/** Where time, chance and the outside world may enter: through arguments that `main.ts` passes, and nowhere else. */
import { lineAt, relativeTarget } from './imports.ts';
import { type Finding, isTestCode, type Repository, type SourceFile } from './repository.ts';

/** Time and chance, as a program reaches them without being given them. */
const ENTROPY =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\)|\bperformance\b|\bhrtime\b|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\bcrypto\.(?:get)?random\w*|\brandom(?:UUID|Bytes|FillSync)\b/g;

const SYSTEM = /\bsystem(?:Clock|Random)\b/g;

/** Answers that depend on the machine: its environment, its language. */
const SURROUNDINGS = /\bprocess\b|\blocaleCompare\b|\btoLocale\w+|\bIntl\b/g;

/** Parts of Node that compute and do nothing else. */
const PURE_NODE = new Set(['node:assert', 'node:buffer', 'node:crypto', 'node:util', 'node:zlib']);

/** Code that decides state: every replica must compute the same. */
export const decidesState = (path: string): boolean =>
  !isTestCode(path) &&
  (/\/state\.ts$|^packages\/identity\/src\/iam\//.test(path) ||
    /^packages\/replicated-state\/src\/(?:applier|envelope|remembered-commands|snapshot)\.ts$/.test(path));

/** What decides state has no clock, no chance and no I/O, and neither has anything of its package that it runs. */
export function stateIsPure({ sources }: Repository, allowed: Readonly<Record<string, string>>): Finding[] {
  const byPath = new Map(sources.map(source => [source.path, source]));
  const reached = new Set<SourceFile>();
  const visit = (file: SourceFile | undefined) => {
    if (file === undefined || reached.has(file)) return;
    reached.add(file);
    for (const { specifier, typeOnly } of file.imports) {
      const target = relativeTarget(file.path, specifier);
      if (!typeOnly && target !== undefined) visit(byPath.get(target));
    }
  };
  sources.filter(({ path }) => decidesState(path)).forEach(visit);
  return [...reached].flatMap(file => [
    ...[ENTROPY, SYSTEM, SURROUNDINGS].flatMap(pattern =>
      occurrences(file, pattern, found => `${found} in code that decides state`),
    ),
    ...file.imports
      .filter(({ specifier, typeOnly }) => !typeOnly && specifier.startsWith('node:') && !PURE_NODE.has(specifier))
      .filter(({ specifier }) => !(`${file.path} ${specifier}` in allowed))
      .map(({ specifier, line }) => ({ path: file.path, line, text: `${specifier} in code that decides state` })),
  ]);
}

/** Where the clock is made, where processes begin, and the world, which is the physics that zones live in. */
const CLOCK_DOORS = /^packages\/base\/|(?:^|\/)main\.ts$|^infra\/region\/src\/world\//;

/** Time and chance outside the doors; `allowed` names files with the reason why they may. */
export function clockEntersByTheDoor({ sources }: Repository, allowed: Readonly<Record<string, string>>): Finding[] {
  const outside = sources.filter(({ path }) => !CLOCK_DOORS.test(path) && !isTestCode(path));
  const findings = outside.flatMap(file =>
    [ENTROPY, SYSTEM].flatMap(pattern =>
      occurrences(file, pattern, found => `${found} outside main.ts, the world and tests: take a Clock or a Random`),
    ),
  );
  const needless = Object.keys(allowed)
    .filter(path => !findings.some(finding => finding.path === path))
    .map(path => ({ path, line: 1, text: 'is allowed to use the clock and does not: take it off the list' }));
  return [...findings.filter(({ path }) => !(path in allowed)), ...needless];
}

function occurrences(file: SourceFile, pattern: RegExp, say: (found: string) => string): Finding[] {
  return [...file.code.matchAll(pattern)].map(match => ({
    path: file.path,
    line: lineAt(file.code, match.index),
    text: say(match[0]),
  }));
}
