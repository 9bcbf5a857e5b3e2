/** Each fault against its setting, and how soon its effect is gone when it is cleared. */
import { once } from 'node:events';
import { median } from '../region/measurement.ts';
import * as traffic from './traffic.ts';
import type { Wire } from './wire.ts';

export interface Accuracy {
  readonly fault: string;
  readonly how: string;
  readonly unit: string;
  readonly set: number;
  readonly measured: number;
  /** How far off it may be: a share of what is set, or so many points where a share is set. */
  readonly tolerance: number;
  readonly isShare: boolean;
}

export interface Release {
  readonly fault: string;
  readonly medianMs: number;
  readonly maxMs: number;
}

const MESSAGE = Buffer.alloc(100);
const TRIPS = 30;

export async function measureAccuracy(wire: Wire): Promise<Accuracy[]> {
  const found: Accuracy[] = [];
  const note = (row: Omit<Accuracy, 'tolerance' | 'isShare'> & { readonly points?: number }) => {
    const { points, ...rest } = row;
    found.push({ ...rest, tolerance: points ?? 0.1, isShare: points !== undefined });
    process.stderr.write(`${row.fault} ${row.set} ${row.unit}: ${row.measured.toFixed(4)}\n`);
  };
  const { linked } = wire;

  const idleMs = await wire.under({ fault: 'latency', settings: { latencyMs: 0 } }, () => tripMs(linked.echo));
  for (const latencyMs of [20, 50, 200]) {
    const measured = await wire.under({ fault: 'latency', settings: { latencyMs } }, () => tripMs(linked.echo));
    note({
      fault: 'latency',
      how: 'TCP, added to a round trip',
      unit: 'ms',
      set: latencyMs,
      measured: measured - idleMs,
    });
  }
  for (const probability of [0.05, 0.2]) {
    const settings = { fault: 'loss', settings: { probability } };
    const tcp = await wire.under(settings, () => traffic.segmentsDelayed(linked.echo, 100, 60));
    note({ fault: 'loss', how: 'TCP, segments delayed', unit: '', set: probability, measured: tcp, points: 0.02 });
    const udp = await wire.under(settings, () => traffic.datagramsLost(linked.udp, 10, 4000));
    note({ fault: 'loss', how: 'UDP, datagrams missing', unit: '', set: probability, measured: udp, points: 0.02 });
  }
  for (const rate of [0.5, 5, 50]) {
    const fault = { fault: 'bandwidth', settings: { bytesPerSecond: rate * 1e6 } };
    const measured = await wire.under(fault, () => traffic.streamRate(linked.sink, Math.max(2e6, 3e6 * rate)));
    note({ fault: 'bandwidth', how: 'TCP, one stream', unit: 'MB/s', set: rate, measured });
  }
  for (const probability of [0.001, 0.1]) {
    const fault = { fault: 'corruption', settings: { probability } };
    const measured = await wire.under(fault, () => traffic.bytesChanged(linked.echo, 4e6));
    note({ fault: 'corruption', how: 'TCP, bytes changed', unit: '', set: probability, measured, points: 0.001 });
  }
  const close = await traffic.closeMs(linked.sink);
  const slow = await wire.under({ fault: 'slow-close', settings: { closeMs: 300 } }, () =>
    traffic.closeMs(linked.sink),
  );
  note({ fault: 'slow-close', how: 'TCP, added to an end', unit: 'ms', set: 300, measured: slow - close });
  return found;
}

async function tripMs(port: number): Promise<number> {
  const socket = await traffic.open(port);
  const times: number[] = [];
  for (let n = 0; n < TRIPS; n++) times.push(await traffic.roundTripMs(socket, MESSAGE));
  socket.destroy();
  return median(times);
}

/** Faults that keep back what is sent: it arrives when they are gone. */
const HOLDING: readonly (readonly [fault: string, settings: object])[] = [
  ['latency', { latencyMs: 60_000 }],
  ['loss', { probability: 1 }],
  ['bandwidth', { bytesPerSecond: 1 }],
  ['partition', {}],
];
/** Faults after which a new connection must be whole. */
const BREAKING: readonly (readonly [fault: string, settings: object])[] = [
  ['black-hole', {}],
  ['reset', {}],
  ['corruption', { probability: 1 }],
  ['connection-limit', { connections: 0 }],
];

/** From the call that clears a fault until a message is back, or an end is heard, that the fault stood in the way of. */
export async function measureRelease(wire: Wire, rounds: number): Promise<Release[]> {
  const found: Release[] = [];
  const measure = async (fault: string, one: () => Promise<number>) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await one());
    found.push({ fault, medianMs: median(times), maxMs: Math.max(...times) });
  };
  const { linked } = wire;
  for (const [fault, settings] of HOLDING) {
    await measure(fault, async () => {
      const socket = await traffic.open(linked.echo);
      await wire.put({ fault, settings: { ...settings } });
      const back = traffic.echoed(socket, MESSAGE);
      return await clearedMs(wire, () => back, socket);
    });
  }
  for (const [fault, settings] of BREAKING) {
    await measure(fault, async () => {
      await wire.put({ fault, settings: { ...settings } });
      return await clearedMs(wire, async () => {
        const socket = await traffic.open(linked.echo);
        const back = await traffic.echoed(socket, MESSAGE);
        if (!back.equals(MESSAGE)) throw new Error(`${fault} is not over`);
        socket.destroy();
      });
    });
  }
  await measure('slow-close', async () => {
    const socket = await traffic.open(linked.sink);
    await wire.put({ fault: 'slow-close', settings: { closeMs: 60_000 } });
    const ended = once(socket.resume(), 'end');
    socket.end('x');
    return await clearedMs(wire, () => ended, socket);
  });
  return found;
}

async function clearedMs(wire: Wire, isOver: () => Promise<unknown>, socket?: { destroy(): void }): Promise<number> {
  // Long enough for what is sent to have met the fault.
  await new Promise(resolve => setTimeout(resolve, 30));
  const began = performance.now();
  await wire.client.clear();
  await isOver();
  const ms = performance.now() - began;
  socket?.destroy();
  return ms;
}
