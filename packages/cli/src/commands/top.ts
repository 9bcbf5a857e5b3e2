/** `top`: who called most of late, in the zones asked for, added up. */
import type { ContributorReport } from '@stormglass/contracts';
import { result, table } from '../output.ts';
import { controlOf } from '../region-control.ts';
import { type CommandLine, UsageError } from '../settings.ts';

const ROWS_MAX = 10;

export async function top(line: CommandLine): Promise<number> {
  const answered = await controlOf(line).contributors();
  const silent = line.words.find(zone => !answered.some(report => report.zone === zone));
  if (silent !== undefined) throw new UsageError(`${silent} does not answer, or is no zone of this region`);
  const reports = line.words.length === 0 ? answered : answered.filter(({ zone }) => line.words.includes(zone));
  result(line, reports, () => shown(reports));
  return 0;
}

export function shown(reports: readonly ContributorReport[]): string {
  const [first] = reports;
  if (first === undefined) return 'No zone answers.';
  const sections = Object.keys(first.tables).map(name => {
    const rows = added(reports, name).map(([contributor, calls]) => [contributor, String(calls)]);
    return rows.length === 0 ? undefined : table([name.toUpperCase(), 'CALLS'], rows);
  });
  const zones = reports.map(({ zone }) => zone).join(', ');
  const head = `The last ${first.windowMs / 1000} s in ${zones}`;
  return [head, ...sections.filter(text => text !== undefined)].join('\n\n');
}

function added(reports: readonly ContributorReport[], name: string): [string, number][] {
  const sum = new Map<string, number>();
  for (const { contributor, amount } of reports.flatMap(report => report.tables[name] ?? [])) {
    sum.set(contributor, (sum.get(contributor) ?? 0) + amount);
  }
  return [...sum].sort(([, a], [, b]) => b - a).slice(0, ROWS_MAX);
}
