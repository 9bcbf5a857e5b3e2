/**
 * Measures the object store of a region, beside moto, s3rver and bare Node with a flushed disk:
 *
 *     node bench/src/object-store.ts [--rounds n] [--seconds n] [--only name,...] [--sizes size,...] [--write]
 *
 * Put and get of 1 KiB and 1 MiB from 32 connections and of 64 MiB from 4, and lists of 1,000 keys. The region has three
 * zones, and answers a put when two of them have flushed it; moto keeps objects in memory, s3rver in files it does not
 * flush, and each is one process. `--only` takes names of servers. With `--write` the table becomes a section of
 * `docs/benchmarks.md`.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { signRequest } from '@stormglass/testing';
import { BUCKET, type ObjectPlan } from './object-store/object-plan.ts';
import { report } from './object-store/object-report.ts';
import {
  bareObjects,
  motoObjects,
  type ObjectServer,
  regionServer,
  s3rverObjects,
} from './object-store/object-servers.ts';
import { writeSection } from './page.ts';
import type { LoadResult } from './region/load-plan.ts';
import { type Case, interleaved } from './region/measurement.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'region,moto,s3rver,bare' },
    sizes: { type: 'string', default: '1 KiB,1 MiB,64 MiB' },
    write: { type: 'boolean', default: false },
  },
});

const KIB = 1024;
const MIB = KIB * KIB;
/** As many keys as connections and more: moto answers some concurrent puts of one key with a 500. */
const SIZES = [
  { name: '1 KiB', size: KIB, keys: 256, inFlight: 32 },
  { name: '1 MiB', size: MIB, keys: 64, inFlight: 32 },
  { name: '64 MiB', size: 64 * MIB, keys: 8, inFlight: 4 },
];
const LISTED = { keys: 2000, inFlight: 8 };
const ERRORS_MAX = 0.1;
const sizes = new Set(flags.sizes.split(','));

const generator = fork(fileURLToPath(new URL('./object-store/object-generator.ts', import.meta.url)), [], {
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

async function generate(plan: ObjectPlan): Promise<LoadResult> {
  const result = await new Promise<LoadResult>((resolve, reject) => {
    generator.once('exit', () => reject(new Error('the load generator ended')));
    generator.once('message', message => resolve(message as LoadResult));
    generator.send(plan);
  });
  generator.removeAllListeners('exit');
  return result;
}

/** @throws Error when more went wrong than a moment explains in which the front door takes a busy zone for dead */
async function load(plan: ObjectPlan): Promise<LoadResult> {
  const result = await generate(plan);
  if (result.calls === 0 || result.errors > result.calls * ERRORS_MAX) {
    throw new Error(`${result.errors} beside ${result.calls} calls went wrong, the first: ${result.firstError}`);
  }
  return result;
}

async function createBucket({ port, signer }: ObjectServer): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const { method, path, headers } = signRequest(
    signer,
    { method: 'PUT', path: `/${BUCKET}` },
    { nowMs: Date.now(), host },
  );
  const { host: _host, 'content-length': _length, ...rest } = headers;
  const answer = await fetch(`http://${host}${path}`, { method, headers: rest });
  if (!answer.ok) throw new Error(`no bucket: ${answer.status} ${await answer.text()}`);
}

/** Puts every key, on a busy machine at the second or third attempt. */
async function fill(plan: Omit<ObjectPlan, 'kind'>): Promise<void> {
  let problem: string | undefined;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const { errors, firstError } = await generate({ ...plan, kind: 'fill' });
    if (errors === 0) return;
    problem = firstError;
  }
  throw new Error(`${plan.prefix}: not every object could be put: ${problem}`);
}

/** Puts what is to be read, and says what is to be measured. */
async function casesOf(server: ObjectServer): Promise<Case[]> {
  const { port, signer, pids } = server;
  const base = { port, signer, pids, warmUpMs: 0, measureMs: 0 };
  const isBare = server.name === 'bare Node';
  if (!isBare) await createBucket(server);
  const measured = (operation: string, plan: Omit<ObjectPlan, keyof typeof base>): Case => ({
    ...{ operation, server: server.name, inFlight: plan.inFlight },
    run: ({ warmUpMs, measureMs }) => load({ ...base, ...plan, warmUpMs, measureMs }),
  });
  const cases: Case[] = [];
  for (const { name, size, keys, inFlight } of SIZES.filter(({ name }) => sizes.has(name))) {
    await fill({ ...base, size, keys, inFlight: Math.min(inFlight, 4), prefix: `get-${size}-` });
    cases.push(measured(`put ${name}`, { kind: 'put', size, keys, inFlight, prefix: `put-${size}-` }));
    cases.push(measured(`get ${name}`, { kind: 'get', size, keys, inFlight, prefix: `get-${size}-` }));
  }
  // s3rver answers every list of so many keys with InternalError.
  if (isBare || server.name === 's3rver') return cases;
  const list = { size: 100, keys: LISTED.keys, prefix: 'list-' };
  await fill({ ...base, ...list, inFlight: 8 });
  cases.push(measured('list 1,000', { ...list, kind: 'list', inFlight: LISTED.inFlight }));
  return cases;
}

const wanted = new Set(flags.only.split(','));
const servers: ObjectServer[] = [];
const loadBefore = loadavg()[0]!;
try {
  if (wanted.has('region')) servers.push(await regionServer());
  const moto = wanted.has('moto') ? await motoObjects() : undefined;
  if (moto !== undefined) servers.push(moto);
  if (wanted.has('s3rver')) servers.push(await s3rverObjects());
  if (wanted.has('bare')) servers.push(await bareObjects());
  // One after the other: there is one generator.
  const all: Case[][] = [];
  for (const server of servers) all.push(await casesOf(server));
  // One operation on all servers before the next, so that what is compared is measured at nearly the same moment.
  const operations = [...new Set(all.flat().map(({ operation }) => operation))];
  const cases = operations.flatMap(operation => all.flat().filter(each => each.operation === operation));
  const rounds = { rounds: Number(flags.rounds), seconds: Number(flags.seconds) };
  const measurements = await interleaved(cases, rounds);
  const machine = `${cpus().length} × ${cpus()[0]!.model}, load ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`;
  const text = report(measurements, { ...rounds, machine, day: new Date().toISOString().slice(0, 10) });
  console.log(text);
  if (flags.write) writeSection('Object store', text);
} finally {
  for (const server of servers) await server.close();
  generator.disconnect();
}
