/** The `stormglass` command as a person and a script meet it: what it prints, and what it exits with. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StateFolder } from '@stormglass/region';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, endStarted, expectRefusal, json, SENTENCE, spawnMain } from './command-folder.ts';
import { RegionUnderTest, stormglass } from './region-under-test.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

afterAll(endStarted);

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
    const own = {
      region: 'us-east-1',
      endpoint: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      engine: 'embedded',
      ready: true,
      folder: region.folder,
      rootFile: `${region.folder}/ca.pem`,
      zones: ['a', 'b', 'c'].map((letter, n) => ({
        id: `use1-az${n + 1}`,
        name: `us-east-1${letter}`,
        condition: 'running',
        healthy: true,
        serves: true,
        log: 'ok',
        globalSts: 'regional',
        disk: 'ok',
        outages: [],
        pid: expect.any(Number),
        endpoint: expect.stringMatching(/^http:\/\/localhost:\d+$/),
        ...(process.platform === 'linux' ? { address: `127.66.0.${n + 1}` } : {}),
        dns: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        certificates: {
          endpoint: { state: 'ok', notAfter: expect.any(Number) },
          host: { state: 'ok', notAfter: expect.any(Number) },
        },
        restarts: 0,
        connections: 0,
      })),
    };
    expect(json(await run('status', '--json'))).toEqual({
      ...own,
      ...{ pid: expect.any(Number), startedAt: expect.any(Number), ephemeral: false, faults: [] },
      regions: [{ ...own, partition: 'aws' }],
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
    const report = json(await run('doctor', '--json')) as {
      findings: unknown[];
      replicas: { zone: string; log: string }[];
    };
    expect(report.findings).toContainEqual({ level: 'ok', text: 'use1-az1: healthy' });
    expect(report.replicas.map(({ zone, log }) => `${zone} ${log}`).sort()).toEqual(
      ['use1-az1', 'use1-az2', 'use1-az3'].flatMap(zone =>
        ['acme', 'cloudtrail', 'iam', 'items-1', 'items-2', 'items-3', 'route53', 's3', 'tables'].map(
          log => `${zone} ${log}`,
        ),
      ),
    );
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
    expect(existsSync(new StateFolder(other).runFolder)).toBe(false);
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
