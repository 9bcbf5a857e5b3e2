/** The life of a region under the `stormglass` command: up, down, killed, in the foreground, on a disk that fills. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IAMServiceException } from '@aws-sdk/client-iam';
import type { RegionStatus } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUser, endStarted, expectRefusal, Folder, json, spawnMain, users } from './command-folder.ts';
import { isRunning, untilGone } from './processes.ts';
import { stormglass } from './region-under-test.ts';

afterAll(endStarted);

describe('a folder of its own', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.close());

  it('without a region every command says what to do', async () => {
    for (const name of ['status', 'zones', 'doctor', 'env', 'wait', 'fault']) {
      expectRefusal(await folder.run(name), 1, 'the region is not running; start it with `stormglass up`');
      expect(json(await folder.run(name, '--json'))).toEqual({ error: 'the region is not running' });
    }
    expect(await folder.run('down')).toEqual({ code: 0, stdout: 'The region is not running.\n', stderr: '' });
    expect(await folder.run('logs')).toEqual({ code: 0, stdout: '', stderr: 'There are no logs yet.\n' });
    for (const [option, value] of [
      ['--port', 'x'],
      ['--port', '65536'],
      ['--log-level', 'loud'],
    ]) {
      expectRefusal(await folder.run('up', option!, value!), 2, `${option} must be `);
    }
    expectRefusal(await folder.up('--region', 'mars'), 1, 'mars is not the name of a region');
    expectRefusal(await folder.up('--host', '203.0.113.1'), 1, '203.0.113.1 is not an address of this machine');
  });

  it('what a region knows survives down and up, and not a reset', async () => {
    expect(await folder.up()).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nReady\.\n$/) });
    await createUser(folder.world, 'survivor');
    const pids = await folder.pids();
    expect(await folder.run('down')).toMatchObject({ code: 0, stdout: 'Stopped.\n' });
    await untilGone(pids);
    const again = json(await folder.up('--json')) as RegionStatus;
    expect(again).toMatchObject({ ready: true, folder: folder.path });
    expect(await users(folder.world)).toEqual(['survivor']);
    expect(json(await folder.run('down', '--json'))).toEqual({ stopped: true });

    const otherRegion = await folder.up('--region', 'eu-west-1');
    expectRefusal(otherRegion, 1, 'holds the region us-east-1; choose another --folder, or reset it');

    await folder.up();
    expect(json(await folder.run('reset', '--yes', '--json'))).toEqual({ reset: folder.path });
    expect(existsSync(folder.path)).toBe(false);
    await folder.up();
    expect(await users(folder.world)).toEqual([]);
  });

  it('an ephemeral region leaves nothing behind and does not touch the region of its folder', async () => {
    await folder.up();
    await createUser(folder.world, 'settled');
    await folder.run('down');
    const before = listing(folder.path);

    await folder.up('--ephemeral');
    const { ephemeral, folder: elsewhere } = await folder.world.status();
    expect([ephemeral, existsSync(elsewhere), elsewhere === folder.path]).toEqual([true, true, false]);
    expect(await users(folder.world)).toEqual([]);
    await createUser(folder.world, 'passing');
    expect((await folder.run('logs', '-n', '1')).stdout).not.toBe('');
    await folder.run('down');
    expect([existsSync(elsewhere), existsSync(new StateFolder(folder.path).runFolder)]).toEqual([false, false]);
    expect(listing(folder.path)).toEqual(before);

    await folder.up();
    expect(await users(folder.world)).toEqual(['settled']);
  });

  it('a killed world takes its hosts along, and its successor knows what it knew', async () => {
    await folder.up();
    await createUser(folder.world, 'before');
    const [world, ...hosts] = await folder.pids();
    process.kill(world!, 'SIGKILL');
    await untilGone([world!, ...hosts]);
    expectRefusal(await folder.run('status'), 1, 'the region is not running');
    expect((await folder.up()).code).toBe(0);
    expect(await users(folder.world)).toEqual(['before']);
  });

  it('a host that was frozen when its world was killed is ended by the next one', async () => {
    await folder.up();
    const { zones } = await folder.world.status();
    await folder.run('disable-zones', 'use1-az2', '--mode', 'freeze');
    const [world, ...hosts] = await folder.pids();
    const frozen = zones[1]!.pid!;
    process.kill(world!, 'SIGKILL');
    await untilGone([world!, ...hosts.filter(pid => pid !== frozen)]);
    expect(isRunning(frozen)).toBe(true);
    expect((await folder.up()).code).toBe(0);
    await untilGone([frozen]);
    expect((await folder.world.status()).zones.every(zone => zone.healthy)).toBe(true);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('in the foreground, until %s', async signal => {
    const up = spawnMain(['up', '--foreground', '--port', '0', '--folder', folder.path]);
    await until('Ready.', () => up.stdout().endsWith('\nReady.\n'), 60_000);
    expect(up.stdout()).toMatch(/^unset AWS_SESSION_TOKEN AWS_PROFILE\nexport AWS_ENDPOINT_URL=/);
    const pids = await folder.pids();
    expect(pids[0]).toBe(up.child.pid);
    // What a terminal does: ctrl-c reaches the hosts as well.
    for (const pid of signal === 'SIGINT' ? pids : [up.child.pid!]) process.kill(pid, signal);
    expect(await up.ended).toBe(0);
    await untilGone(pids);
    expect(existsSync(new StateFolder(folder.path).runFolder)).toBe(false);
  });

  it('a folder that cannot be one', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      for (const how of [[], ['--foreground']]) {
        const refused = await stormglass(['up', '--port', '0', '--folder', path, ...how]);
        expectRefusal(refused, 1, `${path} is not a folder; choose another one with --folder`);
      }
    }
  });
});

/** Everything in a folder. */
const listing = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .map(entry => join(entry.parentPath, entry.name))
    .sort();

