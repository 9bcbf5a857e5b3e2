/** What large commands may cost: batches and the log behind a snapshot are bounded in bytes, and no command is too large. */
import { silentLogger, systemClock, systemRandom } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { describe, expect, it } from 'vitest';
import { ListMachine } from './contract/list-machine.ts';
import { MemoryLog } from './engines/memory/memory-log.ts';
import { decodeEnvelope } from './envelope.ts';
import { LogUsage } from './log-usage.ts';
import { CommandTooLarge } from './proposer.ts';
import { Replica, type ReplicaOptions } from './replica.ts';
import type { Snapshot } from './snapshot.ts';

const KIB = 1024;
const deadline = () => systemClock.monotonic() + 20_000;

async function listReplica(
  log: MemoryLog,
  options: Partial<ReplicaOptions<string, number, { values: readonly string[] }>> = {},
) {
  const replica = new Replica({
    machine: new ListMachine(),
    ...{ log: log.open(), clock: systemClock, random: systemRandom, logger: silentLogger },
    ...options,
  });
  await replica.start();
  // The first batch of a replica is an empty one.
  await replica.execute('first', { deadline: deadline() });
  return replica;
}

describe('large commands', () => {
  it('go into batches of bounded size, in order', async () => {
    const log = new MemoryLog(systemClock);
    const replica = await listReplica(log);
    const values = Array.from({ length: 40 }, (_, i) => String(i).padEnd(40 * KIB, 'x'));
    const before = log.last;
    await Promise.all(values.map(value => replica.execute(value, { deadline: deadline() })));
    expect(replica.view.values.slice(1)).toEqual(values);
    const sizes = log.read(before + 1).map(({ payload }) => payload.length);
    expect(Math.max(...sizes)).toBeLessThan(257 * KIB);
    expect(sizes.length).toBeLessThan(10);
    await replica.close();
  });

  it('go alone where they are larger than a batch, and are refused where no engine would take them', async () => {
    const log = new MemoryLog(systemClock);
    const replica = await listReplica(log);
    const before = log.last;
    const large = 'é'.repeat(400 * KIB);
    await Promise.all(['small', large, 'other'].map(value => replica.execute(value, { deadline: deadline() })));
    const batches = log.read(before + 1).map(({ payload }) => decodeEnvelope(payload)?.commands.length);
    expect(batches).toEqual([1, 1, 1]);
    await expect(replica.execute(large + large, { deadline: deadline() })).rejects.toBeInstanceOf(CommandTooLarge);
    expect(replica.view.values).toHaveLength(4);
    await replica.close();
  });

  it('make a replica save its state, and let the log go, long before many of them came', async () => {
    const log = new MemoryLog(systemClock);
    let saved: Snapshot | undefined;
    const snapshots = {
      load: async () => undefined,
      save: async (snapshot: Snapshot) => {
        saved = snapshot;
      },
    };
    const replica = await listReplica(log, { snapshots, keepBytes: 8 * KIB * KIB });
    for (let i = 0; i < 400; i++) await replica.execute(String(i).padEnd(100 * KIB, 'x'), { deadline: deadline() });
    await until('the log to be trimmed', () => log.bounds().first > 100);
    const { first, last } = log.bounds();
    const held = log.read(first).reduce((sum, { payload }) => sum + payload.length, 0);
    expect(held).toBeLessThan(16 * KIB * KIB);
    expect(saved!.header.seq).toBeGreaterThanOrEqual(first - 1);
    expect(saved!.header.seq).toBeLessThanOrEqual(last);
    await replica.close();
  });
});

describe('the use of a log', () => {
  it('finds the last place behind which more than so many bytes lie', () => {
    const usage = new LogUsage();
    expect(usage.placeBefore(0)).toBe(0);
    for (let seq = 1; seq <= 100; seq++) usage.add(seq, KIB * KIB);
    expect(usage.total).toBe(100 * KIB * KIB);
    expect(usage.placeBefore(10 * KIB * KIB)).toBe(89);
    expect(usage.placeBefore(200 * KIB * KIB)).toBe(0);
  });
});
