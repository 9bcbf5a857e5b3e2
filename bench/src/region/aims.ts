/** What a region is meant to reach, and whether it did. */
import { callsPerSecond, cpuPerCall, medianOf, ratio, select } from './comparison.ts';
import type { Results } from './results.ts';

export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly measured: string;
  /** Undefined for figures that only inform. */
  readonly met: boolean | undefined;
}

const MANY = 64;

export function aims({ startUp, memory, calls = [], engines = [], tokens }: Results): Aim[] {
  const found: Aim[] = [];
  const atMost = (what: string, value: number | undefined, limit: number, unit: string, digits = 0) => {
    if (value === undefined) return;
    found.push({ what, aim: `≤ ${limit} ${unit}`, measured: `${value.toFixed(digits)} ${unit}`, met: value <= limit });
  };
  const atLeast = (what: string, value: number | undefined, limit: number, unit: string, digits = 0) => {
    if (value === undefined) return;
    found.push({ what, aim: `≥ ${limit}${unit}`, measured: `${value.toFixed(digits)}${unit}`, met: value >= limit });
  };
  atMost('Ready, compile cache warm', seconds(startUp?.warmReadyMs), 2, 's', 2);
  atMost('Ready, compile cache cold', seconds(startUp?.coldReadyMs), 2, 's', 2);
  atMost('Memory, idle (PSS)', memory?.idle.totalMiB, 400, 'MiB');
  atMost('Memory, after load (PSS)', memory?.loaded?.totalMiB, 400, 'MiB');

  const identity = (server: string, inFlight = MANY) => select(calls, 'GetCallerIdentity', server, inFlight);
  const bare = identity('bare node:http');
  atLeast(
    'GetCallerIdentity, region against bare node:http',
    percent(ratio(identity('region'), bare, callsPerSecond)),
    35,
    ' %',
  );
  atLeast(
    'GetCallerIdentity, one zone against bare node:http',
    percent(ratio(identity('one zone'), bare, callsPerSecond)),
    35,
    ' %',
  );
  const cpu = ratio(identity('one zone'), bare, cpuPerCall);
  if (cpu !== undefined)
    found.push({
      what: 'GetCallerIdentity, CPU of one zone against bare node:http',
      aim: '–',
      measured: `${cpu.toFixed(2)}×`,
      met: undefined,
    });
  for (const operation of ['GetCallerIdentity', 'GetRole', 'CreateUser']) {
    const times = ratio(
      select(calls, operation, 'region', MANY),
      select(calls, operation, 'moto', MOTO_IN_FLIGHT),
      callsPerSecond,
    );
    atLeast(`${operation}, region against moto`, times, 30, '×');
  }
  const sessions = ratio(
    select(calls, 'AssumeRole', 'region', MANY),
    select(calls, 'AssumeRole', 'moto', MOTO_IN_FLIGHT),
    callsPerSecond,
  );
  atLeast('AssumeRole, region against moto', sessions, 15, '×');
  atMost('Verification of a session token never seen before', tokens?.coldMicros, 60, 'µs', 1);
  atLeast('CreateUser, embedded engine', rate(select(calls, 'CreateUser', 'region', MANY)), 3000, '/s');
  atLeast('CreateUser, jetstream', rate(select(engines, 'CreateUser', 'jetstream', MANY)), 2000, '/s');
  return found;
}

/** moto answers one request at a time; with more in flight its threads only get into each other's way. */
export const MOTO_IN_FLIGHT = 4;

const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
const percent = (share: number | undefined) => (share === undefined ? undefined : share * 100);
const rate = (some: Parameters<typeof medianOf>[0]) => (some.length === 0 ? undefined : medianOf(some, callsPerSecond));
