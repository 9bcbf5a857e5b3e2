import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hopsOf, traceOf, zonesOf } from '../traces/traces.ts';
import { containersWith, docker, leftOf, memoryBytes, testProjects } from './docker.ts';

const START_TIMEOUT_MS = 300_000;
const GIB = 2 ** 30;
const ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const CURL = 'stormglass-test-curl';

let region: TestRegion;
let project: string;
let world: string;

beforeAll(async () => {
  const dockerfile = fileURLToPath(new URL('./curl.Dockerfile', import.meta.url));
  const folder = fileURLToPath(new URL('.', import.meta.url));
  await docker('build', '--quiet', '--file', dockerfile, '--tag', CURL, folder);
  const environment = { COMPOSE_PROFILES: 'collector', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
  const traces = { STORMGLASS_TRACES_PORT: '0', STORMGLASS_OTLP_PORT: '0' };
  region = await startRegion({ docker: { environment: { ...environment, ...traces } } });
  [project = ''] = await testProjects();
  [world = ''] = await containersWith(project, 'part=world');
}, START_TIMEOUT_MS);

afterAll(async () => {
  await region?.stop();
  if (project !== undefined) expect(await leftOf(project)).toEqual([]);
}, START_TIMEOUT_MS);

/** Where a port of the world is published on this machine. */
async function published(port: string): Promise<number> {
  return Number((await docker('port', world, port)).split('\n')[0]!.split(':').at(-1));
}

describe('the containers', () => {
  it('are all well, and small', async () => {
    const all = await containersWith(project);
    expect(all.length).toBeGreaterThan(30);
    const health = await docker('inspect', '--format', '{{.State.Health.Status}} {{.RestartCount}}', ...all);
    expect(new Set(health.split('\n'))).toEqual(new Set(['healthy 0']));
    expect(await memoryBytes(all)).toBeLessThan(3 * GIB);
  });

  it('have no rights', async () => {
    const format = '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}} {{.HostConfig.CapDrop}}';
    const inspected = await docker('inspect', '--format', format, ...(await containersWith(project)));
    expect(new Set(inspected.split('\n'))).toEqual(new Set(['1000:1000 true false [ALL]']));
  });
});

it('keeps the fault board out of reach of whoever is in a zone', async () => {
  const [iam = ''] = await containersWith(project, 'zone=use1-az1', 'part=iam');
  const ask = 'fetch("http://world:4590/status").then(() => "reached", error => error.cause.code).then(console.log)';
  expect(await docker('exec', iam, 'node', '-e', ask)).toBe('ECONNREFUSED');
  expect((await region.status()).region).toBe('us-east-1');
});

describe('every service answers, at the front door and at every zone', () => {
  const settings = (endpoint: string) => ({ endpoint, region: region.name, credentials: region.credentials });

  it('at the front door', async () => {
    const sts = new STSClient(settings(region.endpoint));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000' });
    const route53 = new Route53Client(settings(region.endpoint));
    const zone = new CreateHostedZoneCommand({ Name: 'example.test', CallerReference: 'once' });
    expect((await route53.send(zone)).HostedZone?.Name).toBe('example.test.');
    const directory = await fetch(`${region.endpoint}/_stormglass/acme/directory`);
    expect(await directory.json()).toMatchObject({ newOrder: expect.any(String) });
    const dynamodb = new DynamoDBClient(settings(region.endpoint));
    await makeTable(dynamodb);
    await putAndGet(dynamodb, 'all zones');
    // What two services in containers of their own have answered is in the one trail.
    const trail = new CloudTrailClient(settings(region.endpoint));
    for (const AttributeValue of ['GetCallerIdentity', 'CreateHostedZone']) {
      const lookup = new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }] });
      await until(`the event of ${AttributeValue}`, async () => ((await trail.send(lookup)).Events ?? []).length > 0);
    }
  });

  it.each(ZONES)('at %s', async id => {
    const iam = new IAMClient(settings(region.zone(id).endpoint));
    await iam.send(new CreateUserCommand({ UserName: `made-in-${id}` }));
  });
});

