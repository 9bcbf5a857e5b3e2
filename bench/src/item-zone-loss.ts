/**
 * Takes zones away from a region that answers many calls on items a second, and brings them back:
 *
 *     node bench/src/item-zone-loss.ts [--per-second 2000] [--outages power-off,freeze,cut-off] [--write]
 *
 * Half of the calls are puts of new items, half strong reads, sent evenly, with the retries that SDKs make by default (an
 * SDK itself costs more than the region it calls). Counted are calls that failed after them, the time from the loss until
 * seconds have nine tenths of their calls answered again, and acknowledged puts that are not found afterwards. With
 * `--write` the figures become a section of `docs/benchmarks.md`.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { WorldClient, type ZoneOutage } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import { TABLE } from './key-value/key-value-plan.ts';
import { call, createTable } from './key-value/key-value-table.ts';
import { type LossCall, lossKey, ZoneLossLoad } from './key-value/zone-loss-load.ts';
import { table, writeSection } from './page.ts';
import { pause } from './region/measured-load.ts';
import { RegionServer } from './region/region-server.ts';

const { values: flags } = parseArgs({
  options: {
    'per-second': { type: 'string', default: '2000' },
    outages: { type: 'string', default: 'power-off,freeze,cut-off' },
    write: { type: 'boolean', default: false },
  },
});

const perSecond = Number(flags['per-second']);
const IN_FLIGHT = 96;
const BEFORE_MS = 3000;
const LOST_MS = 5000;
const AFTER_MS = 3000;
/** More than the phases take, as a busy machine is late. */
const CALLS_MAX = Math.ceil((perSecond * 2 * (BEFORE_MS + LOST_MS + AFTER_MS)) / 1000);
const STEP_MS = 250;
const SECOND_MS = 1000;
const SHARE = 0.9;
const BATCH = 100;

/**
 * From `from` on until every second, to `to` at most, has nine tenths as many answers as calls come due in one: seconds that
 * begin a quarter of one apart, as a single answer that is late is no loss of throughput.
 */
function recoveryMs(calls: readonly LossCall[], from: number, to: number): number {
  const seconds = new Array<number>(Math.floor((to - from - SECOND_MS) / STEP_MS) + 1).fill(0);
  for (const { answeredAt, problem } of calls) {
    if (answeredAt === undefined || problem !== undefined) continue;
    const last = Math.floor((answeredAt - from) / STEP_MS);
    for (let i = last - SECOND_MS / STEP_MS + 1; i <= last; i++) if (seconds[i] !== undefined) seconds[i]!++;
  }
  return (seconds.findLastIndex(count => count < SHARE * perSecond) + 1) * STEP_MS;
}

/** How many of the items are not there. */
async function missing(port: number, items: readonly number[]): Promise<number> {
  let found = 0;
  for (let i = 0; i < items.length; i += BATCH) {
    const Keys = items.slice(i, i + BATCH).map(lossKey);
    const answer = (await call(port, 'BatchGetItem', {
      RequestItems: { [TABLE]: { Keys, ConsistentRead: true, ProjectionExpression: 'pk' } },
    })) as { readonly Responses: Readonly<Record<string, readonly object[]>> };
    found += answer.Responses[TABLE]?.length ?? 0;
  }
  return items.length - found;
}

async function lose(outage: ZoneOutage): Promise<string[]> {
  await using region = await RegionServer.start();
  const world = new WorldClient(new StateFolder(region.folder).controlSocket);
  const { port } = region;
  await createTable(port);
  const load = new ZoneLossLoad({ port, perSecond, inFlight: IN_FLIGHT, callsMax: CALLS_MAX });
  await pause(BEFORE_MS);
  const zone = (await world.status()).zones[1]!.id;
  const lostAt = performance.now();
  await world.disableZone(zone, outage);
  await pause(LOST_MS);
  const mendedAt = performance.now();
  await world.enableZone(zone);
  await pause(AFTER_MS);
  await load.stop();
  const { calls } = load;
  const failed = calls.filter(({ problem }) => problem !== undefined);
  if (failed.length > 0) process.stderr.write(`${outage}: ${failed[0]!.problem}\n`);
  const put = calls.filter(({ isPut, problem }) => isPut && problem === undefined).map(({ item }) => item);
  const lost = await missing(port, [...new Set(put)]);
  const before = calls.filter(({ dueAt }) => dueAt < lostAt - 1000 && dueAt > lostAt - 2000).length;
  const slowest = Math.max(...calls.map(({ dueAt, answeredAt }) => answeredAt! - dueAt));
  const recovered = recoveryMs(calls, lostAt, mendedAt);
  const retried = calls.filter(({ attempts }) => attempts > 1).length;
  const isGood = failed.length === 0 && lost === 0 && recovered <= 3000;
  return [
    ...[outage, String(before), String(calls.length), String(retried), String(failed.length)],
    ...[`${(recovered / 1000).toFixed(2)} s`, `${slowest.toFixed(0)} ms`, String(put.length), String(lost)],
    isGood ? 'yes' : '**no**',
  ];
}

const loadBefore = loadavg()[0]!;
const rows: string[][] = [];
for (const outage of flags.outages.split(',')) rows.push(await lose(outage as ZoneOutage));
const text = [
  `\`node bench/src/item-zone-loss.ts\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]!.model}, load ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after;`,
  `${perSecond.toLocaleString('en')} calls a second, half of them puts and half strong reads, with the retries of SDKs; aims: no call fails, nine of`,
  'ten calls are answered again within 3 s, and every acknowledged put is found.',
  '',
  table(
    ['a zone', 'sent/s before', 'calls', 'retried', 'failed', 'nine of ten after', 'slowest', 'puts', 'lost', 'met'],
    rows,
  ),
].join('\n');
console.log(text);
if (flags.write) writeSection('Items when a zone is lost', text);
