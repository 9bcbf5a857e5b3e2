/**
 * A test process that takes no leave of its region: prints the region's status, then hangs (`hang`), throws (`throw`), or
 * has nothing left to do (`end`).
 */
import { startRegion } from '@stormglass/test-region';

const region = await startRegion();
// Frozen hosts do not notice by themselves that their world is gone.
await region.zone('use1-az3').fail({ mode: 'freeze' });
process.stdout.write(`${JSON.stringify(await region.status())}\n`);
if (process.argv[2] === 'throw') throw new Error('the test has a defect');
if (process.argv[2] === 'hang') setInterval(() => {}, 1000);
