/** Backup and copying programs that people have, unchanged, against the object store: restic, rclone and s3cmd. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { RegionUnderTest } from './region-under-test.ts';

let region: RegionUnderTest;
let work: string;
let env: Environment;
let endpoint: URL;
beforeAll(async () => {
  region = await RegionUnderTest.start();
  work = await mkdtemp(join(tmpdir(), 'stormglass-tools-'));
  endpoint = new URL(await region.endpoint());
  env = { ...(await environmentOf(region)), HOME: work };
});
afterAll(async () => {
  await region?.close();
  await rm(work, { recursive: true, force: true });
});

/** Small, empty, odd and large: larger than what any of the three sends in one piece. */
const FILES: Readonly<Record<string, number>> = {
  'a.txt': 12,
  empty: 0,
  'one frame': 40_000,
  'deep/er/still/b.bin': 1_000_000,
  'umlaut \u00e4 + % & #.dat': 3000,
  'large.bin': 18_000_000,
};

function makeTree(name: string): string {
  const root = join(work, name);
  for (const [path, size] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), randomBytes(size));
  }
  return root;
}

/** Hashes of all files below a folder, by path. */
const hashes = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [relative(root, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

/** Runs a program that must succeed; what it printed. */
async function ok(command: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runClient(command, args, env);
  expect(code, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

it('restic: init, backup, check of all data, restore', async () => {
  env = { ...env, RESTIC_PASSWORD: 'a password', RESTIC_REPOSITORY: `s3:${endpoint.href}restic-repository/backups` };
  const root = makeTree('restic');
  await ok('restic', 'init');
  await ok('restic', 'backup', root);
  writeFileSync(join(root, 'a.txt'), 'changed since');
  rmSync(join(root, 'empty'));
  await ok('restic', 'backup', root);
  expect(JSON.parse(await ok('restic', 'snapshots', '--json'))).toHaveLength(2);
  expect(await ok('restic', 'check', '--read-data')).toContain('no errors were found');
  await ok('restic', 'restore', 'latest', '--target', join(work, 'restored'));
  expect(hashes(join(work, 'restored', root))).toEqual(hashes(root));
  await ok('restic', 'forget', '--keep-last', '1', '--prune');
  expect(await ok('restic', 'check')).toContain('no errors were found');
});

describe('rclone', () => {
  const remote = 'glass:rclone-bucket/tree';
  const rclone = (...args: readonly string[]) => ok('rclone', '--config', join(work, 'rclone.conf'), ...args);
  beforeAll(() => {
    writeFileSync(
      join(work, 'rclone.conf'),
      `[glass]\ntype = s3\nprovider = Other\nenv_auth = true\nregion = us-east-1\nendpoint = ${endpoint.href}\n`,
    );
  });

  it('sync there and back, check, and a sync that deletes', async () => {
    const root = makeTree('rclone');
    await rclone('mkdir', 'glass:rclone-bucket');
    await rclone('sync', root, remote, '--s3-chunk-size', '5Mi', '--s3-upload-cutoff', '5Mi');
    await rclone('check', '--download', root, remote);
    await rclone('check', root, remote);
    rmSync(join(root, 'deep'), { recursive: true });
    writeFileSync(join(root, 'a.txt'), 'another text');
    await rclone('sync', root, remote);
    await rclone('sync', remote, join(work, 'rclone-back'));
    expect(hashes(join(work, 'rclone-back'))).toEqual(hashes(root));
    expect((await rclone('lsf', '-R', '--files-only', remote)).trim().split('\n').sort()).toEqual(
      Object.keys(hashes(root)).sort(),
    );
    await rclone('purge', remote);
  });
});

it('s3cmd: buckets, sync, parts, copies, access lists and deletions', async () => {
  const { host } = endpoint;
  const credentials = ['--access_key=test', '--secret_key=test', '--region=us-east-1'];
  const where = [`--host=${host}`, `--host-bucket=${host}`, '--no-ssl', '--no-check-md5'];
  writeFileSync(join(work, 's3cfg'), '[default]\n');
  const s3cmd = (...args: readonly string[]) =>
    ok('s3cmd', `--config=${join(work, 's3cfg')}`, ...credentials, ...where, '--no-progress', ...args);
  const root = makeTree('s3cmd');
  await s3cmd('mb', 's3://s3cmd-bucket');
  await s3cmd('sync', '--multipart-chunk-size-mb=5', `${root}/`, 's3://s3cmd-bucket/tree/');
  await s3cmd('cp', 's3://s3cmd-bucket/tree/large.bin', 's3://s3cmd-bucket/copy of large.bin');
  await s3cmd('get', 's3://s3cmd-bucket/copy of large.bin', join(work, 'copied'));
  expect(readFileSync(join(work, 'copied')).equals(readFileSync(join(root, 'large.bin')))).toBe(true);
  mkdirSync(join(work, 's3cmd-back'));
  await s3cmd('sync', 's3://s3cmd-bucket/tree/', `${join(work, 's3cmd-back')}/`);
  expect(hashes(join(work, 's3cmd-back'))).toEqual(hashes(root));
  expect(await s3cmd('info', 's3://s3cmd-bucket/tree/a.txt')).toContain('12');
  await s3cmd('del', '--recursive', '--force', 's3://s3cmd-bucket');
  await s3cmd('rb', 's3://s3cmd-bucket');
});