const TABLE = { TableName: 'smoke' };

async function makeTable(dynamodb: DynamoDBClient): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      ...{ ...TABLE, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  await waitUntilTableExists({ client: dynamodb, maxWaitTime: 60, minDelay: 1 }, TABLE);
}

/** Writes an item and reads it back, as it is in every zone. */
async function putAndGet(dynamodb: DynamoDBClient, id: string): Promise<void> {
  const Item = { id: { S: id } };
  await dynamodb.send(new PutItemCommand({ ...TABLE, Item }));
  expect(await dynamodb.send(new GetItemCommand({ ...TABLE, Key: Item, ConsistentRead: true }))).toMatchObject({
    Item,
  });
}

describe('names lead to endpoints over TLS that verifies', () => {
  // Names below `localhost` are not asked of anybody (RFC 6761, 6.3).
  const names = ['sts.us-east-1.amazonaws.com', 'sts.amazonaws.com', 'sts.us-east-1.api.aws'];
  const all = [...names, ...ZONES.map(zone => `sts.${zone}.us-east-1.amazonaws.com`)];
  const query = '/?Action=GetCallerIdentity&Version=2011-06-15';
  const signed = ['--aws-sigv4', 'aws:amz:us-east-1:sts', '--user', 'test:test'];

  it.each(ZONES)('inside %s, by its resolver', async zone => {
    const [resolver = ''] = await containersWith(project, `zone=${zone}`, 'part=resolver');
    const address = await docker(
      'inspect',
      '--format',
      '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
      resolver,
    );
    const calls = all.flatMap((name, i) => [...(i === 0 ? [] : ['--next']), ...curlArgs(`https://${name}${query}`)]);
    const answers = await docker(
      ...['run', '--rm', '--network', `${project}_${zone}`, '--dns', address, '--dns-option', 'timeout:2'],
      ...['--volume', `${project}_identity-${zone}:/identity:ro`, CURL, 'curl', ...calls],
    );
    const said = answers.split('\n').filter(line => /^https/.test(line));
    expect(said).toEqual(all.map(name => `https://${name} 200`));
    expect(answers.match(/arn:aws:iam::000000000000:root/g)).toHaveLength(all.length);
  });

  it.each(ZONES.map((zone, i) => [zone, i] as const))('from outside, by the resolver of %s', async (_zone, i) => {
    const [dns, port] = await Promise.all([published(`${5300 + i}/udp`), published('4566/tcp')]);
    for (const name of all) {
      const { stdout: address } = await run('dig', ['@127.0.0.1', '-p', String(dns), '+short', name, 'A']);
      expect(address.trim()).toBe('127.0.0.1');
      const pinned = ['--resolve', `${name}:${port}:${address.trim()}`, '--cacert', region.environment.AWS_CA_BUNDLE!];
      const { stdout } = await run('curl', ['-sS', ...pinned, ...signed, `https://${name}:${port}${query}`]);
      expect(stdout).toContain('arn:aws:iam::000000000000:root');
    }
  });

  const curlArgs = (url: string): string[] => [
    ...['-sS', '--max-time', '10', '--cacert', '/identity/root.pem', ...signed],
    ...['--write-out', `\\n${url.replace(query, '')} %{http_code}\\n`, url],
  ];
});

it('refuses clients without the root certificate to trust', async () => {
  const port = await published('4566/tcp');
  await expect(run('curl', ['-sS', `https://localhost:${port}/`])).rejects.toThrow(/certificate/);
  expect(readFileSync(region.environment.AWS_CA_BUNDLE!, 'utf8')).toContain('BEGIN CERTIFICATE');
});

