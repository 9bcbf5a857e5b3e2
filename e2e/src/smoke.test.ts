/**
 * Every program of the workspace starts under plain node, does the least it can do, and ends properly: a service that
 * starts only in its tests is found here. A new `main.ts` fails this test until it has its line in `PROGRAMS`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const MAINS = globSync('{packages,services,infra}/*/src/**/main.ts', { cwd: root }).sort();

const PROGRAMS: Readonly<Record<string, () => Promise<void>>> = {
  'infra/collector/src/main.ts': collectorTakesAndTells,
  'infra/compose/src/main.ts': composeWritesFiles,
  'infra/containers/src/main.ts': containerNeedsARole,
  'infra/link/src/main.ts': linkCarriesRules,
  'infra/region/src/host/main.ts': hostSaysWhoStartsIt,
  'packages/cli/src/main.ts': commandHelpsAndReports,
  'packages/test-region/src/docker/main.ts': () => keeperSaysWhoStartsIt('docker'),
  'packages/test-region/src/embedded/main.ts': () => keeperSaysWhoStartsIt('embedded'),
  'services/account/src/main.ts': () => serviceServes('account'),
  'services/acm-pca/src/main.ts': () => serviceServes('acm-pca'),
  'services/acme/src/main.ts': acmeServes,
  'services/cloudtrail/src/main.ts': () => serviceServes('cloudtrail'),
  'services/dynamodb/src/main.ts': () => serviceServes('dynamodb'),
  'services/iam/src/main.ts': () => serviceServes('iam'),
  'services/route53/src/main.ts': () => serviceServes('route53'),
  'services/s3/src/main.ts': () => serviceServes('s3'),
  'services/sts/src/main.ts': () => serviceServes('sts'),
};

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  out: string;
  err: string;
}

const started: Running[] = [];
const folder = mkdtempSync(join(tmpdir(), 'stormglass-smoke-'));

