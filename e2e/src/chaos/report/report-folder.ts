/**
 * Where a run leaves what it saw: the history as JSON lines while it happens, then a report as Markdown and JSON with its
 * picture. `$STORMGLASS_CHAOS_REPORTS`, or a folder of the system's temporary ones.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '../history.ts';
import { faultSpans } from '../history.ts';
import type { ScenarioReport } from '../run-scenario.ts';
import { markdown } from './markdown.ts';
import { plot } from './plot.ts';
import { perSecond } from './series.ts';

const usualFolder = (): string => process.env.STORMGLASS_CHAOS_REPORTS || join(tmpdir(), 'stormglass-chaos');

export class ReportFolder {
  readonly path: string;

  /** A folder of this run's own, named after what runs and where; one of the same name is written over. */
  constructor(name: string, parent: string = usualFolder()) {
    this.path = join(parent, name);
    mkdirSync(this.path, { recursive: true });
    writeFileSync(join(this.path, 'history.jsonl'), '');
  }

  /** Takes a line of the history. */
  keep = (line: string): void => appendFileSync(join(this.path, 'history.jsonl'), line);

  write(report: ScenarioReport, entries: readonly Entry[]): void {
    const title = `${report.scenario} (${report.stage}): ${report.verdict}`;
    const details = { ...report, faults: faultSpans(entries), seconds: perSecond(entries) };
    writeFileSync(join(this.path, 'report.json'), `${JSON.stringify(details, undefined, 2)}\n`);
    writeFileSync(join(this.path, 'report.md'), markdown(report, entries, 'plot.svg'));
    writeFileSync(join(this.path, 'plot.svg'), plot(title, entries));
  }
}
