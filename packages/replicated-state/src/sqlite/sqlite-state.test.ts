/** One state in a file: what a batch leaves behind, what is found again, what is taken for damage, and copies. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Logger, silentLogger } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { StoredPosition } from '../stored-state.ts';
import { CountingMachine, type CountingOptions } from '../testing/counting-machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const freshPath = () => join(folder, `${++files}`, 'state.db');

const open = new Set<CountingMachine>();
afterEach(async () => {
  for (const machine of open) await machine.stored.close();
  open.clear();
});

function machineAt(path: string, options: Partial<CountingOptions> = {}): CountingMachine {
  const machine = new CountingMachine({ path, logger: silentLogger, ...options });
  open.add(machine);
  return machine;
}

const at = (seq: number): StoredPosition => ({ logId: 'log', seq, now: seq * 1000, hash: seq * 7 });

/** Adds `by` to a counter by an entry of its own. */
function addTo(machine: CountingMachine, seq: number, counter: string, by = 1, payload = ''): void {
  machine.stored.begin();
  const result = machine.apply({ seq, now: seq * 1000 }, { counter, by, payload });
  machine.stored.commit(at(seq), [{ seq, at: seq * 1000, commands: [[`id-${seq}`, result]] }], seq * 1000 - 5000);
}

const warnings = () => {
  const lines: string[] = [];
  const logger: Logger = { ...silentLogger, warn: message => void lines.push(message), with: () => logger };
  return { lines, logger };
};

