/**
 * Measures a whole region, beside a bare HTTP server and beside moto:
 *
 *     node bench/src/region.ts [--rounds n] [--seconds n] [--only part,...] [--profile] [--write]
 *
 * Parts: start-up, memory, calls, tokens, engines (needs NATS servers: `infra/engines/fetch.sh`), telemetry, profile. The report
 * goes to standard output, progress to standard error, everything measured to `bench/results/`; with `--write` the report
 * also becomes `docs/benchmarks.md`.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writePage } from './page.ts';
import { Load } from './region/load.ts';
import type { Rounds } from './region/measurement.ts';
import { motoVersion } from './region/peers.ts';
import { RegionServer } from './region/region-server.ts';
import { report } from './region/report.ts';
import type { Results } from './region/results.ts';
import { measureCalls } from './region/section-calls.ts';
import { measureEngines } from './region/section-engines.ts';
import { footprint } from './region/section-memory.ts';
import { measureProfiles } from './region/section-profile.ts';
import { measureStartUp } from './region/section-start-up.ts';
import { measureTelemetry } from './region/section-telemetry.ts';
import { measureTokens } from './region/section-tokens.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: 'start-up,memory,calls,tokens,engines,telemetry' },
    profile: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const PARTS = ['start-up', 'memory', 'calls', 'tokens', 'engines', 'telemetry', 'profile'];
const wanted = new Set([...flags.only.split(','), ...(flags.profile ? ['profile'] : [])]);
for (const part of wanted)
  if (!PARTS.includes(part)) throw new Error(`there is no part ${part}; there are ${PARTS.join(', ')}`);
const rounds: Rounds = { rounds: Number(flags.rounds), seconds: Number(flags.seconds) };

const begun = new Date().toISOString();
const loadBefore = loadavg()[0]!;
using load = new Load();
const startUp = wanted.has('start-up') ? await measureStartUp(rounds.rounds) : undefined;
const measured = await memoryAndCalls();
const results: Results = {
  ...rounds,
  startUp,
  ...measured,
  tokens: wanted.has('tokens') ? measureTokens(rounds.rounds) : undefined,
  engines: wanted.has('engines') ? await measureEngines(load, rounds) : undefined,
  telemetry: wanted.has('telemetry') ? await measureTelemetry(load, rounds) : undefined,
  profiles: wanted.has('profile') ? await measureProfiles(load, rounds.seconds) : undefined,
  machine: {
    cores: cpus().length,
    model: cpus()[0]!.model.trim(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    moto: motoVersion(),
    begun,
    loadBefore,
    loadAfter: loadavg()[0]!,
  },
};
keep(results, report(results));

/** One region serves both: its memory is looked at before the calls and after them. */
async function memoryAndCalls(): Promise<Pick<Results, 'memory' | 'calls'>> {
  if (!wanted.has('memory') && !wanted.has('calls')) return {};
  await using region = await RegionServer.start();
  const idle = wanted.has('memory') ? await footprint(region) : undefined;
  const calls = wanted.has('calls') ? await measureCalls(region, load, rounds) : undefined;
  if (idle === undefined) return { calls };
  return { calls, memory: { idle, loaded: calls === undefined ? undefined : await footprint(region) } };
}

function keep(found: Results, page: string): void {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  mkdirSync(here('../results'), { recursive: true });
  writeFileSync(here(`../results/region-${begun.replaceAll(':', '')}.json`), JSON.stringify(found, undefined, 1));
  if (flags.write) writePage(page);
  process.stdout.write(page);
}
