/** Replays one seed of the region simulation and tells its story: `npm run replay -- SEED [BUG] [-v]`. */
import type { PlantedBug } from './sim-region.ts';
import { simulate } from './sim-run.ts';

const [seed = '1', bug = 'none'] = process.argv.slice(2).filter(word => !word.startsWith('-'));
const report = await simulate(Number(seed), bug as PlantedBug, process.argv.includes('-v'));
process.stdout.write(`${report.faults.join('\n')}\n\n${report.calls} calls, ${report.failed} failed after retries\n`);
process.stdout.write(
  report.violations.length === 0 ? 'No violation.\n' : `VIOLATIONS\n${report.violations.join('\n')}\n`,
);
process.exit(report.violations.length === 0 ? 0 : 1);
