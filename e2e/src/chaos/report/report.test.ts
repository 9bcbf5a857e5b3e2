import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Entry } from '../history.ts';
import type { ScenarioReport } from '../run-scenario.ts';
import { ReportFolder } from './report-folder.ts';
import { longestSilence, perSecond, usualRate } from './series.ts';

const folder = mkdtempSync(join(tmpdir(), 'stormglass-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const call = (from: number, until: number, outcome: 'ok' | 'unknown' = 'ok'): Entry => ({
  ...{ type: 'operation', process: 'p', action: 'read', key: 'k', from, until, outcome },
});
const ENTRIES: readonly Entry[] = [
  ...[call(0, 10), call(0, 30), call(1000, 1010), call(2000, 2020), call(2000, 2040), call(2000, 2900, 'unknown')],
  { type: 'fault', phase: 'begin', id: 0, fault: 'freeze', what: 'use1-az1 freezes | <all>', at: 2100 },
  { type: 'zone', zone: 'use1-az1', state: 'out', at: 2500 },
  call(4000, 4500),
];
const REPORT: ScenarioReport = {
  ...{ scenario: 'freeze', hypothesis: 'Nobody notices.', stage: 'embedded', seed: 7, durationMs: 5000 },
  verdict: 'invalid',
  findings: [{ checker: 'calls', verdict: 'invalid', problems: ['one\nfailed'], figures: { calls: 7, failed: 1 } }],
};

it('counts by the second', () => {
  const seconds = perSecond(ENTRIES);
  expect(seconds.map(({ ok, failed }) => [ok, failed])).toEqual([
    [2, 0],
    [1, 0],
    [2, 1],
    [0, 0],
    [1, 0],
  ]);
  expect(seconds[0]).toEqual({ from: 0, ok: 2, failed: 0, p50Ms: 30, p99Ms: 30 });
  expect(seconds[3]).toMatchObject({ p50Ms: undefined });
  expect(usualRate(seconds, 2100)).toBe(1);
  expect(usualRate(seconds, 500)).toBe(0);
  expect(longestSilence(ENTRIES)).toBe(2460);
});

it('writes history, report and picture', () => {
  const reports = new ReportFolder('freeze', folder);
  for (const entry of ENTRIES) reports.keep(`${JSON.stringify(entry)}\n`);
  reports.write(REPORT, ENTRIES);
  const text = (name: string) => readFileSync(join(reports.path, name), 'utf8');
  expect(
    text('history.jsonl')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toEqual(ENTRIES);
  // A fault that did not end lasts as long as the run.
  const faults = [{ fault: 'freeze', what: 'use1-az1 freezes | <all>', from: 2100, until: 4500 }];
  expect(JSON.parse(text('report.json'))).toMatchObject({ ...REPORT, faults, seconds: { length: 5 } });
  expect(text('report.md')).toContain('| 2.1 s | 4.5 s | use1-az1 freezes \\| <all> |');
  expect(text('report.md')).toContain('- calls: one failed');
  expect(text('plot.svg')).toContain('1: use1-az1 freezes | &lt;all>');
  expect(text('plot.svg')).not.toMatch(/NaN|Infinity|undefined/);
});

it('draws a run in which nothing happened', () => {
  const reports = new ReportFolder('nothing', folder);
  reports.write({ ...REPORT, findings: [] }, []);
  expect(readFileSync(join(reports.path, 'plot.svg'), 'utf8')).not.toMatch(/NaN|Infinity|undefined/);
});
