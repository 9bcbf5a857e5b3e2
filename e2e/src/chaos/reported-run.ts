/** A run that leaves its report behind, and says where. */
import type { Entry } from './history.ts';
import { ReportFolder } from './report/report-folder.ts';
import { runScenario, type ScenarioReport, type ScenarioRun } from './run-scenario.ts';

/** Like `runScenario`; `folder` is where reports of runs are kept, the usual place unless given. */
export async function reportedRun(
  run: Omit<ScenarioRun, 'keep'>,
  folder?: string,
): Promise<{ readonly report: ScenarioReport; readonly entries: readonly Entry[]; readonly path: string }> {
  const { name } = run.scenario;
  const reports = new ReportFolder(`${name}-${run.target.stage}-${run.seed}`, folder);
  process.stdout.write(`${name}: history and report in ${reports.path}\n`);
  const { report, history } = await runScenario({ ...run, keep: reports.keep });
  reports.write(report, history.entries);
  return { report, entries: history.entries, path: reports.path };
}