/** What a process that is killed leaves on the disk: the files as they are. */
function killed(path: string): string {
  const copy = freshPath();
  mkdirSync(dirname(copy));
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

describe('a state in SQLite', () => {
  it('is found again with its place and what it remembers, which ends after a while', async () => {
    const path = freshPath();
    const machine = machineAt(path);
    expect(machine.stored.position).toBeUndefined();
    for (let seq = 1; seq <= 10; seq++) addTo(machine, seq, 'a', seq);
    await machine.stored.close();
    const again = machineAt(path);
    expect(again.stored.position).toEqual(at(10));
    expect(again.view.counters()).toEqual({ a: 55 });
    expect([...again.stored.remembered()].map(({ seq }) => seq)).toEqual([5, 6, 7, 8, 9, 10]);
    expect([...again.stored.remembered()].at(-1)).toEqual({ seq: 10, at: 10_000, commands: [['id-10', 55]] });
  });

  it('is whole after a kill at any moment, and after a loss of power no older than its last sync', async () => {
    const path = freshPath();
    const machine = machineAt(path);
    for (let seq = 1; seq <= 20; seq++) addTo(machine, seq, `c${seq % 3}`, seq);
    await machine.stored.sync();
    const synced = walBytes(path);
    for (let seq = 21; seq <= 60; seq++) addTo(machine, seq, `c${seq % 3}`, seq);
    machine.stored.begin();
    machine.apply({ seq: 61, now: 0 }, { counter: 'never', by: 1 });
    const afterKill = machineAt(killed(path));
    expect(afterKill.stored.position).toEqual(at(60));
    expect(afterKill.view.sum).toBe((60 * 61) / 2);
    for (let lost = 1; synced + lost < walBytes(path); lost += 39_973) {
      const copy = killed(path);
      truncateSync(`${copy}-wal`, walBytes(path) - lost);
      const afterLoss = machineAt(copy);
      const seq = afterLoss.stored.position?.seq ?? 0;
      expect(seq).toBeGreaterThanOrEqual(20);
      expect(afterLoss.view.sum).toBe((seq * (seq + 1)) / 2);
      expect(afterLoss.view.applied).toBe(seq);
    }
    machine.stored.rollback(undefined);
  });

  it('takes a batch back as a whole, and tells nobody of what was in it', () => {
    const machine = machineAt(freshPath());
    addTo(machine, 1, 'a');
    const told: string[] = [];
    machine.stored.onReset(() => void told.push('reset'));
    machine.stored.begin();
    machine.apply({ seq: 2, now: 0 }, { counter: 'b', by: 5 });
    machine.stored.afterCommit(() => void told.push('never'));
    machine.stored.rollback(new Error('why'));
    expect(told).toEqual(['reset']);
    expect(machine.view.counters()).toEqual({ a: 1 });
    expect(machine.stored.position).toEqual(at(1));
    expect(machine.stored.damage).toBeUndefined();
    machine.stored.begin();
    machine.stored.afterCommit(() => void told.push(`committed ${machine.view.sum}`));
    machine.apply({ seq: 2, now: 0 }, { counter: 'b', by: 5 });
    expect(told).toHaveLength(1);
    machine.stored.commit(at(2), [], 0);
    expect(told).toEqual(['reset', 'committed 6']);
  });

  it.each([
    ['text', (path: string) => writeFileSync(path, 'no database at all, but long enough to be looked at'.repeat(200))],
    [
      'another database',
      (path: string) => {
        rmSync(path);
        const other = new DatabaseSync(path);
        other.exec('CREATE TABLE other (a); INSERT INTO other VALUES (1)');
        other.close();
      },
    ],
    ['half a file', (path: string) => truncateSync(path, 8192)],
    ['an empty page', (path: string) => overwrite(path, 4096 * 3, Buffer.alloc(4096))],
    ['a page of noise', (path: string) => overwrite(path, 4096 * 2, Buffer.alloc(4096, 0x5a))],
    ['an empty first page', (path: string) => overwrite(path, 0, Buffer.alloc(4096))],
  ])('is dropped with a warning where the file is %s', async (_what, damage) => {
    const path = freshPath();
    const machine = machineAt(path);
    for (let seq = 1; seq <= 50; seq++) addTo(machine, seq, `counter-${seq}`, 1, 'x'.repeat(500));
    await machine.stored.close();
    damage(path);
    const { lines, logger } = warnings();
    const again = machineAt(path, { logger });
    expect(lines).toEqual(['stored state dropped']);
    expect(again.stored.position).toBeUndefined();
    addTo(again, 1, 'a');
    expect(again.view.counters()).toEqual({ a: 1 });
  });

  it('is dropped where its format, or its machine, is another', async () => {
    const path = freshPath();
    const machine = machineAt(path);
    addTo(machine, 1, 'a');
    await machine.stored.close();
    expect(machineAt(path, { format: 2 }).stored.position).toBeUndefined();
  });

  it('leaves a state alone that cannot be read for another reason', async () => {
    const { lines, logger } = warnings();
    expect(() => machineAt(folder, { logger })).toThrow();
    expect(lines).toEqual([]);
  });

  it('is copied as of one place while it goes on, and takes the place of another', async () => {
    const machine = machineAt(freshPath());
    for (let seq = 1; seq <= 300; seq++) addTo(machine, seq, `counter-${seq}`, 1, 'y'.repeat(1000));
    const making = machine.stored.copy();
    for (let seq = 301; seq <= 400; seq++) addTo(machine, seq, `counter-${seq}`);
    const copy = await making;
    const { seq } = copy.position;
    expect(seq).toBeGreaterThanOrEqual(300);

    const path = freshPath();
    const behind = machineAt(path);
    addTo(behind, 1, 'old');
    const resets: number[] = [];
    behind.stored.onReset(() => void resets.push(behind.view.sum));
    await behind.stored.replace(copy.bytes, copy.position);
    await copy.discard();
    expect(resets).toEqual([seq]);
    expect(behind.stored.position).toEqual(at(seq));
    expect(behind.view.applied).toBe(seq);
    expect(Object.keys(behind.view.counters())).toHaveLength(seq);
    expect(readdirSync(join(path, '..')).filter(name => name.includes('incoming'))).toEqual([]);
    addTo(behind, seq + 1, 'new');
    await behind.stored.close();
    expect(machineAt(path).stored.position).toEqual(at(seq + 1));
  });

  it('stays as it is when a copy is cut off, is of another place, or is no state', async () => {
    const source = machineAt(freshPath());
    for (let seq = 1; seq <= 40; seq++) addTo(source, seq, `c${seq}`, 1, 'z'.repeat(2000));
    const path = freshPath();
    const machine = machineAt(path);
    addTo(machine, 1, 'mine');
    const cutOff = async function* () {
      yield new Uint8Array(5000);
      throw new Error('the peer is gone');
    };
    await expect(machine.stored.replace(cutOff(), at(9))).rejects.toThrow('the peer is gone');
    const noise = async function* () {
      yield Buffer.alloc(40_000, 'noise');
    };
    await expect(machine.stored.replace(noise(), at(9))).rejects.toThrow();
    const copy = await source.stored.copy();
    await expect(machine.stored.replace(copy.bytes, at(41))).rejects.toThrow('a copy at 40 was sent as one at 41');
    await copy.discard();
    expect(machine.view.counters()).toEqual({ mine: 1 });
    expect(readdirSync(join(path, '..')).filter(name => /incoming|copy/.test(name))).toEqual([]);
  });

  it('makes a bounded number of copies at once, and frees what nobody draws', async () => {
    const path = freshPath();
    const machine = machineAt(path);
    addTo(machine, 1, 'a');
    const copies = [await machine.stored.copy(), await machine.stored.copy()];
    await expect(machine.stored.copy()).rejects.toThrow('too many copies');
    for (const copy of copies) await copy.discard();
    expect(readdirSync(join(path, '..')).filter(name => name.includes('copy'))).toEqual([]);
    await (await machine.stored.copy()).discard();
  });

  it('brings its write-ahead log into the file beside the work on it', async () => {
    const path = freshPath();
    const machine = machineAt(path, { walBytes: 1024 * 1024 });
    const payload = 'p'.repeat(10_000);
    let seq = 0;
    const hasBegunAnew = () => {
      for (let i = 0; i < 50; i++) addTo(machine, ++seq, `counter-${seq % 100}`, 1, payload);
      const frames = Number(machine.stored.statement('PRAGMA wal_checkpoint(NOOP)').get()?.log);
      return seq > 500 && frames * 4120 < walBytes(path) / 2;
    };
    await until('the write-ahead log to begin anew', hasBegunAnew);
    expect(statSync(path).size).toBeGreaterThan(500_000);
    expect(machineAt(killed(path)).view.sum).toBe(seq);
  });

  it('is damaged when its files are removed, and begins anew when it is cleared', async () => {
    const path = freshPath();
    const machine = machineAt(path);
    addTo(machine, 1, 'a');
    let told = 0;
    machine.stored.onDamage(() => void told++);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix);
    addTo(machine, 2, 'a');
    expect(machine.stored.damage).toBe('its files are gone');
    expect(told).toBe(1);
    await machine.stored.clear();
    expect(machine.stored.damage).toBeUndefined();
    expect(machine.stored.position).toBeUndefined();
    addTo(machine, 1, 'b');
    await machine.stored.close();
    expect(machineAt(path).view.counters()).toEqual({ b: 1 });
  });

  it('has committed what listeners fail at', () => {
    const machine = machineAt(freshPath());
    machine.stored.begin();
    machine.stored.afterCommit(() => {
      throw new Error('a bug');
    });
    machine.apply({ seq: 1, now: 0 }, { counter: 'a', by: 1 });
    machine.stored.commit(at(1), [], 0);
    expect(machine.stored.position).toEqual(at(1));
    expect(machine.view.sum).toBe(1);
  });

  it('writes nothing where the disk takes nothing', () => {
    let isFull = false;
    const beforeWrite = () => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    const machine = machineAt(freshPath(), { beforeWrite });
    addTo(machine, 1, 'a');
    isFull = true;
    expect(() => addTo(machine, 2, 'a')).toThrow('ENOSPC');
    isFull = false;
    addTo(machine, 2, 'a');
    expect(machine.view.sum).toBe(2);
  });
});

describe('a state in memory', () => {
  it('gives its rows as JSON records, and takes them', () => {
    const machine = machineAt(':memory:');
    for (let seq = 1; seq <= 5; seq++) addTo(machine, seq, `c${seq}`, seq, '\u0000 payload é');
    const records = JSON.parse(JSON.stringify([...machine.snapshot()]));
    addTo(machine, 6, 'later');
    const other = machineAt(':memory:');
    addTo(other, 1, 'gone');
    other.install(records);
    expect(other.view.counters()).toEqual({ c1: 1, c2: 2, c3: 3, c4: 4, c5: 5 });
    expect([...other.snapshot()]).toEqual(records);
  });
});

function overwrite(path: string, position: number, bytes: Buffer): void {
  const whole = Buffer.from(readFileSync(path));
  bytes.copy(whole, position);
  writeFileSync(path, whole);
}

const walBytes = (path: string): number => statSync(`${path}-wal`).size;