/** Starts a program as its user would, in a folder where nothing runs. */
function start(main: string, ...args: readonly string[]): Running {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, main), ...args], {
    cwd: folder,
    env: { ...env, PORT: '0', STORMGLASS_FOLDER: join(folder, 'region'), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const running: Running = { child, ended: once(child, 'close'), out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', text => (running.out += text));
  child.stderr.setEncoding('utf8').on('data', text => (running.err += text));
  started.push(running);
  return running;
}

/** What a program said when it had ended by itself. */
async function run(main: string, ...args: readonly string[]) {
  const running = start(main, ...args);
  await running.ended;
  const { out, err, child } = running;
  return { code: child.exitCode, out, err };
}

/** What a service's own host serves, where that is more than itself. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = { dynamodb: ['dynamodb', 'dynamodb-streams'] };

async function serviceServes(name: string): Promise<void> {
  const service = start(`services/${name}/src/main.ts`);
  const address = await until(`the address of ${name}`, () => {
    if (service.child.exitCode !== null) throw new Error(`it ended: ${service.err}`);
    return /http:\/\/[\d.]+:\d+/.exec(service.out)?.[0];
  });
  const health = await fetch(`${address}/_stormglass/health`);
  expect(await health.json()).toEqual({ status: 'ok', services: TOGETHER[name] ?? [name] });
  const unsigned = await fetch(address, { method: 'POST', body: new URLSearchParams({ Action: 'NoSuchAction' }) });
  expect(unsigned.status).toBeGreaterThanOrEqual(400);
  expect(unsigned.status).toBeLessThan(500);
  expect(await unsigned.text()).toContain('<Error>');
  service.child.kill('SIGTERM');
  await service.ended;
  expect({ code: service.child.exitCode, err: service.err }).toEqual({ code: 0, err: '' });
}

async function acmeServes(): Promise<void> {
  const service = start('services/acme/src/main.ts');
  const address = await until('the address of acme', () => {
    if (service.child.exitCode !== null) throw new Error(`it ended: ${service.err}`);
    return /http:\/\/[\d.]+:\d+/.exec(service.out)?.[0];
  });
  const directory = await fetch(`${address}/_stormglass/acme/directory`);
  expect(await directory.json()).toMatchObject({ newNonce: `${address}/_stormglass/acme/new-nonce` });
  service.child.kill('SIGTERM');
  await service.ended;
  expect({ code: service.child.exitCode, err: service.err }).toEqual({ code: 0, err: '' });
}

async function collectorTakesAndTells(): Promise<void> {
  const collector = start('infra/collector/src/main.ts', '--otlp-port', '0', '--query-port', '0');
  const [otlp, pages] = await until('its addresses', () => {
    if (collector.child.exitCode !== null) throw new Error(`it ended: ${collector.err}`);
    const addresses = collector.out.match(/http:\/\/[\d.]+:\d+/g);
    return addresses?.length === 2 ? addresses : undefined;
  });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${otlp}/v1/traces`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
  expect((await fetch(`${pages}/api/services`)).status).toBe(200);
  collector.child.kill('SIGTERM');
  await collector.ended;
  expect({ code: collector.child.exitCode, err: collector.err }).toEqual({ code: 0, err: '' });
}

async function commandHelpsAndReports(): Promise<void> {
  const main = 'packages/cli/src/main.ts';
  const help = await run(main, 'help');
  expect(help).toEqual({ code: 0, out: expect.stringContaining('start a region of three zones'), err: '' });
  const status = await run(main, 'status', '--json');
  expect(status).toMatchObject({ code: 1, err: '' });
  expect(JSON.parse(status.out)).toEqual({ error: 'the region is not running' });
  const unknown = await run(main, 'fly');
  expect(unknown).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there is no command fly') });
}

async function linkCarriesRules(): Promise<void> {
  const main = 'infra/link/src/main.ts';
  const refused = await run(main, '--from', 'a', '--to', 'b');
  expect(refused).toEqual({ code: 2, out: '', err: expect.stringMatching(/^--target is missing\nusage: /) });
  const ports = ['--tcp', '0:9', '--api', '0'];
  const link = start(main, '--from', 'a', '--to', 'b', '--target', '127.0.0.1', ...ports);
  const line = await until('the ports of the link', () => {
    if (link.child.exitCode !== null) throw new Error(`it ended: ${link.err}`);
    return link.out.endsWith('\n') ? link.out : undefined;
  });
  const { api } = JSON.parse(line) as { api: number };
  const body = JSON.stringify([{ fault: 'partition' }]);
  const answer = await fetch(`http://127.0.0.1:${api}/rules`, { method: 'PUT', body });
  expect(await answer.json()).toMatchObject([{ fault: 'partition', from: '*', to: '*' }]);
  link.child.kill('SIGTERM');
  await link.ended;
  expect({ code: link.child.exitCode, err: link.err }).toEqual({ code: 0, err: '' });
}

async function composeWritesFiles(): Promise<void> {
  const { code, out, err } = await run('infra/compose/src/main.ts', folder);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')).toContain(join(folder, 'compose/region.yaml'));
  const committed = readFileSync(join(root, 'compose/region.yaml'), 'utf8');
  expect(readFileSync(join(folder, 'compose/region.yaml'), 'utf8')).toBe(committed);
}

async function containerNeedsARole(): Promise<void> {
  const container = await run('infra/containers/src/main.ts', 'brew');
  expect(container).toEqual({ code: 2, out: '', err: expect.stringContaining('the role must be one of') });
}

async function keeperSaysWhoStartsIt(kind: string): Promise<void> {
  const keeper = await run(`packages/test-region/src/${kind}/main.ts`);
  expect(keeper).toEqual({ code: 2, out: '', err: 'A keeper is started by startRegion().\n' });
}

async function hostSaysWhoStartsIt(): Promise<void> {
  const host = await run('infra/region/src/host/main.ts');
  expect(host).toEqual({ code: 2, out: '', err: expect.stringContaining('started by the world: use `stormglass up`') });
}

describe('programs', () => {
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have a line here each', () => expect(Object.keys(PROGRAMS).sort()).toEqual(MAINS));

  it.each(MAINS)('%s', async main => PROGRAMS[main]?.());
});
