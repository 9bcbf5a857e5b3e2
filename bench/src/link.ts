/**
 * Measures a link between two places: what it costs idle, and each of its faults against its setting:
 *
 *     node bench/src/link.ts [--rounds n] [--write]
 *
 * With `--write` the figures become a section of `docs/benchmarks.md`. Numbers of one machine on one day: compare figures
 * of the same run, nothing else.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { measureAccuracy, measureRelease } from './link/faults.ts';
import { measureIdle } from './link/idle.ts';
import { linkSection } from './link/link-section.ts';
import { Wire } from './link/wire.ts';
import { writeSection } from './page.ts';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } },
});
const rounds = Number(flags.rounds);

const before = loadavg()[0]!;
using wire = await Wire.start();
const idle = await measureIdle(wire, rounds);
const accuracy = await measureAccuracy(wire);
const release = await measureRelease(wire, 4 * rounds);
const load = `its load average was ${before.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`;
const [{ model } = { model: '' }] = cpus();
const section = linkSection({
  machine: `${cpus().length} cores (${model.trim()}), Node ${process.version}; ${rounds} rounds; ${new Date().toISOString()}. The machine was shared: ${load}.`,
  ...{ idle, accuracy, release },
});
process.stdout.write(`${section}\n`);
if (flags.write) writeSection('Links', section);
