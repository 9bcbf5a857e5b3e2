/** A run for people to read: the verdict, what was broken when, what each checker found, and the picture. */
import type { Entry } from '../history.ts';
import { faultSpans } from '../history.ts';
import type { ScenarioReport } from '../run-scenario.ts';

const SIGNS = { valid: 'valid', invalid: '**INVALID**', unknown: '*unknown*' } as const;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');

/** `picture`: a name beside the report. */
export function markdown(report: ScenarioReport, entries: readonly Entry[], picture: string): string {
  const { scenario, hypothesis, stage, seed, durationMs, verdict, findings } = report;
  const figures = (each: Readonly<Record<string, number>>) =>
    Object.entries(each)
      .map(([name, value]) => `${name} ${Math.round(value * 1000) / 1000}`)
      .join(', ');
  const problems = findings.flatMap(({ checker, problems: each }) =>
    each.map(problem => `- ${checker}: ${inOneLine(problem)}`),
  );
  return [
    `# ${scenario}: ${verdict}`,
    '',
    `${hypothesis}`,
    '',
    `On ${stage}, seed ${seed}, ${seconds(durationMs)}.`,
    '',
    `![Operations a second, latency and zones over time](${picture})`,
    '',
    '## Faults',
    '',
    '| From | Until | What |',
    '| ---: | ----: | ---- |',
    ...faultSpans(entries).map(
      ({ from, until, what }) => `| ${seconds(from)} | ${seconds(until)} | ${inOneLine(what)} |`,
    ),
    '',
    '## Findings',
    '',
    '| Checker | Verdict | Figures |',
    '| ------- | ------- | ------- |',
    ...findings.map(each => `| ${each.checker} | ${SIGNS[each.verdict]} | ${figures(each.figures)} |`),
    ...(problems.length === 0 ? [] : ['', '## Problems', '', ...problems]),
    '',
  ].join('\n');
}
