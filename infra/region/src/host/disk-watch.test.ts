import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backgroundClock, silentLogger } from '@stormglass/base';
import { until } from '@stormglass/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskWatch } from './disk-watch.ts';

let folder: string;
let watch: DiskWatch | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stormglass-disk-'));
});
afterEach(async () => {
  await watch?.close();
  await rm(folder, { recursive: true, force: true });
});

function start(beforeWrite: () => void): DiskWatch {
  // Time runs a hundred times as fast.
  const clock = { ...backgroundClock, after: (ms: number, fn: () => void) => backgroundClock.after(ms / 100, fn) };
  watch = new DiskWatch({ folder, beforeWrite, clock, logger: silentLogger });
  return watch;
}

it('tells a full disk from a broken one, and sees it recover', async () => {
  let code: string | undefined;
  const disk = start(() => {
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  });
  expect(disk.state).toBe('ok');
  code = 'ENOSPC';
  await until('full', () => disk.state === 'full');
  code = 'EIO';
  await until('failing', () => disk.state === 'failing');
  code = undefined;
  await until('ok', () => disk.state === 'ok');
});

it('notices a folder that is gone', async () => {
  const disk = start(() => {});
  await rm(folder, { recursive: true });
  await until('failing', () => disk.state === 'failing');
});
