/**
 * Replays one seed of the region simulation, or of one of its scenarios, and tells its story:
 * `npm run replay -- [SCENARIO] SEED [BUG] [-v]`.
 */
import { SCENARIOS } from '../chaos/scenarios.ts';
import type { PlantedBug } from './sim-region.ts';
import { simulate } from './sim-run.ts';
import { simulateScenario } from './sim-scenario.ts';

const words = process.argv.slice(2).filter(word => !word.startsWith('-'));
const scenario = SCENARIOS.find(({ name }) => name === words[0]);
const [seed = '1', bug = 'none'] = scenario === undefined ? words : words.slice(1);
const isVerbose = process.argv.includes('-v');
const report = await (scenario === undefined
  ? simulate(Number(seed), bug as PlantedBug, isVerbose)
  : simulateScenario(scenario, Number(seed), bug as PlantedBug, isVerbose));
process.stdout.write(`${report.faults.join('\n')}\n\n${report.calls} calls, ${report.failed} failed after retries\n`);
process.stdout.write(
  report.violations.length === 0 ? 'No violation.\n' : `VIOLATIONS\n${report.violations.join('\n')}\n`,
);
process.exit(report.violations.length === 0 ? 0 : 1);