/** The error, when it is an answer of the region. */
const refusalOf = (error: unknown): IAMServiceException | undefined =>
  error instanceof IAMServiceException && error.name === 'ServiceUnavailable' ? error : undefined;

/** A small file system of its own; undefined where the system does not let us mount one. */
function mountSmallDisk(path: string, sizeMiB: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function fill(path: string): void {
  try {
    for (let size = 1 << 20; size >= 1; size >>= 1) {
      while (statfsSync(path).bavail * statfsSync(path).bsize >= size) {
        writeFileSync(join(path, 'filler'), Buffer.alloc(size), { flag: 'a' });
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

describe('a disk that is full', () => {
  let folder: Folder;
  let mounted = false;
  beforeEach(() => {
    folder = new Folder();
    mounted = mountSmallDisk(folder.path, 24);
  });
  afterEach(async () => {
    await folder.run('down');
    // Processes that have just ended hold on to it for a moment.
    if (mounted) await until('nobody to use the disk', () => spawnSync('umount', [folder.path]).status === 0);
    await folder.close();
  });

  it('at the start is said in a sentence', async context => {
    if (!mounted) return context.skip('this system does not let us mount a small disk');
    mkdirSync(join(folder.path, 'logs'));
    fill(folder.path);
    const sentence = `the disk of ${folder.path} is full; free some space, or choose another folder with --folder`;
    for (const how of [[], ['--foreground']]) expectRefusal(await folder.up(...how), 1, `Cannot start: ${sentence}`);
    expect(json(await folder.up('--json'))).toEqual({ error: sentence });
  });

  it('while running refuses writes, damages nothing, and heals', async context => {
    if (!mounted) return context.skip('this system does not let us mount a small disk');
    expect((await folder.up()).code).toBe(0);
    const pids = await folder.pids();
    const kept: string[] = [];
    const create = async () => {
      const name = `user-${String(kept.length).padStart(5, '0')}`;
      await createUser(folder.world, name);
      kept.push(name);
      return true;
    };
    await create();
    fill(folder.path);
    // A connection to a zone that has just lost its log may end without an answer; whoever asks again gets one.
    const refusal = await until('a refused write', () => create().then(() => undefined, refusalOf), 60_000);
    expect(refusal.$metadata.httpStatusCode).toBe(503);
    expect((await users(folder.world)).slice(0, kept.length)).toEqual(kept);
    expect(await folder.pids()).toEqual(pids);

    rmSync(join(folder.path, 'filler'));
    const tolerant = () => create().catch((error: Error) => error.name === 'EntityAlreadyExistsException');
    await until('writes to be taken again', tolerant, 60_000);
    await until('the region to be well', async () => (await folder.run('doctor')).code === 0, 60_000);
    expect(await users(folder.world)).toEqual(expect.arrayContaining(kept));
    await folder.run('down');
    expect((await folder.up()).code).toBe(0);
    expect(await users(folder.world)).toEqual(expect.arrayContaining(kept));
    expect((await folder.run('doctor')).code).toBe(0);
  });
});
