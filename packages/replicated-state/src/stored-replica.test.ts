/**
 * Replicas of a stored state against a plain one that applies the same log: killed, cut off, with damaged and full disks,
 * and with a log that forgets early, so that zones that were away come back by a peer's copy while commands go on.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type Random, seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryLog } from './engines/memory/memory-log.ts';
import { decodeEnvelope } from './envelope.ts';
import { type LogEntry, LogUnavailable, type ReplicatedLog } from './log.ts';
import { Replica } from './replica.ts';
import { receiveSnapshot } from './snapshot-stream.ts';
import { type AddToCounter, CountingMachine, type CountingView } from './testing/counting-machine.ts';

const SEED = Number(process.env.STORMGLASS_SEED ?? 1);
const SEEDS = Number(process.env.STORMGLASS_STORED_SEEDS ?? 3);
const STEPS = 60;

const folder = mkdtempSync(join(tmpdir(), 'stored-replica-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the log says, applied as simply as can be. */
class Model {
  readonly counters: Record<string, number> = {};
  readonly #seen = new Set<string>();
  sum = 0;

  apply(entry: LogEntry): void {
    for (const { id, command } of decodeEnvelope<AddToCounter>(entry.payload)?.commands ?? []) {
      if (this.#seen.has(id)) continue;
      this.#seen.add(id);
      this.counters[command.counter] = (this.counters[command.counter] ?? 0) + command.by;
      this.sum += command.by;
    }
  }
}

class Zone {
  readonly region: Region;
  readonly no: number;
  path: string;
  running: { machine: CountingMachine; replica: Replica<AddToCounter, number, CountingView> } | undefined;
  isFull = false;
  isCutOff = false;
  lives = 0;

  constructor(region: Region, no: number) {
    this.region = region;
    this.no = no;
    this.path = this.nextPath();
  }

  nextPath(): string {
    const path = join(folder, `${this.region.name}-${this.no}-${this.lives++}`, 'state.db');
    mkdirSync(dirname(path));
    return path;
  }

  async start(): Promise<void> {
    if (this.running !== undefined) return;
    const beforeWrite = () => {
      if (this.isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    const machine = new CountingMachine({ path: this.path, logger: silentLogger, beforeWrite });
    const replica = new Replica({
      machine,
      log: this.region.open(() => this.isCutOff),
      ...{ clock: systemClock, random: this.region.random, logger: silentLogger },
      peers: (_atLeast, signal) => this.region.snapshotFor(this, signal),
      ...{ snapshotEvery: 20, keepBehind: 5, quorumGraceMs: 5000 },
    });
    this.running = { machine, replica };
    await replica.start();
  }

  /** The process is gone, at any moment: the files are as they were, and `losing` bytes of the newest never arrived. */
  async kill(): Promise<void> {
    const { running, path } = this;
    if (running === undefined) return;
    this.running = undefined;
    const left = this.nextPath();
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, left + suffix);
    this.path = left;
    await running.replica.close();
    rmSync(dirname(path), { recursive: true });
  }

  /** A page, or the end, of what lies on the disk is spoilt. */
  damage(random: Random): void {
    const files = [this.path, `${this.path}-wal`].filter(file => existsSync(file) && readFileSync(file).length > 0);
    const file = files[Math.floor(random.next() * files.length)];
    if (file === undefined) return;
    const bytes = readFileSync(file);
    if (random.next() < 0.4) return truncateSync(file, Math.floor(random.next() * bytes.length));
    const page = Math.floor((random.next() * bytes.length) / 4096) * 4096;
    bytes.fill(random.next() < 0.5 ? 0 : 0x5a, page, Math.min(page + 4096, bytes.length));
    writeFileSync(file, bytes);
  }
}

class Region {
  readonly name: string;
  readonly random: Random;
  readonly log: MemoryLog;
  readonly zones: readonly Zone[];
  readonly model = new Model();
  copies = 0;

