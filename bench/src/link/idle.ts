/** What a link costs while nothing is broken, beside the same without it. */
import type { Socket } from 'node:net';
import { median } from '../region/measurement.ts';
import { cpuSeconds } from '../region/process-usage.ts';
import { echoRate, open, roundTripMs, streamRate } from './traffic.ts';
import type { Wire } from './wire.ts';

export interface Idle {
  readonly rounds: number;
  /** Of a round trip of 64 bytes, microseconds: medians of the rounds' medians and 99th percentiles. */
  readonly direct: Latency;
  readonly linked: Latency;
  /** Medians of the rounds, MB/s. */
  readonly streamDirect: number;
  readonly streamLinked: number;
  readonly echoDirect: number;
  readonly echoLinked: number;
  /** CPU time of the link's process for each GB that passes it, seconds. */
  readonly cpuPerGb: number;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const ROUND_TRIPS = 3000;
const STREAM_BYTES = 600e6;
const MESSAGE = Buffer.alloc(64);

export async function measureIdle(wire: Wire, rounds: number): Promise<Idle> {
  const sockets = [await open(wire.direct.echo), await open(wire.linked.echo)] as const;
  for (const socket of sockets) await latency(socket);
  const found: Record<'direct' | 'linked', Latency[]> = { direct: [], linked: [] };
  for (let round = 0; round < 2 * rounds; round++) {
    found.direct.push(await latency(sockets[0]));
    found.linked.push(await latency(sockets[1]));
  }
  for (const socket of sockets) socket.destroy();
  const rates: Record<'streamDirect' | 'streamLinked' | 'echoDirect' | 'echoLinked' | 'cpu', number[]> = {
    ...{ streamDirect: [], streamLinked: [], echoDirect: [], echoLinked: [], cpu: [] },
  };
  for (let round = 0; round < rounds; round++) {
    rates.streamDirect.push(await streamRate(wire.direct.sink, STREAM_BYTES));
    const before = cpuSeconds([wire.linkPid]);
    rates.streamLinked.push(await streamRate(wire.linked.sink, STREAM_BYTES));
    rates.cpu.push((cpuSeconds([wire.linkPid]) - before) / (STREAM_BYTES / 1e9));
    rates.echoDirect.push(await echoRate(wire.direct.echo, STREAM_BYTES / 2));
    rates.echoLinked.push(await echoRate(wire.linked.echo, STREAM_BYTES / 2));
  }
  return {
    ...{ rounds, direct: overall(found.direct), linked: overall(found.linked) },
    ...{ streamDirect: median(rates.streamDirect), streamLinked: median(rates.streamLinked) },
    ...{ echoDirect: median(rates.echoDirect), echoLinked: median(rates.echoLinked), cpuPerGb: median(rates.cpu) },
  };
}

async function latency(socket: Socket): Promise<Latency> {
  const us: number[] = [];
  for (let n = 0; n < ROUND_TRIPS; n++) us.push(1000 * (await roundTripMs(socket, MESSAGE)));
  us.sort((a, b) => a - b);
  return { p50: us[ROUND_TRIPS >> 1]!, p99: us[Math.floor(ROUND_TRIPS * 0.99)]! };
}

const overall = (rounds: readonly Latency[]): Latency => ({
  p50: median(rounds.map(({ p50 }) => p50)),
  p99: median(rounds.map(({ p99 }) => p99)),
});
