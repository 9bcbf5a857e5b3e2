/** What was measured of links, as a section of `docs/benchmarks.md`. */
import { table } from '../page.ts';
import type { Accuracy, Release } from './faults.ts';
import type { Idle } from './idle.ts';

export interface LinkResults {
  readonly machine: string;
  readonly idle: Idle;
  readonly accuracy: readonly Accuracy[];
  readonly release: readonly Release[];
}

const ADDED_US_MAX = 150;
const RATE_MIN = 300;
const RELEASE_MS_MAX = 200;

const met = (isMet: boolean): string => (isMet ? 'yes' : '**no**');
const isExact = ({ set, measured, tolerance, isShare }: Accuracy): boolean =>
  Math.abs(measured - set) <= (isShare ? tolerance : tolerance * set);

/** Figures of one machine on one day. */
export function linkSection({ machine, idle, accuracy, release }: LinkResults): string {
  const { direct, linked } = idle;
  const added = linked.p50 - direct.p50;
  const slowest = Math.max(...release.map(({ maxMs }) => maxMs));
  return [
    'Written by `node bench/src/link.ts --write`. The link, who speaks through it and who answers are three processes on one machine; "direct" is the same without the link, in turn within the same run. Latencies and rates are medians over the rounds.',
    machine,
    table(
      ['', 'Aim', 'Measured', 'Met'],
      [
        [
          'Idle, added to the p50 of a round trip',
          `< ${ADDED_US_MAX} µs`,
          `${added.toFixed(0)} µs`,
          met(added < ADDED_US_MAX),
        ],
        [
          'One stream',
          `≥ ${RATE_MIN} MB/s`,
          `${idle.streamLinked.toFixed(0)} MB/s`,
          met(idle.streamLinked >= RATE_MIN),
        ],
        [
          'Faults as set',
          'table below',
          `${accuracy.filter(isExact).length} of ${accuracy.length}`,
          met(accuracy.every(isExact)),
        ],
        [
          'Effect gone after a clear, slowest',
          `≤ ${RELEASE_MS_MAX} ms`,
          `${slowest.toFixed(0)} ms`,
          met(slowest <= RELEASE_MS_MAX),
        ],
      ],
    ),
    'A round trip of 64 bytes passes the link twice. A stream is read by the peer and confirmed at its end; an echoed one passes both ways at once, on the same two cores as both its ends.',
    table(
      ['', 'Direct', 'Linked'],
      [
        ['Round trip, p50 (µs)', direct.p50.toFixed(0), linked.p50.toFixed(0)],
        ['Round trip, p99 (µs)', direct.p99.toFixed(0), linked.p99.toFixed(0)],
        ['One stream (MB/s)', idle.streamDirect.toFixed(0), idle.streamLinked.toFixed(0)],
        ['One stream, echoed (MB/s each way)', idle.echoDirect.toFixed(0), idle.echoLinked.toFixed(0)],
        ['CPU of the link (s/GB)', '', idle.cpuPerGb.toFixed(2)],
      ],
    ),
    'Faults are in force one way. A loss on TCP is observed as the share of segments that come 200 ms or more late, on UDP as the share of datagrams that never come. Tolerance is 10 % of the setting, 2 points for losses, 0.1 points for corruption.',
    table(
      ['Fault', 'Observed', 'Set', 'Measured', 'Met'],
      accuracy.map(row => [row.fault, row.how, shown(row, row.set), shown(row, row.measured), met(isExact(row))]),
    ),
    'From the call that clears a fault until a message that it stood in the way of has come back: what was held, or one on a new connection where the fault breaks connections.',
    table(
      ['Fault', 'Gone after, median (ms)', 'Slowest (ms)'],
      release.map(({ fault, medianMs, maxMs }) => [fault, medianMs.toFixed(1), maxMs.toFixed(1)]),
    ),
  ].join('\n\n');
}

const shown = ({ unit, isShare }: Accuracy, value: number): string =>
  isShare ? `${(100 * value).toFixed(2)} %` : `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
