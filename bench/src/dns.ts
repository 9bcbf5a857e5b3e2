/**
 * Measures a resolver with `dnsperf` (Debian: apt-get install dnsperf), over UDP and TCP:
 *
 *     node bench/src/dns.ts [--seconds n] [--rounds n]
 *
 * Answers per second with 100 queries in flight, and what one costs in CPU time of the resolver; then latencies at 5,000
 * queries a second. Four kinds of questions in turn: two addresses, a chain of two aliases, a name that does not exist, a
 * referral. Load and resolver share the machine.
 *
 * Numbers of one machine on one day: compare figures of the same run, nothing else.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { cpuSeconds } from './region/process-usage.ts';

const run = promisify(execFile);

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' } },
});
const NAMES = ['www', 'alias-two', 'nothing', 'a.child'];
const IN_FLIGHT = 100;
const CLIENTS = 4;
const PACED_PER_SECOND = 5_000;
/** The report of `-v` has a line a query. */
const OUTPUT_BYTES_MAX = 1 << 28;

const folder = mkdtempSync(join(tmpdir(), 'sgdns.'));
const resolver = fork(fileURLToPath(new URL('dns/resolver-process.ts', import.meta.url)));
try {
  const [{ port }] = (await once(resolver, 'message')) as [{ port: number }];
  const questions = join(folder, 'questions');
  writeFileSync(questions, NAMES.map(name => `${name}.example.test A\n`).join(''));

  for (const mode of ['udp', 'tcp']) {
    const common = ['-s', '127.0.0.1', '-p', String(port), '-m', mode, '-d', questions, '-l', flags.seconds];
    for (let round = 1; round <= Number(flags.rounds); round++) {
      const before = cpuSeconds([resolver.pid!]);
      const report = await dnsperf([...common, '-c', String(CLIENTS), '-q', String(IN_FLIGHT)]);
      const cpu = cpuSeconds([resolver.pid!]) - before;
      const completed = figure(report, /Queries completed: +(\d+)/);
      console.log(
        `${mode} ${round}: ${Math.round(figure(report, /Queries per second: +([\d.]+)/))} answers/s,`,
        `${figure(report, /Queries lost: +(\d+)/)} lost,`,
        `${((cpu / completed) * 1e6).toFixed(1)} us of CPU an answer`,
      );
    }
    const paced = await dnsperf([...common, '-c', String(CLIENTS), '-Q', String(PACED_PER_SECOND), '-v']);
    const latencies = [...paced.matchAll(/^> \w+ \S+ \S+ ([\d.]+)$/gm)]
      .map(([, seconds]) => Number(seconds) * 1e3)
      .sort((a, b) => a - b);
    if (latencies.length === 0) throw new Error('dnsperf told no latencies');
    const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)]!.toFixed(2);
    console.log(`${mode} at ${PACED_PER_SECOND}/s: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
  }
} finally {
  resolver.disconnect();
  rmSync(folder, { recursive: true });
}

async function dnsperf(args: readonly string[]): Promise<string> {
  const { stdout } = await run('dnsperf', args, { maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

function figure(report: string, pattern: RegExp): number {
  const found = pattern.exec(report)?.[1];
  if (found === undefined) throw new Error(`dnsperf does not say ${pattern.source}:\n${report}`);
  return Number(found);
}