  constructor(seed: number) {
    this.name = `seed-${seed}`;
    this.random = seededRandom(seed);
    this.log = new MemoryLog(systemClock);
    this.log.mishap = () =>
      this.random.next() < 0.1 ? 'ack-lost' : this.random.next() < 0.1 ? 'stored-twice' : 'none';
    const store = this.log.store.bind(this.log);
    this.log.store = payload => {
      const seq = store(payload);
      this.model.apply({ seq, time: 0, payload });
      return seq;
    };
    this.zones = [0, 1, 2].map(no => new Zone(this, no));
  }

  /** A log is trimmed by every zone that keeps a copy of it: here by the one that is furthest behind, or nobody would be. */
  open(isCutOff: () => boolean): ReplicatedLog {
    return this.log.open(isCutOff);
  }

  async snapshotFor(asking: Zone, signal: AbortSignal) {
    for (const { running } of this.zones.filter(zone => zone !== asking)) {
      const stream = running?.replica.snapshotStream();
      if (stream === undefined) continue;
      this.copies++;
      const sent = Readable.from(stream);
      signal.addEventListener('abort', () => sent.destroy(), { once: true });
      return receiveSnapshot(sent);
    }
    return undefined;
  }

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random.next() * values.length)]!;
  }
}

/** Something goes wrong, or right again, in one zone; two others, whole ones, always stay. */
async function trouble(region: Region): Promise<void> {
  const { random } = region;
  const [first, ...others] = region.zones;
  const zone = region.pick(others);
  const other = others.find(other => other !== zone)!;
  const isOtherAway = other.running === undefined || other.isFull || other.isCutOff;
  if (first!.running === undefined || isOtherAway) await Promise.all([first!.start(), other.start()]);
  const what = random.next();
  if (what < 0.25) {
    await zone.kill();
    if (random.next() < 0.5) zone.damage(random);
  } else if (what < 0.4) zone.isFull = !zone.isFull;
  else if (what < 0.55) zone.isCutOff = !zone.isCutOff;
  else {
    zone.isFull = false;
    zone.isCutOff = false;
    await zone.start();
  }
}

async function run(seed: number): Promise<Region> {
  const region = new Region(seed);
  const { random } = region;
  for (const zone of region.zones) await zone.start();
  const acknowledged: Promise<unknown>[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (random.next() < 0.3) await trouble(region);
    const able = region.zones.filter(zone => zone.running !== undefined && !zone.isFull && !zone.isCutOff);
    const { replica } = region.pick(able).running!;
    for (let i = Math.floor(random.next() * 12); i >= 0; i--) {
      const command = {
        counter: `c${Math.floor(random.next() * 50)}`,
        by: 1 + Math.floor(random.next() * 9),
        payload: 'p'.repeat(random.next() * 300),
      };
      const id = `${seed}-${step}-${i % 8}`;
      acknowledged.push(
        replica.execute(command, { id, deadline: systemClock.monotonic() + 1000 }).catch(error => {
          if (!(error instanceof LogUnavailable)) throw error;
        }),
      );
    }
    if (random.next() < 0.7) await Promise.all(acknowledged.splice(0));
  }
  await Promise.all(acknowledged);
  for (const zone of region.zones) {
    zone.isFull = false;
    zone.isCutOff = false;
    await zone.start();
  }
  return region;
}

describe('replicas of a stored state', () => {
  it('come back to what the log says after kills, damaged and full disks, and a log that forgets', {
    timeout: SEEDS * 60_000,
  }, async () => {
    let copies = 0;
    for (let seed = SEED; seed < SEED + SEEDS; seed++) {
      const region = await run(seed);
      for (const { no, running } of region.zones) {
        const { replica, machine } = running!;
        await until(`zone ${no} of seed ${seed} to catch up`, () => replica.applied === region.log.last);
        expect(machine.view.counters(), `zone ${no} of seed ${seed}`).toEqual(
          Object.fromEntries(Object.entries(region.model.counters).sort(([a], [b]) => (a < b ? -1 : 1))),
        );
        expect(machine.view.sum).toBe(region.model.sum);
        expect(replica.hash).toBe(region.zones[0]!.running!.replica.hash);
      }
      for (const { running } of region.zones) await running!.replica.close();
      copies += region.copies;
    }
    // A run in which nobody fell behind the log proves less.
    expect(copies).toBeGreaterThan(0);
  });
});
