/** Plays seeds of the simulation of cells: `node services/dynamodb/src/testing/item-sim/replay.ts FIRST [COUNT] [BUG]`. */
import { systemClock } from '@stormglass/base';
import type { PlantedBug } from './planted-bugs.ts';
import { simulateItems } from './sim-run.ts';

const [first = '1', count = '1', bug = 'none'] = process.argv.slice(2);
const EVERY = 100;
let [calls, wrong] = [0, 0];
const beganAt = systemClock.monotonic();
for (let n = 0; n < Number(count); n++) {
  const report = await simulateItems(Number(first) + n, bug as PlantedBug);
  calls += report.calls;
  if (count === '1') process.stdout.write(`${report.faults.join('\n')}\n${report.calls} calls\n`);
  if (report.violations.length > 0) {
    wrong++;
    process.stdout.write(`seed ${report.seed}: ${report.violations.join('\n  ')}\n`);
  }
  if ((n + 1) % EVERY === 0) {
    const ms = { all: systemClock.monotonic() - beganAt, cpu: process.cpuUsage().user / 1000 };
    process.stdout.write(
      `${n + 1} seeds, ${wrong} with violations, ${calls} calls, ${(ms.all / 1000).toFixed(0)} s, ${(ms.cpu / (n + 1)).toFixed(0)} ms of the processor each\n`,
    );
  }
}
process.exitCode = wrong === 0 ? 0 : 1;
