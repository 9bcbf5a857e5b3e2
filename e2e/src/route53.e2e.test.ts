/**
 * Route 53 of a running region, by the AWS CLI, boto3 and `dig`: changes reach every resolver, health checks move answers
 * away from endpoints that are down, and answers do not need the control plane.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { defects } from './region-logs.ts';
import { RegionUnderTest } from './region-under-test.ts';

let region: RegionUnderTest;
let env: Environment;
/** Addresses of the zones' resolvers, in the order of the zones. */
let resolvers: string[];
let zone: string;
beforeAll(async () => {
  region = await RegionUnderTest.start();
  env = await environmentOf(region);
  resolvers = (await region.world.status()).zones.map(({ dns }) => dns);
  const made = await aws('create-hosted-zone', '--name', 'shop.example', '--caller-reference', 'shop');
  zone = made.HostedZone.Id;
});
afterAll(async () => {
  endpoint.stop();
  await region?.close();
});

async function aws(...args: string[]) {
  const { code, stdout, stderr } = await runClient('aws', ['route53', ...args, '--output', 'json'], env);
  expect([code, stderr], args.join(' ')).toEqual([0, '']);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

const change = (...changes: object[]) =>
  aws('change-resource-record-sets', '--hosted-zone-id', zone, '--change-batch', JSON.stringify({ Changes: changes }));

const upsert = (name: string, value: string, more: object = {}) => ({
  Action: 'UPSERT',
  ResourceRecordSet: { Name: name, Type: 'A', TTL: 1, ResourceRecords: [{ Value: value }], ...more },
});

/** What the resolver of a zone answers, by `dig`. */
async function dig(resolver: string, name: string, type = 'A'): Promise<string> {
  const [host, port] = resolver.split(':');
  const args = [`@${host}`, '-p', port!, '+short', '+tries=1', '+time=2', name, type];
  const { stdout } = await runClient('dig', args, env);
  return stdout.trim().split('\n').toSorted().join();
}

const digAll = (name: string): Promise<string[]> => Promise.all(resolvers.map(resolver => dig(resolver, name)));

const testAnswer = async (name: string): Promise<string> => {
  const args = ['--hosted-zone-id', zone, '--record-name', name, '--record-type', 'A'];
  return (await aws('test-dns-answer', ...args)).RecordData.join();
};

/** A tiny web server that can be taken away and come back where it was. */
class Endpoint {
  #server: Server | undefined;
  port = 0;

  async start(): Promise<void> {
    this.#server = createServer((_request, response) => response.end('all is well'));
    await new Promise<void>(done => this.#server!.listen(this.port, '127.0.0.1', done));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}
const endpoint = new Endpoint();

async function healthCheck(reference: string, type: string): Promise<string> {
  const config = { Type: type, IPAddress: '127.0.0.1', Port: endpoint.port, RequestInterval: 10, FailureThreshold: 1 };
  const search = type === 'HTTP_STR_MATCH' ? { SearchString: 'all is well' } : {};
  const args = ['--caller-reference', reference, '--health-check-config', JSON.stringify({ ...config, ...search })];
  return (await aws('create-health-check', ...args)).HealthCheck.Id;
}

/** How long until every zone's resolver answers so, in ms. */
async function shift(name: string, expected: string): Promise<number> {
  const from = performance.now();
  const isSo = async () => {
    const answers = await digAll(name);
    if (answers.some(answer => answer !== expected)) throw new Error(`answers: ${answers.join(' | ')}`);
    return true;
  };
  await until(`every zone to answer ${name} with ${expected}`, isSo, 30_000);
  return Math.round(performance.now() - from);
}

it('serves the AWS CLI, and shows a change in every zone within a second', async () => {
  const sent = await change(upsert('www.shop.example', '192.0.2.1'), upsert('*.wild.shop.example', '192.0.2.2'));
  expect(sent.ChangeInfo.Status).toBe('PENDING');
  expect(await shift('www.shop.example', '192.0.2.1')).toBeLessThan(1000);
  expect(await digAll('any.wild.shop.example')).toEqual(['192.0.2.2', '192.0.2.2', '192.0.2.2']);
  expect(await testAnswer('www.shop.example')).toBe('192.0.2.1');
  await aws('wait', 'resource-record-sets-changed', '--id', sent.ChangeInfo.Id);
  expect((await aws('get-change', '--id', sent.ChangeInfo.Id)).ChangeInfo.Status).toBe('INSYNC');
  const listed = await aws('list-resource-record-sets', '--hosted-zone-id', zone);
  expect(listed.ResourceRecordSets.map(({ Name, Type }: { Name: string; Type: string }) => `${Name} ${Type}`)).toEqual([
    'shop.example. NS',
    'shop.example. SOA',
    '\\052.wild.shop.example. A',
    'www.shop.example. A',
  ]);
  // Whoever reads the name servers of the zone can ask them: they are names of the region.
  const { NameServers } = (await aws('get-hosted-zone', '--id', zone)).DelegationSet;
  for (const server of NameServers) expect(await dig(resolvers[0]!, server), server).not.toBe('');
  const batch = JSON.stringify({ Changes: [{ ...upsert('www.shop.example', '192.0.2.9'), Action: 'CREATE' }] });
  const args = ['route53', 'change-resource-record-sets', '--hosted-zone-id', zone, '--change-batch', batch];
  const { code, stderr } = await runClient('aws', args, env);
  expect([code === 0, stderr.trim()]).toEqual([
    false,
    "An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: [Tried to create resource record set [name='www.shop.example.', type='A'] but it already exists]",
  ]);
});

it('serves boto3', async () => {
  const script = fileURLToPath(new URL('clients/boto3_route53.py', import.meta.url));
  const { code, stdout, stderr } = await runClient('python3', [script], env);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    'name servers': 4,
    submitted: 'PENDING',
    pages: [50, 50, 22],
    twice: [
      'InvalidChangeBatch',
      'InvalidChangeBatch',
      "[Tried to create resource record set [name='h001.boto.example.', type='A'] but it already exists, Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'no address'']",
    ],
    'not empty': [
      'HostedZoneNotEmpty',
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    ],
    'same reference': ['HostedZoneAlreadyExists', 'HostedZoneAlreadyExists', expect.any(String)],
    'no such zone': ['NoSuchHostedZone', 'NoSuchHostedZone', 'No hosted zone found with ID: Z0'],
    'no such check': ['NoSuchHealthCheck', 'NoSuchHealthCheck', expect.any(String)],
    'zones left': 0,
  });
});

it('leads weighted and failover answers away from an endpoint that is down within 10 s, and back', async () => {
  await endpoint.start();
  const [primary, heavy] = [await healthCheck('primary', 'HTTP'), await healthCheck('heavy', 'HTTP_STR_MATCH')];
  const set = (name: string, value: string, more: object) => upsert(name, value, { SetIdentifier: value, ...more });
  await change(
    set('f.shop.example', '192.0.2.10', { Failover: 'PRIMARY', HealthCheckId: primary }),
    set('f.shop.example', '192.0.2.20', { Failover: 'SECONDARY' }),
    set('w.shop.example', '192.0.2.30', { Weight: 255, HealthCheckId: heavy }),
    set('w.shop.example', '192.0.2.40', { Weight: 0 }),
  );
  // New health checks count as healthy until they are judged; these must have been.
  const judged = async () => {
    const statuses = await Promise.all(
      [primary, heavy].map(id => aws('get-health-check-status', '--health-check-id', id)),
    );
    return statuses.every(({ HealthCheckObservations: seen }) => seen.length === 3);
  };
  await until('three observations of each', judged, 30_000);
  expect([await shift('f.shop.example', '192.0.2.10'), await shift('w.shop.example', '192.0.2.30')]).toBeDefined();

  endpoint.stop();
  const [failover, weighted] = await Promise.all([
    shift('f.shop.example', '192.0.2.20'),
    shift('w.shop.example', '192.0.2.40'),
  ]);
  expect([await testAnswer('f.shop.example'), await testAnswer('w.shop.example')]).toEqual([
    '192.0.2.20',
    '192.0.2.40',
  ]);
  const why = await aws('get-health-check-last-failure-reason', '--health-check-id', primary);
  expect(why.HealthCheckObservations[0].StatusReport.Status).toMatch(/^Failure: .*ECONNREFUSED/);
  await endpoint.start();
  const back = await shift('f.shop.example', '192.0.2.10');
  await shift('w.shop.example', '192.0.2.30');
  for (const ms of [failover, weighted, back]) expect(ms).toBeLessThan(10_000);
  process.stdout.write(
    `answers shifted after ${failover} ms (failover), ${weighted} ms (weighted), ${back} ms (back)\n`,
  );
});

it('answers, and goes on moving answers, while two zones are off; changes are refused', async () => {
  const [, second, third] = (await region.world.status()).zones;
  const alone = resolvers[0]!;
  await region.world.disableZone(second!.id, 'power-off');
  await region.world.disableZone(third!.id, 'power-off');
  const batch = JSON.stringify({ Changes: [upsert('www.shop.example', '192.0.2.99')] });
  const args = ['route53', 'change-resource-record-sets', '--hosted-zone-id', zone, '--change-batch', batch];
  const once = { ...env, AWS_MAX_ATTEMPTS: '1' };
  const refused = async () => (await runClient('aws', args, once)).stderr.includes('(ServiceUnavailable)');
  await until('changes to be refused', refused, 20_000);
  for (let i = 0; i < 20; i++) expect(await dig(alone, 'www.shop.example')).toBe('192.0.2.1');
  expect(await testAnswer('www.shop.example')).toBe('192.0.2.1');
  // The zone's own checkers go on.
  const from = performance.now();
  endpoint.stop();
  await until('the answer to move', async () => (await dig(alone, 'f.shop.example')) === '192.0.2.20', 30_000);
  expect(performance.now() - from).toBeLessThan(10_000);
  await region.world.enableZone(second!.id);
  await region.world.enableZone(third!.id);
  await region.world.wait(30_000);
  await change(upsert('www.shop.example', '192.0.2.99'));
  await shift('www.shop.example', '192.0.2.99');
});

it('nothing of this surprised the region', () => {
  expect(defects(region.folder)).toEqual([]);
});
