/**
 * Measures the key-value store of a region, beside dynalite and moto, and the service alone, without disk or peers:
 *
 *     node bench/src/key-value.ts [--rounds n] [--seconds n] [--items n] [--only name,...] [--kinds kind;...] [--write]
 *
 * Items have 200 bytes as DynamoDB counts them, 100 to a hash key. The region answers a write when two of its zones have it
 * on their disks; dynalite and moto keep one copy in memory. Each operation is measured with as many calls as are answered
 * on 64 connections, and again at half that rate (moto is not), sent evenly, with times that count from when a call
 * should have been sent. With `--write` the table becomes a section of `docs/benchmarks.md`.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type KeyValuePlan, KINDS, type Kind } from './key-value/key-value-plan.ts';
import { type HalfLoad, report } from './key-value/key-value-report.ts';
import {
  aloneItems,
  dynaliteItems,
  type KeyValueServer,
  motoItems,
  regionItems,
  SIGNER,
} from './key-value/key-value-servers.ts';
import { createTable } from './key-value/key-value-table.ts';
import { writeSection } from './page.ts';
import type { LoadResult } from './region/load-plan.ts';
import { type Case, interleaved, type Measurement, median } from './region/measurement.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '4' },
    items: { type: 'string', default: '10000' },
    only: { type: 'string', default: 'region,alone,dynalite,moto' },
    kinds: { type: 'string', default: KINDS.join(';') },
    'cpu-profile': { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const IN_FLIGHT = 64;
/** moto answers one request at a time; with more in flight its threads only get into each other's way. */
const MOTO_IN_FLIGHT = 4;
const ERRORS_MAX = 0.1;
const items = Number(flags.items);
const kinds = flags.kinds.split(';') as Kind[];
/** What they do not offer; moto copies all its tables for a transaction, and is through with none in some seconds. */
const NOT_OFFERED: Readonly<Record<string, readonly Kind[]>> = {
  dynalite: ['transaction of 4'],
  moto: ['transaction of 4'],
};

const generator = fork(fileURLToPath(new URL('./key-value/key-value-generator.ts', import.meta.url)), [], {
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

/** @throws Error when more went wrong than a moment explains in which the front door takes a busy zone for dead */
async function load(plan: KeyValuePlan): Promise<LoadResult> {
  const result = await new Promise<LoadResult>((resolve, reject) => {
    generator.once('exit', () => reject(new Error('the load generator ended')));
    generator.once('message', message => resolve(message as LoadResult));
    generator.send(plan);
  });
  generator.removeAllListeners('exit');
  if (result.calls === 0 || result.errors > result.calls * ERRORS_MAX)
    throw new Error(`${result.errors} beside ${result.calls} calls went wrong, the first: ${result.firstError}`);
  return result;
}

const baseOf = ({ name, port, pids }: KeyValueServer) => ({
  ...{ port, pids, items, signer: SIGNER, inFlight: name === 'moto' ? MOTO_IN_FLIGHT : IN_FLIGHT },
});

/** Makes the table with its items, and says what is to be measured. */
async function casesOf(server: KeyValueServer): Promise<Case[]> {
  const base = baseOf(server);
  await createTable(server.port);
  const { seconds, calls } = await load({ ...base, kind: 'fill', inFlight: 4, warmUpMs: 0, measureMs: 0 });
  process.stderr.write(`${server.name}: ${items} items in ${seconds.toFixed(1)} s, ${calls} calls\n`);
  return kinds
    .filter(kind => !NOT_OFFERED[server.name]?.includes(kind))
    .map(kind => ({
      ...{ operation: kind, server: server.name, inFlight: base.inFlight },
      run: ({ warmUpMs, measureMs }) => load({ ...base, kind, warmUpMs, measureMs }),
    }));
}

/** A server at half of what it answered at full load. */
async function halfLoads(server: KeyValueServer, measured: readonly Measurement[]): Promise<HalfLoad[]> {
  const halves: HalfLoad[] = [];
  for (const kind of kinds) {
    const rates = measured
      .filter(each => each.server === server.name && each.operation === kind)
      .map(({ result }) => result.callsPerSecond);
    if (rates.length === 0) continue;
    const timing = { warmUpMs: 700, measureMs: Number(flags.seconds) * 1000 };
    const result = await load({ ...baseOf(server), kind, perSecond: median(rates) / 2, ...timing });
    halves.push({ server: server.name, kind, result });
  }
  return halves;
}

const wanted = new Set(flags.only.split(','));
const profile = flags['cpu-profile'];
const servers: KeyValueServer[] = [];
const loadBefore = loadavg()[0]!;
try {
  if (wanted.has('region')) servers.push(await regionItems());
  if (wanted.has('alone'))
    servers.push(await aloneItems(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]));
  if (wanted.has('dynalite')) servers.push(await dynaliteItems());
  const moto = wanted.has('moto') ? await motoItems() : undefined;
  if (moto !== undefined) servers.push(moto);
  // One after the other: there is one generator.
  const all: Case[][] = [];
  for (const server of servers) all.push(await casesOf(server));
  // One operation on all servers before the next, so that what is compared is measured at nearly the same moment.
  const cases = kinds.flatMap(kind => all.flat().filter(({ operation }) => operation === kind));
  const rounds = { rounds: Number(flags.rounds), seconds: Number(flags.seconds) };
  const measurements = await interleaved(cases, rounds);
  const halves: HalfLoad[] = [];
  // moto answers one call at a time, however many there are.
  for (const server of servers) if (server.name !== 'moto') halves.push(...(await halfLoads(server, measurements)));
  const machine = `${cpus().length} × ${cpus()[0]!.model}, load ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`;
  const text = report(measurements, halves, { ...rounds, items, machine, day: new Date().toISOString().slice(0, 10) });
  console.log(text);
  if (flags.write) writeSection('Key-value store', text);
} finally {
  for (const server of servers) await server.close();
  generator.disconnect();
}
