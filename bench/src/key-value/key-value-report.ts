/** The section of the page about the key-value store. */
import { table } from '../page.ts';
import type { LoadResult } from '../region/load-plan.ts';
import type { Measurement, Rounds } from '../region/measurement.ts';
import { type MedianRow, rowsOf } from '../region/median-rows.ts';
import type { Kind } from './key-value-plan.ts';

interface Facts extends Rounds {
  readonly items: number;
  readonly machine: string;
  readonly day: string;
}

/** What a server was measured at when it had half as much to do as it can. */
export interface HalfLoad {
  readonly server: string;
  readonly kind: Kind;
  readonly result: LoadResult;
}

/** How many times a peer's calls, in a second or in one of a processor's time. */
const AIMS: readonly (readonly [operation: Kind, peer: string, of: 'calls/s' | 'CPU', atLeast: number])[] = [
  ['get, strong', 'dynalite', 'CPU', 1],
  ['get, strong', 'moto', 'calls/s', 40],
  ['put', 'dynalite', 'calls/s', 1],
  ['put', 'moto', 'calls/s', 30],
];
/** At half load. */
const P99_MS_MAX = 15;

export function report(measured: readonly Measurement[], halves: readonly HalfLoad[], facts: Facts): string {
  const { rounds, seconds, items, machine, day } = facts;
  const rows = rowsOf(measured);
  const half = (operation: string, server: string) =>
    halves.find(each => each.kind === operation && each.server === server)?.result;
  return [
    `\`node bench/src/key-value.ts\`, ${day}, ${machine}; ${items.toLocaleString('en')} items of 200 bytes; median of ${rounds}`,
    `rounds of ${seconds} s, 64 connections, 4 for moto. The region answers a write when two zones have flushed it, and its CPU is`,
    'that of all its processes. `alone` is the service in one process with its logs in memory. dynalite and moto keep one copy in',
    'memory; dynalite has no transactions, and moto is through with none. At half load calls are sent evenly, and count from',
    'when they should have been sent.',
    '',
    table(
      [
        ...['operation', 'server', 'calls/s', 'p50 ms', 'p99 ms', 'CPU µs/call', 'errors'],
        ...['half load: p50', 'p99', 'CPU µs/call'],
      ],
      rows.map(({ operation, server, perSecond, p50Ms, p99Ms, cpuMicros, errors }) => {
        const at = half(operation, server);
        return [
          ...[operation, server, perSecond.toFixed(0), p50Ms.toFixed(1), p99Ms.toFixed(1)],
          ...[cpuMicros.toFixed(0), String(errors)],
          ...[at?.p50Ms.toFixed(1) ?? '', at?.p99Ms.toFixed(1) ?? '', at?.cpuMicrosPerCall.toFixed(0) ?? ''],
        ];
      }),
    ),
    '',
    table(['what', 'aim', 'measured', 'met'], [...comparisons(rows), ...delays(halves)]),
  ].join('\n');
}

function comparisons(rows: readonly MedianRow[]): string[][] {
  const find = (operation: string, server: string) =>
    rows.find(row => row.operation === operation && row.server === server);
  return AIMS.flatMap(([operation, peer, of, atLeast]) => {
    const own = find(operation, 'region');
    const other = find(operation, peer);
    if (own === undefined || other === undefined) return [];
    const ratio = of === 'CPU' ? other.cpuMicros / own.cpuMicros : own.perSecond / other.perSecond;
    const what = `${operation}: ${of === 'CPU' ? 'calls for a second of CPU' : of}, beside ${peer}`;
    return [[what, `≥ ${atLeast}×`, `${ratio.toFixed(ratio < 10 ? 2 : 0)}×`, ratio >= atLeast ? 'yes' : '**no**']];
  });
}

const delays = (halves: readonly HalfLoad[]): string[][] =>
  halves
    .filter(({ server, kind }) => server === 'region' && (kind.startsWith('get') || kind === 'put'))
    .map(({ kind, result: { p99Ms, callsPerSecond } }) => [
      `${kind}: p99 at half load, ${callsPerSecond.toFixed(0)}/s`,
      ...[`< ${P99_MS_MAX} ms`, `${p99Ms.toFixed(1)} ms`, p99Ms < P99_MS_MAX ? 'yes' : '**no**'],
    ]);
