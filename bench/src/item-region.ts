/**
 * Measures a region with few items, and with many:
 *
 *     node bench/src/item-region.ts [--few 10000] [--many 5000000] [--seconds 4] [--write]
 *
 * What a call costs with either, what the items take on the disks of three zones, and how long a zone that was killed takes
 * until it serves strong reads again, while others write. Items have 200 bytes as DynamoDB counts them, in no order. With
 * `--write` the figures become a section of `docs/benchmarks.md`.
 */
import { fork } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesOf, fillCells } from './key-value/fill-cells.ts';
import { type KeyValuePlan, type Kind, TABLE } from './key-value/key-value-plan.ts';
import { keyOf } from './key-value/key-value-requests.ts';
import { SIGNER } from './key-value/key-value-servers.ts';
import { call, createTable } from './key-value/key-value-table.ts';
import { table, writeSection } from './page.ts';
import type { LoadResult } from './region/load-plan.ts';
import { pause } from './region/measured-load.ts';
import { RegionServer } from './region/region-server.ts';

const { values: flags } = parseArgs({
  options: {
    few: { type: 'string', default: '10000' },
    many: { type: 'string', default: '5000000' },
    seconds: { type: 'string', default: '4' },
    write: { type: 'boolean', default: false },
  },
});

const KINDS: readonly Kind[] = ['get, eventual', 'get, strong', 'put', 'update', 'query 100'];
const GIB = 1024 ** 3;
const IN_FLIGHT = 32;
/** While the killed zone comes back. */
const WRITES_PER_SECOND = 100;
const BACK_MS_MAX = 60_000;
const POLL_MS = 10;

const [few, many, seconds] = [Number(flags.few), Number(flags.many), Number(flags.seconds)];
const generator = fork(fileURLToPath(new URL('./key-value/key-value-generator.ts', import.meta.url)), [], {
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

function generate(region: RegionServer, plan: Pick<KeyValuePlan, 'kind' | 'items'> & Partial<KeyValuePlan>) {
  const { port, pids } = region;
  const timing = { warmUpMs: 2000, measureMs: seconds * 1000 };
  generator.send({ port, pids, signer: SIGNER, inFlight: IN_FLIGHT, ...timing, ...plan } satisfies KeyValuePlan);
  return new Promise<LoadResult>((resolve, reject) => {
    generator.once('message', message => resolve(message as LoadResult));
    generator.once('exit', () => reject(new Error('the load generator ended')));
  }).finally(() => generator.removeAllListeners('exit'));
}

async function measured(region: RegionServer, items: number): Promise<ReadonlyMap<Kind, LoadResult>> {
  const results = new Map<Kind, LoadResult>();
  for (const kind of KINDS) {
    const result = await generate(region, { kind, items });
    if (result.calls === 0) throw new Error(`${kind}: ${result.firstError}`);
    process.stderr.write(
      `${items} items, ${kind}: ${result.callsPerSecond.toFixed(0)}/s, p50 ${result.p50Ms.toFixed(1)} ms, ` +
        `CPU ${result.cpuMicrosPerCall.toFixed(0)} us, ${result.errors} errors\n`,
    );
    results.set(kind, result);
  }
  return results;
}

/** The region is down while it is filled. */
async function fill(region: RegionServer, from: number, to: number): Promise<void> {
  await region.down();
  const start = performance.now();
  await fillCells(region.folder, from, to);
  process.stderr.write(
    `${to - from} items put into the files in ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
  );
  const ms = await region.up();
  process.stderr.write(`up again in ${ms.toFixed(0)} ms\n`);
}

/** Kills a zone while others write, and measures until it answers a strong read itself, in ms. */
async function timeToServe(region: RegionServer): Promise<number> {
  const port = region.zonePort(1);
  const writing = generate(region, { kind: 'put', items: many, perSecond: WRITES_PER_SECOND, warmUpMs: 0, pids: [] });
  await pause(1000);
  const start = performance.now();
  process.kill(region.zonePid(1), 'SIGKILL');
  while (performance.now() < start + BACK_MS_MAX) {
    await pause(POLL_MS);
    const found = await call(port, 'GetItem', { TableName: TABLE, Key: keyOf(many - 1), ConsistentRead: true }).catch(
      () => undefined,
    );
    if ((found as { readonly Item?: object } | undefined)?.Item === undefined) continue;
    const ms = performance.now() - start;
    await writing;
    return ms;
  }
  throw new Error('the zone did not come back');
}

const bytesOf = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + statSync(path).size, 0);

await using region = await RegionServer.start();
try {
  await createTable(region.port);
  await fill(region, 0, few);
  const withFew = await measured(region, few);
  await fill(region, few, many);
  const withMany = await measured(region, many);
  const backMs = await timeToServe(region);
  await region.down();
  const cells = bytesOf(filesOf(region.folder).flat());
  const whole = globSync(join(region.folder, 'zones', '**'))
    .map(path => statSync(path))
    .filter(stat => stat.isFile());
  const all = whole.reduce((sum, { size }) => sum + size, 0);
  const each = (bytes: number) => (bytes / 3 / many).toFixed(0);
  const rows = KINDS.map(kind => {
    const [a, b] = [withFew.get(kind)!, withMany.get(kind)!];
    const [cpuA, cpuB] = [a.cpuMicrosPerCall, b.cpuMicrosPerCall];
    return [
      ...[kind, a.callsPerSecond.toFixed(0), b.callsPerSecond.toFixed(0), a.p50Ms.toFixed(1), b.p50Ms.toFixed(1)],
      ...[cpuA.toFixed(0), cpuB.toFixed(0), `${(cpuB / cpuA).toFixed(2)}×`],
    ];
  });
  const text = [
    `\`node bench/src/item-region.ts\`, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)} after; ` +
      `${few.toLocaleString('en')} and ${many.toLocaleString('en')} items of 200 bytes; 32 connections, ${seconds} s each.`,
    '',
    table(['operation', 'few: calls/s', 'many', 'few: p50 ms', 'many', 'few: CPU µs/call', 'many', 'many ÷ few'], rows),
    '',
    table(
      ['what', 'aim', 'measured', 'met'],
      [
        [
          'Disk over three zones, the cells',
          ...['≤ 3 GiB', `${(cells / GIB).toFixed(2)} GiB, ${each(cells)} bytes an item and zone`],
          cells <= 3 * GIB ? 'yes' : '**no**',
        ],
        ['Disk over three zones, logs and all', '', `${(all / GIB).toFixed(2)} GiB`, ''],
        [
          'From the kill of a zone until it serves strong reads',
          ...['< 5 s', `${(backMs / 1000).toFixed(2)} s`, backMs < 5000 ? 'yes' : '**no**'],
        ],
      ],
    ),
  ].join('\n');
  console.log(text);
  if (flags.write) writeSection('Millions of items', text);
} finally {
  generator.disconnect();
}
