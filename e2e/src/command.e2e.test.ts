/** The `stormglass` command as a person and a script meet it: what it prints, what it exits with, what it leaves behind. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { type RegionStatus, WorldClient } from '@stormglass/contracts';
import { StateFolder } from '@stormglass/region';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, untilGone } from './processes.ts';
import { type CommandResult, RegionUnderTest, stormglass } from './region-under-test.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'packages/cli/src/main.ts');

/** A folder for one test, and the command in it; whatever it started is stopped at the end. */
class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'stormglass-command-'));
  readonly world = new WorldClient(new StateFolder(this.path).controlSocket);

  run = (...args: string[]): Promise<CommandResult> => stormglass([...args, '--folder', this.path]);
  up = (...args: string[]): Promise<CommandResult> => this.run('up', '--port', '0', ...args);

  async pids(): Promise<number[]> {
    const { pid, zones } = await this.world.status();
    return [pid, ...zones.flatMap(zone => (zone.pid === undefined ? [] : [zone.pid]))];
  }

  async close(): Promise<void> {
    await this.run('down');
    rmSync(this.path, { recursive: true, force: true });
  }
}

async function iam(world: WorldClient): Promise<IAMClient> {
  const { endpoint } = await world.status();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

const createUser = async (world: WorldClient, UserName: string): Promise<unknown> =>
  (await iam(world)).send(new CreateUserCommand({ UserName }));
const users = async (world: WorldClient): Promise<unknown[]> =>
  ((await (await iam(world)).send(new ListUsersCommand({}))).Users ?? []).map(user => user.UserName);

const json = ({ stdout }: CommandResult): unknown => JSON.parse(stdout);
/** One sentence, on standard error, without a stack. */
const SENTENCE = /^(stormglass|Cannot start): [^\n]{10,300}\n$/;

function expectRefusal({ code, stdout, stderr }: CommandResult, expected: number, text: string | RegExp): void {
  const last = `${stderr.trimEnd().split('\n').at(-1)}\n`;
  expect([code, stdout, last]).toEqual([expected, '', expect.stringMatching(SENTENCE)]);
  expect(last).toMatch(text);
}

describe('with a region', () => {
  let region: RegionUnderTest;
  let run: RegionUnderTest['command'];
  beforeAll(async () => {
    region = await RegionUnderTest.start();
    run = (name, ...args) => region.command(name, ...args);
  });
  afterAll(() => region?.close());

  it('status', async () => {
    const { code, stdout } = await run('status');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^us-east-1 {2}http:\/\/localhost:\d+ .* ready /)]);
    expect(stdout.match(/^use1-az\d .* running +healthy +ok/gm)).toHaveLength(3);
    expect(json(await run('status', '--json'))).toEqual({
      region: 'us-east-1',
      endpoint: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      engine: 'embedded',
      ready: true,
      pid: expect.any(Number),
      startedAt: expect.any(Number),
      folder: region.folder,
      ephemeral: false,
      zones: ['a', 'b', 'c'].map((letter, n) => ({
        id: `use1-az${n + 1}`,
        name: `us-east-1${letter}`,
        condition: 'running',
        healthy: true,
        log: 'ok',
        outages: [],
        pid: expect.any(Number),
        endpoint: expect.stringMatching(/^http:\/\/localhost:\d+$/),
        restarts: 0,
        connections: 0,
      })),
      faults: [],
    });
  });

  it('a second up says so and is content', async () => {
    const { pid, endpoint } = await region.world.status();
    const second = await run('up', '--port', '0');
    const said = `The region us-east-1 is already running at ${endpoint} (pid ${pid}).\n`;
    expect(second).toEqual({ code: 0, stdout: '', stderr: said });
    expect(json(await run('up', '--port', '0', '--json'))).toMatchObject({ pid, ready: true });
    expect(await run('up', '--foreground')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('already running'),
    });
  });

  it('zones, doctor, env, wait, help', async () => {
    expect((await run('zones')).stdout).toMatch(/^ZONE +NAME +PROCESS/);
    expect(json(await run('zones', '--json'))).toMatchObject([
      { id: 'use1-az1' },
      { id: 'use1-az2' },
      { id: 'use1-az3' },
    ]);
    expect((await run('doctor')).stdout).toMatch(/^(ok {7}[^\n]+\n){4,}$/);
    const report = json(await run('doctor', '--json')) as { findings: unknown[]; replicas: unknown[] };
    expect(report.findings).toContainEqual({ level: 'ok', text: 'use1-az1: healthy' });
    expect(report.replicas).toHaveLength(3);
    const endpoint = await region.endpoint();
    expect((await run('env')).stdout).toContain(`\nexport AWS_ENDPOINT_URL=${endpoint}\n`);
    expect(json(await run('env', '--json'))).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' });
    expect(await run('wait')).toMatchObject({ code: 0, stdout: 'Ready.\n' });
    expect(json(await run('wait', '--json', '--timeout', '5'))).toMatchObject({ ready: true });
    expect((await run('help')).stdout).toContain('disable-zones ZONE');
    expect((await run('up', '--help')).stdout).toContain('disable-zones ZONE');
  });

  it('logs, by zone, counted, followed', async () => {
    expect((await run('logs', '-n', '3')).stdout.trimEnd().split('\n')).toHaveLength(3);
    const lines = (await run('logs', 'use1-az2', '--json')).stdout.trimEnd().split('\n');
    for (const line of lines) {
      const entry = JSON.parse(line) as object;
      expect(entry).toMatchObject({ time: expect.any(String), level: expect.any(String), host: 'use1-az2' });
    }
    const follower = spawnMain(['logs', '-f', '-n', '0', '--folder', region.folder]);
    await until('the follower to follow', async () => {
      await createUser(region.world, `followed-${performance.now()}`);
      return follower.stdout().includes('operation=CreateUser');
    });
    follower.child.kill('SIGINT');
    expect(await follower.ended).toBe(0);
  });

  it('takes zones away and gives them back', async () => {
    const off = await run('disable-zones', 'use1-az1,use1-az2', '--json');
    expect(json(off)).toMatchObject([{ id: 'use1-az1', outages: ['power-off'] }, { id: 'use1-az2' }]);
    expect((await run('zones')).stdout).toMatch(/use1-az1 +us-east-1a +off +unhealthy/);
    expect((await run('doctor')).stdout).toContain('use1-az1: taken away (power-off)');
    expect(json(await run('enable-zones', 'use1-az1', 'use1-az2', '--json'))).toMatchObject([{ id: 'use1-az1' }, {}]);
    for (const mode of ['freeze', 'cut-off']) {
      expect((await run('disable-zones', 'use1-az3', '--mode', mode)).stdout).toBe(`use1-az3: ${mode}\n`);
    }
    expect((await run('enable-zones', 'use1-az3')).stdout).toBe('use1-az3: coming back\n');
    expect((await run('wait')).code).toBe(0);
    expect((await region.world.status()).zones.every(zone => zone.outages.length === 0)).toBe(true);
  });

  it('adds, lists and clears faults', async () => {
    expect((await run('fault', 'list')).stdout).toBe('Nothing is broken.\n');
    const where = ['--from', 'use1-az1', '--to', 'use1-az2', '--one-way'];
    const added = json(await run('fault', 'add', 'latency', 'latencyMs=5', ...where, '--duration', '1h', '--json'));
    const fault = {
      ...{ id: expect.stringMatching(/^fault-[0-9a-f]{8}$/), fault: 'latency', from: 'use1-az1', to: 'use1-az2' },
      settings: { latencyMs: 5, jitterMs: 0 },
      endsAt: expect.any(Number),
    };
    expect(added).toEqual(fault);
    expect((await run('fault', 'add', 'loss', 'probability=0.01')).stdout).toMatch(/^fault-\w+: loss \* <-> \* /);
    expect((await run('fault', 'list')).stdout).toMatch(/^ID +FAULT +WHERE +SETTINGS +ENDS\nfault-/);
    expect((await run('status')).stdout).toContain('2 fault(s) in force');
    expect(json(await run('fault', 'list', '--json'))).toHaveLength(2);
    expect((await run('fault', 'clear', (added as { id: string }).id)).stdout).toBe('1 fault(s) cleared.\n');
    expect(json(await run('fault', 'clear', '--json'))).toEqual({ cleared: 1 });
    expect((await run('wait')).code).toBe(0);
  });

  const zones = 'use1-az1, use1-az2, use1-az3';
  it.each([
    ['brew', 2, 'there is no command brew; see `stormglass help`'],
    ['status --brew', 2, "Unknown option '--brew'"],
    ['status use1-az1', 2, 'status does not know what to do with use1-az1'],
    ['disable-zones', 2, 'disable-zones needs the id of a zone'],
    ['disable-zones mars', 1, `unknown zone mars; known are ${zones}`],
    ['enable-zones mars', 1, `unknown zone mars; known are ${zones}`],
    ['disable-zones use1-az1 --mode brew', 2, '--mode must be one of power-off, freeze, cut-off'],
    ['fault brew', 2, 'fault brew: known are add, list, clear'],
    ['fault add', 2, 'fault add needs a kind: power-off, '],
    ['fault add brew', 1, 'unknown fault brew; known are power-off, '],
    ['fault add power-off', 1, `power-off needs a zone: one of ${zones}`],
    ['fault add freeze --zone mars', 1, `unknown zone mars; known are ${zones}`],
    ['fault add latency', 1, 'latencyMs must be a number from 0 to 60000'],
    ['fault add latency latencyMs=1 jitter=1', 1, 'latency has no setting jitter; known are latencyMs, jitterMs'],
    ['fault add latency latencyMs', 2, 'latencyMs: settings look like latencyMs=100'],
    ['fault add partition --from mars', 1, 'from must be one of '],
    ['fault add partition --duration 5y', 2, '--duration must look like 500ms, 30s, 5m or 1h'],
    ['fault clear nothing', 1, '0 of 1 cleared'],
    ['logs mars', 2, 'no logs of mars; there are use1-az1, '],
    ['wait --timeout 0', 2, '--timeout must be a number from 1 to 3600'],
  ])('refuses `%s` with %i and a sentence', async (text, code, sentence) => {
    const [name = '', ...args] = text.split(' ');
    const refused = await run(name, ...args);
    expectRefusal(refused, code, SENTENCE);
    expect(refused.stderr).toContain(sentence);
    const inJson = await run(name, ...args, '--json');
    expect([inJson.code, inJson.stderr, json(inJson)]).toEqual([
      code,
      '',
      { error: expect.stringContaining(sentence) },
    ]);
  });

  it('a port that is taken', async () => {
    const { port } = new URL(await region.endpoint());
    const other = mkdtempSync(join(tmpdir(), 'stormglass-other-'));
    const message = `port ${port} is taken by another program; end it, or choose another port with --port`;
    for (const how of [[], ['--foreground'], ['--ephemeral']]) {
      const args = ['up', '--port', port, '--folder', other, ...how];
      expectRefusal(await stormglass(args), 1, `Cannot start: ${message}`);
    }
    const { code, stdout } = await stormglass(['up', '--port', port, '--folder', other, '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([1, { error: message }]);
    rmSync(other, { recursive: true });
  });

  it('npx stormglass works in the checkout', () => {
    const said = execFileSync('npx', ['--no-install', 'stormglass', 'status', '--folder', region.folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(said).toMatch(/^us-east-1 {2}http/);
  });
});

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

interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  /** The exit code. */
  readonly ended: Promise<number | null>;
}

const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

function spawnMain(args: readonly string[]): Started {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)));
  return { child, stdout: () => text, ended };
}

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
    if (mounted) execFileSync('umount', [folder.path]);
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
    const refusal = await until(
      'a refused write',
      () =>
        create().then(
          () => undefined,
          (error: unknown) => error,
        ),
      60_000,
    );
    expect(refusal).toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
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
