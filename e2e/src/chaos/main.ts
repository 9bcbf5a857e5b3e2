/**
 * One chaos scenario against a region of its own:
 *
 *     npm run chaos -- SCENARIO [--docker | --compose FILE] [--seconds N] [--seed S] [--report DIR]
 *                      [--pace MS] [--workload NAME[=PROCESSES]]...
 *
 * Prints the verdict and where the report is; ends with 0 when it is valid. Without a scenario it lists them.
 */
import { parseArgs } from 'node:util';
import { errorStory, systemClock } from '@stormglass/base';
import { startRegion } from '@stormglass/test-region';
import type { Stage } from './faults/fault.ts';
import { reportedRun } from './reported-run.ts';
import { runsOn } from './scenario.ts';
import { SCENARIOS, scenarioNamed } from './scenarios.ts';
import { DockerParts } from './targets/docker-parts.ts';
import { regionTarget } from './targets/region-target.ts';
import { WORKLOADS } from './workloads/index.ts';
import type { Workload } from './workloads/workload.ts';

const SECONDS = { min: 5, usual: 30, max: 600 };
const ACCOUNT = '444444444444';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      docker: { type: 'boolean', default: false },
      compose: { type: 'string' },
      seconds: { type: 'string', default: String(SECONDS.usual) },
      seed: { type: 'string', default: '1' },
      report: { type: 'string' },
      pace: { type: 'string', default: '100' },
      workload: { type: 'string', multiple: true, default: [] },
    },
  });
  const [name] = positionals;
  const inDocker = values.docker || values.compose !== undefined;
  const stage: Stage = inDocker ? 'docker' : 'embedded';
  if (name === undefined) {
    for (const scenario of SCENARIOS) {
      const stages = (['simulated', 'embedded', 'docker'] as const).filter(each => runsOn(scenario, each));
      process.stdout.write(`${scenario.name.padEnd(22)}${stages.join(', ')}\n`);
    }
    return 0;
  }
  const scenario = scenarioNamed(name);
  if (!runsOn(scenario, stage)) throw new RangeError(`${name} cannot be had with a region that is ${stage}`);
  const seconds = wholeNumber('--seconds', values.seconds, SECONDS);
  const seed = wholeNumber('--seed', values.seed, { min: 0, max: 2 ** 31 });
  const paceMs = wholeNumber('--pace', values.pace, { min: 0, max: 10_000 });
  const workloads = values.workload.length === 0 ? WORKLOADS : values.workload.map(workloadNamed);
  const parts = inDocker ? await DockerParts.prepare(values.compose) : undefined;
  await using region = await startRegion(parts?.settings);
  const target = regionTarget(region, stage, parts?.kill);
  const { report, path } = await reportedRun(
    {
      ...{ scenario, region, target, workloads, paceMs, seed },
      ...{ clock: systemClock, durationMs: seconds * 1000, account: ACCOUNT },
    },
    values.report,
  );
  for (const { checker, verdict, problems } of report.findings) {
    process.stdout.write(`${verdict.padEnd(9)}${checker}\n${problems.map(text => `         ${text}\n`).join('')}`);
  }
  process.stdout.write(`${name}: ${report.verdict}, ${path}/report.md\n`);
  return report.verdict === 'valid' ? 0 : 1;
}

/** `objects=32`: the workload, with so many processes. */
function workloadNamed(text: string): Workload {
  const [name, processes] = text.split('=');
  const workload = WORKLOADS.find(each => each.name === name);
  if (workload === undefined) {
    throw new RangeError(`there is no workload ${name}; there are ${WORKLOADS.map(each => each.name).join(', ')}`);
  }
  if (processes === undefined) return workload;
  return { ...workload, processes: wholeNumber('--workload', processes, { min: 1, max: 256 }) };
}

function wholeNumber(name: string, text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${name} is a whole number from ${min} to ${max}, not ${text}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${errorStory(error)}\n`);
  process.exitCode = 2;
}
