/** `npm run demo -- sts-migration`: mechanisms of the cloud, shown. */
import { crossRegionShare, migrate, quantile, recordedCalls, USUAL } from './sts-migration.ts';

const [, , name] = process.argv;
if (name !== 'sts-migration') {
  process.stderr.write('Which? There is: sts-migration\n');
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const cell = (text: string, width = 14) => text.padStart(width);

say(`Callers in ${USUAL.region}, ${USUAL.roundTripMs} ms from us-east-1, call sts.amazonaws.com.`);
say(`${'STEP'.padEnd(18)}${['CALLS', 'FAILED', 'CROSS-REGION', 'P50 MS', 'P99 MS'].map(head => cell(head)).join('')}`);
const { region, home, steps } = await migrate(USUAL);
for (const { name: step, calls } of steps) {
  const failed = calls.filter(({ error }) => error !== undefined).length;
  const share = `${crossRegionShare(calls, region).toFixed(0)} %`;
  const ms = [0.5, 0.99].map(each => quantile(calls, each).toFixed(1));
  say(`${step.padEnd(18)}${[String(calls.length), String(failed), share, ...ms].map(each => cell(each)).join('')}`);
}
const servedBy = new Map<string, number>();
for (const { awsRegion, servingRegion, endpointType } of await recordedCalls(home, '100000000000')) {
  const what = `${endpointType}, recorded in ${awsRegion}, served by ${servingRegion}`;
  servedBy.set(what, (servedBy.get(what) ?? 0) + 1);
}
say('\nThe calls of one account, as CloudTrail in us-east-1 has them:');
for (const [what, count] of servedBy) say(`${cell(String(count))}  ${what}`);
await region.stop();