describe('traces', () => {
  it('show every hop of a write: entrance, service, log, and the replicas of three zones', async () => {
    const [collector = ''] = await containersWith(project, 'part=collector');
    const port = (await docker('port', collector, '16686/tcp')).split(':').at(-1);
    const queryEndpoint = `http://127.0.0.1:${port}`;
    const iam = new IAMClient({ endpoint: region.endpoint, region: region.name, credentials: region.credentials });
    const { $metadata } = await iam.send(new CreateUserCommand({ UserName: 'traced' }));
    // Each process tells its own spans when it likes.
    const isComplete = (trace: Parameters<typeof hopsOf>[0]) =>
      new Set(zonesOf(trace, 'log.apply')).size === 3 &&
      ['entrance iam', 'iam.CreateUser', 'log.commit'].every(name => zonesOf(trace, name).length > 0);
    const trace = await traceOf({ queryEndpoint }, $metadata.requestId!, isComplete, 'stormglass-iam');
    const hops = hopsOf(trace);
    expect(hops.filter(hop => /^entrance iam@\S+$/.test(hop))).toHaveLength(1);
    expect(hops).toContainEqual(expect.stringMatching(/^entrance iam@\S+ > iam\.CreateUser@\S+$/));
    expect(hops).toContainEqual(expect.stringMatching(/^entrance iam@\S+ > iam\.CreateUser@\S+ > log\.commit@\S+$/));
    expect(new Set(zonesOf(trace, 'log.apply'))).toEqual(new Set(ZONES));
  });
});

describe('the stormglass command', () => {
  const main = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'stormglass-compose-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => region.clearFaults());
  const stormglass = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [main, ...words, '--project', project, '--folder', folder]);
    return stdout.trimEnd();
  };
  const faults = async () =>
    JSON.parse(await stormglass('fault', 'list', '--json')) as { fault: string; zone: string }[];

  it('shows the region, and what clients need', async () => {
    expect((await stormglass('zones')).match(/^use1-az\d .* running +healthy +ok/gm)).toHaveLength(3);
    expect(await stormglass('doctor')).toMatch(/^(ok {7}[^\n]+\n?)+$/);
    expect(await stormglass('ca', 'root')).toContain('BEGIN CERTIFICATE');
    const variables = JSON.parse(await stormglass('env', '--tls', '--json')) as Record<string, string>;
    const { AWS_ENDPOINT_URL = '', AWS_CA_BUNDLE = '' } = variables;
    const { stdout } = await run('curl', ['-sS', '--cacert', AWS_CA_BUNDLE, `${AWS_ENDPOINT_URL}/_stormglass/health`]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'ok' });
  });

  it.each(['power-off', 'freeze'])('takes a zone away (%s) and gives it back', async mode => {
    expect(await stormglass('disable-zones', 'use1-az3', '--mode', mode)).toBe(`use1-az3: ${mode}`);
    expect(await faults()).toMatchObject([{ id: `${mode}-use1-az3`, fault: mode, zone: 'use1-az3' }]);
    await until('the world to notice', async () => /use1-az3 .* unhealthy/.test(await stormglass('zones')));
    const { endpoint, credentials } = region;
    await putAndGet(new DynamoDBClient({ endpoint, region: region.name, credentials }), mode);
    await stormglass('enable-zones', 'use1-az3');
    expect(await faults()).toEqual([]);
    await stormglass('wait', '--timeout', '120');
  });

  it('shows who calls, as all containers of a zone together have counted', async () => {
    const reports = async () => JSON.parse(await stormglass('top', '--json')) as { zone: string; isShared: boolean }[];
    await until('to share', async () => (await reports()).every(({ isShared }) => isShared));
    expect(await stormglass('top', 'use1-az1')).toContain('iam:CreateUser');
  });

  it('gives a zone less of the processors, and all of them back', async () => {
    await stormglass('fault', 'add', 'cpu-limit', 'share=0.5', '--zone', 'use1-az1');
    expect(await faults()).toMatchObject([{ fault: 'cpu-limit', zone: 'use1-az1', settings: { share: 0.5 } }]);
    await stormglass('fault', 'clear');
    expect(await faults()).toEqual([]);
  });

  it('breaks links, clocks, disks and calls through the world, which tells every container', async () => {
    const sts = new STSClient({
      ...{ endpoint: region.zone('use1-az1').endpoint, region: region.name, credentials: region.credentials },
      maxAttempts: 1,
    });
    const call = () => sts.send(new GetCallerIdentityCommand({}));
    await stormglass(
      'fault',
      'add',
      'call',
      'service=sts',
      'error.code=Sabotage',
      'error.statusCode=418',
      '--zone',
      'use1-az1',
    );
    await until('the sabotage', () =>
      call().then(
        () => false,
        (error: Error) => error.name === 'Sabotage',
      ),
    );
    await stormglass('fault', 'add', 'disk-full', '--zone', 'use1-az2');
    await until('the full disk', async () => /use1-az2 .* disk full/.test(await stormglass('zones')));
    await stormglass('fault', 'add', 'dns-servfail', '--zone', 'use1-az3', 'names=sts.amazonaws.com');
    const dns = String(await published('5302/udp'));
    const asked = ['@127.0.0.1', '-p', dns, 'sts.amazonaws.com', 'A'];
    await until('the resolver in trouble', async () => (await run('dig', asked)).stdout.includes('status: SERVFAIL'));
    await stormglass('fault', 'add', 'latency', 'latencyMs=1', '--from', 'use1-az1', '--to', 'use1-az2');
    const [link = ''] = await containersWith(project, 'part=link');
    expect(await docker('exec', link, 'node', '-e', FETCH_RULES)).toContain('"fault":"latency"');
    await stormglass('fault', 'clear');
    await until('calls as ever', () =>
      call().then(
        () => true,
        () => false,
      ),
    );
    await stormglass('wait', '--timeout', '60');
  });

  it('ends the certificates of a zone at once, and gives it new ones', async () => {
    const host = async (id: string) => {
      const { zones } = await region.status();
      return zones.find(zone => zone.id === id)?.certificates?.host.state;
    };
    await stormglass('fault', 'add', 'certificate-expired', '--zone', 'use1-az2');
    await until('an ended certificate', async () => (await host('use1-az2')) === 'expired');
    expect(await host('use1-az1')).toBe('ok');
    await stormglass('fault', 'clear');
    await until('a new certificate', async () => (await host('use1-az2')) === 'ok');
    await stormglass('wait', '--timeout', '60');
  });
});

