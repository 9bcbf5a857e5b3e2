import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomInt, seededRandom, silentLogger } from '@stormglass/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from './journal.ts';
import { openJournal } from './journal-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormglass-journal-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openJournal(folder, silentLogger);
const entry = (seq: number, epoch = 1, size = 20): JournalEntry => ({
  seq,
  epoch,
  time: 1000 + seq,
  payload: Buffer.alloc(size, `${seq}.`),
});
const entries = (from: number, to: number, epoch = 1, size?: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, epoch, size));
const segments = () =>
  readdirSync(folder)
    .filter(name => name.endsWith('.segment'))
    .sort();
const newest = () => join(folder, segments().at(-1)!);

async function written(count: number): Promise<void> {
  const journal = await open();
  await journal.promise(1, 'log-1', true);
  await journal.append(entries(1, count), count - 1);
  await journal.close();
}

describe('journal files', () => {
  it('give back what was stored, across a restart', async () => {
    await written(10);
    const journal = await open();
    expect(journal).toMatchObject({ logId: 'log-1', promised: 1, last: 10, commitHint: 9, sound: true });
    expect(await journal.read(4, 1e6)).toEqual(entries(4, 10));
    expect(await journal.read(4, 1)).toEqual([entry(4)]);
    await journal.append([entry(11, 2)], 10);
    expect(journal.epochs).toEqual([
      { epoch: 1, from: 1 },
      { epoch: 2, from: 11 },
    ]);
    await journal.close();
  });

  it('cut off a torn last write and stay sound, wherever it was torn', async () => {
    for (let cut = 1; cut <= 59; cut += 6) {
      await rm(folder, { recursive: true });
      await written(5);
      const whole = (await readFile(newest())).length;
      await truncate(newest(), whole - cut);
      const journal = await open();
      expect(journal.last, `cut ${cut}`).toBe(4);
      expect(journal.sound).toBe(true);
      await journal.append([entry(5)], 4);
      await journal.close();
      expect((await open()).last).toBe(5);
    }
  });

  it('cut off what is corrupt and say that they are no longer sound', async () => {
    const random = seededRandom(9);
    for (let round = 0; round < 40; round++) {
      await rm(folder, { recursive: true });
      await written(20);
      const bytes = await readFile(newest());
      const at = randomInt(random, bytes.length);
      bytes[at] = bytes[at]! ^ (1 << randomInt(random, 8));
      await writeFile(newest(), bytes);
      const journal = await open();
      expect(journal.last, `flipped byte ${at}`).toBeLessThan(20);
      expect(journal.sound, `flipped byte ${at}`).toBe(false);
      if (journal.last > 0) expect(await journal.read(1, 1e6)).toEqual(entries(1, journal.last));
      await journal.restore();
      expect(journal.sound).toBe(true);
      await journal.close();
    }
  });

  it('drop a suffix durably', async () => {
    await written(10);
    const journal = await open();
    await journal.truncateAfter(6);
    await journal.append(entries(7, 8, 3), 6);
    await journal.close();
    const again = await open();
    expect(again.last).toBe(8);
    expect(await again.read(6, 1e6)).toEqual([entry(6), entry(7, 3), entry(8, 3)]);
    await again.close();
  });

  it('roll over to new segments and trim whole ones', async () => {
    const journal = await open();
    await journal.promise(1, 'log-1', true);
    for (let i = 0; i < 12; i++) await journal.append(entries(i * 10 + 1, i * 10 + 10, 1, 100_000), i * 10);
    expect(segments().length).toBeGreaterThan(2);
    await journal.trim(100);
    expect(journal.base.seq).toBeGreaterThan(0);
    expect(journal.base.seq).toBeLessThanOrEqual(100);
    const first = journal.base.seq + 1;
    await journal.close();
    const again = await open();
    expect(again.base).toEqual({ seq: first - 1, epoch: 1 });
    expect((await again.read(first, 1))[0]!.seq).toBe(first);
    expect(again.last).toBe(120);
    await again.close();
  });

  it('begin anew when their own record is damaged', async () => {
    await written(5);
    await writeFile(join(folder, 'meta.json'), '{"logId": "log');
    const journal = await open();
    expect(journal).toMatchObject({ logId: undefined, promised: 0, last: 0 });
    await journal.close();
  });

  it('change nothing on a disk without room, and go on when there is some', async () => {
    await written(5);
    let isFull = false;
    const journal = await openJournal(folder, silentLogger, () => {
      if (isFull) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    });
    isFull = true;
    const refused = { code: 'ENOSPC' };
    await expect(journal.append([entry(6)], 5)).rejects.toMatchObject(refused);
    await expect(journal.promise(2, 'log-1', true)).rejects.toMatchObject(refused);
    await expect(journal.restart({ seq: 100, epoch: 7 })).rejects.toMatchObject(refused);
    expect(journal).toMatchObject({ promised: 1, last: 5, base: { seq: 0 } });
    expect(await journal.read(1, 1e6)).toEqual(entries(1, 5));
    isFull = false;
    await journal.append([entry(6)], 5);
    await journal.close();
    const again = await open();
    expect(await again.read(1, 1e6)).toEqual(entries(1, 6));
    await again.close();
  });

  it('start anew behind a base', async () => {
    await written(5);
    const journal = await open();
    await journal.restart({ seq: 100, epoch: 7 });
    await journal.append([entry(101, 8)], 100);
    await journal.close();
    const again = await open();
    expect(again).toMatchObject({ base: { seq: 100, epoch: 7 }, last: 101 });
    await again.close();
  });
});
