/** What a checker is: it reads a history and says what it proves. */
import type { Entry } from '../history.ts';
import type { Scenario } from '../scenario.ts';

/** `unknown`: the history is too poor, or too hard, to say. */
export type Verdict = 'valid' | 'invalid' | 'unknown';

export interface Finding {
  readonly checker: string;
  readonly verdict: Verdict;
  /** What contradicts the contract, or what could not be told; the first few. */
  readonly problems: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

export type Checker = (entries: readonly Entry[], scenario: Pick<Scenario, 'mayFail'>) => Finding;

const PROBLEMS_MAX = 10;
const PROBLEM_CHARACTERS_MAX = 1000;

/** Invalid when there are problems; unknown when there was nothing to check. */
export function finding(
  checker: string,
  checked: number,
  problems: readonly string[],
  figures: Readonly<Record<string, number>>,
): Finding {
  const some = problems.slice(0, PROBLEMS_MAX).map(text => text.slice(0, PROBLEM_CHARACTERS_MAX));
  if (problems.length > 0) return { checker, verdict: 'invalid', problems: some, figures };
  if (checked > 0) return { checker, verdict: 'valid', problems: [], figures };
  return { checker, verdict: 'unknown', problems: ['there was nothing to check'], figures };
}

/** One bad finding spoils a run; without one, a doubtful one makes it doubtful. */
export function overall(findings: readonly Finding[]): Verdict {
  if (findings.some(({ verdict }) => verdict === 'invalid')) return 'invalid';
  return findings.some(({ verdict }) => verdict === 'unknown') || findings.length === 0 ? 'unknown' : 'valid';
}
