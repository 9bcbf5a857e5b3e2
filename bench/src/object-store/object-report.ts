/** The section of the page about the object store. */
import { table } from '../page.ts';
import type { Measurement, Rounds } from '../region/measurement.ts';
import { rowsOf } from '../region/median-rows.ts';

interface Facts extends Rounds {
  readonly machine: string;
  readonly day: string;
}

/** How many times a peer's calls a second are aimed at. */
const AIMS: readonly (readonly [operation: string, peer: string, atLeast: number])[] = [
  ['get 1 KiB', 'moto', 40],
  ['get 1 KiB', 's3rver', 6],
  ['put 1 KiB', 'moto', 15],
  ['put 1 KiB', 's3rver', 3],
  ['put 1 MiB', 'moto', 2],
  ['put 1 MiB', 's3rver', 2],
  ['get 64 MiB', 'bare Node', 0.7],
  ['put 64 MiB', 'bare Node', 0.25],
];

export function report(measurements: readonly Measurement[], { rounds, seconds, machine, day }: Facts): string {
  const rows = rowsOf(measurements);
  const find = (operation: string, server: string) =>
    rows.find(row => row.operation === operation && row.server === server);
  const aims = AIMS.flatMap(([operation, peer, atLeast]) => {
    const own = find(operation, 'region');
    const other = find(operation, peer);
    if (own === undefined || other === undefined) return [];
    const ratio = own.perSecond / other.perSecond;
    const cpu = other.cpuMicros / own.cpuMicros;
    return [[operation, peer, `${atLeast}×`, times(ratio), times(cpu), ratio >= atLeast ? 'yes' : 'no']];
  });
  return [
    `\`node bench/src/object-store.ts\`, ${day}, ${machine}; median of ${rounds} rounds of ${seconds} s. 32 connections, 4 for`,
    '64 MiB, 8 for lists. The region answers a put when two zones have flushed it, and its CPU is that of all its processes;',
    'moto keeps objects in memory, s3rver in files it does not flush; bare Node streams to one file, flushes and renames it,',
    'and neither checks signatures nor hashes anything: it is the limit, not a peer.',
    '',
    table(
      ['operation', 'server', 'calls/s', 'p50 ms', 'p99 ms', 'CPU µs/call', 'errors'],
      rows.map(({ operation, server, perSecond, p50Ms, p99Ms, cpuMicros, errors }) => [
        ...[operation, server, perSecond.toFixed(perSecond < 100 ? 1 : 0), p50Ms.toFixed(1), p99Ms.toFixed(1)],
        ...[cpuMicros.toFixed(0), String(errors)],
      ]),
    ),
    '',
    table(['operation', 'beside', 'aim', 'calls/s', 'CPU', 'met'], aims),
  ].join('\n');
}

const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