/** What a link says of its own rules; its port depends on where it leads. */
const FETCH_RULES = `Promise.any([8474, 8475, 8476].map(port => fetch("http://127.0.0.1:" + port + "/rules")))
  .then(answer => answer.text()).then(console.log)`;

describe('recovers without hands', () => {
  it('from the loss of every Redis at once, which nobody notices', async () => {
    const all = await containersWith(project, 'part=redis');
    expect(all).toHaveLength(3);
    await docker('kill', ...all);
    const settings = {
      endpoint: region.endpoint,
      region: region.name,
      credentials: region.credentials,
      maxAttempts: 1,
    };
    const sts = new STSClient(settings);
    const iam = new IAMClient(settings);
    for (let i = 0; i < 50; i++) await sts.send(new GetCallerIdentityCommand({}));
    await iam.send(new CreateUserCommand({ UserName: 'without-redis' }));
    await docker('start', ...all);
  });

  it('from the loss of the world: zones go on among themselves', async () => {
    await docker('kill', world);
    const [entrance = ''] = await containersWith(project, 'zone=use1-az1', 'part=entrance');
    const health = await docker(
      ...['exec', entrance, 'node', '-e'],
      'fetch("http://entrance-use1-az2:4566/_stormglass/health").then(r => r.text()).then(console.log)',
    );
    expect(JSON.parse(health)).toMatchObject({ zone: 'use1-az2', status: 'ok', log: 'ok' });
    await docker('start', world);
    // Ports that the system chose are chosen anew.
    const front = async () => fetch(`http://127.0.0.1:${await published('4566/tcp')}/_stormglass/health`);
    await until('the front door', async () => (await front()).ok);
  });
});

async function run(command: string, args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(command, [...args]);
}
