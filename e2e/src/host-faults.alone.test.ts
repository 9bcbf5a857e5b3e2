/** Faults that are not on links, on a real region: disks, processors, resolvers, and the answers to calls. */

import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { ACMPCAClient, ListCertificateAuthoritiesCommand } from '@aws-sdk/client-acm-pca';
import { CreateRoleCommand, CreateUserCommand, GetUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { sleep, systemClock } from '@stormglass/base';
import type { FaultRequest, ZoneStatus } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { accountCredentials, SdkLoad } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const ZONE = 'use1-az1';
const OTHER = 'use1-az2';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

const PER_SECOND = 50;

let region: RegionUnderTest;
let endpoint: string;
let accounts = 200_000_000_000;
beforeAll(async () => {
  region = await RegionUnderTest.start();
  endpoint = await region.endpoint();
});
afterEach(() => region?.world.clearFaults());
afterAll(() => region?.close());

const zoneStatus = async (zone: string): Promise<ZoneStatus> =>
  (await region.world.status()).zones.find(each => each.id === zone)!;
const add = (request: FaultRequest) => region.world.addFault(request);

/** A client that asks once: what the zone says is what it gets. */
function client(accountId: string, at = endpoint): IAMClient {
  return new IAMClient({
    endpoint: at,
    region: 'us-east-1',
    credentials: accountCredentials(accountId),
    maxAttempts: 1,
  });
}

/** Status and code of a refusal; undefined when there is none. */
async function refusal(call: Promise<unknown>): Promise<{ status: number | undefined; code: string } | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return { status: $metadata?.httpStatusCode, code: name };
  }
}

describe('a full disk', () => {
  it('takes its zone out of the log and no acknowledged write with it, and heals by itself', async () => {
    const account = String(++accounts);
    await client(account).send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    const zonal = client(account, (await zoneStatus(ZONE)).endpoint);
    const load = new SdkLoad(endpoint, account, 'reader');
    load.start(PER_SECOND);
    await until('some writes', () => load.created.length > 20);
    const { pid } = await zoneStatus(ZONE);

    const { id } = await add({ fault: 'disk-full', zone: ZONE });
    const full = await until('the zone says so', async () => {
      const status = await zoneStatus(ZONE);
      return status.disk === 'full' && status.log === 'no-quorum' ? status : undefined;
    });
    expect(full).toMatchObject({ condition: 'running', healthy: true, pid });
    const user = () => new CreateUserCommand({ UserName: `u-${performance.now()}` });
    const askedAt = performance.now();
    expect(await refusal(zonal.send(user()))).toEqual({ status: 503, code: 'ServiceUnavailable' });
    const refusedAfterMs = performance.now() - askedAt;
    expect(await refusal(zonal.send(new ListUsersCommand({ MaxItems: 1 })))).toBe(undefined);
    const doctor = await region.world.doctor();
    expect(doctor.findings).toContainEqual({
      ...{ level: 'problem', text: `${ZONE}: answers, but its disk takes no writes (full)` },
    });
    const during = load.created.length;
    await until('writes elsewhere', () => load.created.length > during + 50);

    await region.world.clearFaults(id);
    await until('the zone is whole', async () => {
      const { disk, log } = await zoneStatus(ZONE);
      return disk === 'ok' && log === 'ok';
    });
    await until('it writes', async () => (await refusal(zonal.send(user()))) === undefined);
    await load.stop();
    expect(load.records.filter(record => record.error !== undefined)).toEqual([]);
    for (const zone of (await region.world.status()).zones) {
      const at = client(account, zone.endpoint);
      for (const name of load.created.slice(-60)) await at.send(new GetUserCommand({ UserName: name }));
    }
    expect((await zoneStatus(ZONE)).pid).toBe(pid);
    keep('disk-full', { calls: load.records.length, created: load.created.length, refusedAfterMs });
  });

  it('of two zones refuses writes quickly, and forgets nothing', async () => {
    const account = String(++accounts);
    await client(account).send(new CreateUserCommand({ UserName: 'before' }));
    for (const zone of [ZONE, OTHER]) await add({ fault: 'disk-full', zone });
    // A connection to a zone that has just been found wanting may end; what is answered is clear.
    const refused = await until('a refusal', async () => {
      const found = await refusal(client(account).send(new CreateUserCommand({ UserName: `u-${performance.now()}` })));
      return found?.status === undefined ? undefined : found;
    });
    expect(refused).toEqual({ status: 503, code: 'ServiceUnavailable' });
    await until('the last zone knows', async () => (await zoneStatus('use1-az3')).log === 'no-quorum');
    const askedAt = performance.now();
    await refusal(client(account).send(new CreateUserCommand({ UserName: 'refused' })));
    keep('disk-full-in-two-zones', { refusedAfterMs: performance.now() - askedAt });
    await region.world.clearFaults();
    await until('writes', async () => {
      const after = client(account).send(new CreateUserCommand({ UserName: `after-${performance.now()}` }));
      return (await refusal(after)) === undefined;
    });
    await client(account).send(new GetUserCommand({ UserName: 'before' }));
  });
});

describe('a limited processor', () => {
  /** The share of looks that find the process stopped (proc(5), `stat`). */
  async function stoppedShare(pid: number): Promise<number> {
    const looks = 300;
    let stopped = 0;
    for (let i = 0; i < looks; i++) {
      const [, state] = /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      if (state === 'T') stopped++;
      // Not in step with the limit's period.
      await sleep(systemClock, 5 + 12 * Math.random());
    }
    return stopped / looks;
  }

  it('stands still for the rest of the time, and serves nevertheless', async () => {
    const { pid, endpoint: zonal } = await zoneStatus(ZONE);
    expect(await stoppedShare(pid!)).toBe(0);
    const { id } = await add({ fault: 'cpu-limit', zone: ZONE, settings: { share: '0.3' } });
    const share = await stoppedShare(pid!);
    keep('cpu-limit', { wanted: 0.7, stopped: share });
    expect(share).toBeGreaterThan(0.55);
    expect(share).toBeLessThan(0.85);
    const sts = new STSClient({
      endpoint: zonal,
      region: 'us-east-1',
      credentials: accountCredentials('200000000009'),
    });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '200000000009' });
    await region.world.clearFaults(id);
    expect(await stoppedShare(pid!)).toBe(0);
    expect((await zoneStatus(ZONE)).pid).toBe(pid);
  });

  it('outlives the process, and gives way to a power cut', async () => {
    const { id } = await add({ fault: 'cpu-limit', zone: ZONE, settings: { share: 0.5 } });
    await region.world.disableZone(ZONE, 'power-off');
    expect((await zoneStatus(ZONE)).condition).toBe('off');
    await region.world.enableZone(ZONE);
    const { pid } = await until('the zone runs', async () => {
      const status = await zoneStatus(ZONE);
      return status.condition === 'running' ? status : undefined;
    });
    expect(await stoppedShare(pid!)).toBeGreaterThan(0.3);
    await region.world.clearFaults(id);
    await region.world.wait(20_000);
  });
});

describe('a resolver in trouble', () => {
  const NAME = 'sts.us-east-1.amazonaws.com';
  const resolverOf = async (zone: string) => {
    const resolver = new Resolver({ timeout: 400, tries: 1 });
    resolver.setServers([(await zoneStatus(zone)).dns]);
    return resolver;
  };
  const outcome = async (zone: string, name: string) =>
    (await resolverOf(zone)).resolve4(name).then(
      () => 'answer',
      (error: { code: string }) => error.code,
    );

  it.each([
    ['dns-servfail', 'ESERVFAIL'],
    ['dns-nxdomain', 'ENOTFOUND'],
    ['dns-timeout', 'ETIMEOUT'],
  ])('%s: for the names it is for, in its zone', async (fault, code) => {
    const added = await region.command('fault', 'add', fault, `names=${NAME}`, '--zone', ZONE);
    expect(added).toMatchObject({ code: 0 });
    await until('trouble', async () => (await outcome(ZONE, NAME)) === code);
    expect(await outcome(ZONE, 'iam.amazonaws.com')).toBe('answer');
    expect(await outcome(OTHER, NAME)).toBe('answer');
    await region.world.clearFaults();
    await until('an answer', async () => (await outcome(ZONE, NAME)) === 'answer');
  });

  it('dns-delay: answers late', async () => {
    await add({ fault: 'dns-delay', zone: ZONE, settings: { delayMs: 150 }, durationMs: 60_000 });
    const tookMs = await until('a late answer', async () => {
      const askedAt = performance.now();
      expect(await outcome(ZONE, NAME)).toBe('answer');
      const ms = performance.now() - askedAt;
      return ms >= 149 ? ms : undefined;
    });
    keep('dns-delay', { wanted: 150, tookMs });
  });
});

describe('faults on calls', () => {
  const chaos = async (method: string, path: string, body?: unknown, at = endpoint) => {
    const response = await fetch(`${at}/_localstack/chaos/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it('meet one operation in one zone, as an SDK understands it', async () => {
    const account = String(++accounts);
    const rule = {
      ...{ service: 'iam', operation: 'GetUser', zone: ZONE, description: 'slow down' },
      error: { statusCode: 400, code: 'ThrottlingException' },
    };
    expect(await chaos('POST', 'faults', [rule])).toEqual({ status: 200, body: [rule] });
    await client(account).send(new CreateUserCommand({ UserName: 'bob' }));
    const get = async (zone: string) =>
      refusal(client(account, (await zoneStatus(zone)).endpoint).send(new GetUserCommand({ UserName: 'bob' })));
    expect(await get(ZONE)).toEqual({ status: 400, code: 'ThrottlingException' });
    expect(await get(OTHER)).toBe(undefined);
    expect((await region.world.status()).faults).toMatchObject([{ fault: 'call', zone: ZONE, settings: rule }]);
  });

  it('are errors of every protocol, and say which rule they come from', async () => {
    await chaos('POST', 'faults', [{ error: { statusCode: 418, code: 'TeaPot' } }]);
    const options = { endpoint, region: 'us-east-1', credentials: accountCredentials('200000000006'), maxAttempts: 1 };
    const calls = [
      () => new ACMPCAClient(options).send(new ListCertificateAuthoritiesCommand({})),
      () => new Route53Client(options).send(new ListHostedZonesCommand({})),
      () => new STSClient(options).send(new GetCallerIdentityCommand({})),
    ];
    for (const call of calls) expect(await refusal(call())).toEqual({ status: 418, code: 'TeaPot' });
    const [rule] = (await region.world.status()).faults;
    const lines = await until('lines in the log', async () => {
      const { stdout } = await region.command('logs', '-n', '2000', '--json');
      const found = stdout.split('\n').filter(line => line.includes(`"fault":"${rule!.id}"`));
      return found.length >= 3 ? found : undefined;
    });
    expect(lines[0]).toContain('"errorCode":"TeaPot"');
  });

  it('meet one role, in zones that start later too, and end by themselves', async () => {
    const account = String(++accounts);
    await client(account).send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: TRUST }));
    const sts = new STSClient({ endpoint, region: 'us-east-1', credentials: accountCredentials(account) });
    const RoleArn = `arn:aws:iam::${account}:role/reader`;
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const who = async (zone: string, as: typeof credentials | ReturnType<typeof accountCredentials>) => {
      const { endpoint: at } = await zoneStatus(zone);
      const zonal = new STSClient({ endpoint: at, region: 'us-east-1', credentials: as, maxAttempts: 1 });
      return refusal(zonal.send(new GetCallerIdentityCommand({})));
    };
    await chaos('POST', 'faults', [{ callerRole: 'reader', durationMs: 15_000 }]);
    const unavailable = { status: 503, code: 'ServiceUnavailable' };
    expect(await who(ZONE, credentials)).toEqual(unavailable);
    expect(await who(OTHER, credentials)).toEqual(unavailable);
    expect(await who(ZONE, accountCredentials(account))).toBe(undefined);
    process.kill((await zoneStatus(OTHER)).pid!, 'SIGKILL');
    await until(
      'the zone is back',
      async () => (await zoneStatus(OTHER)).restarts > 0 && (await zoneStatus(OTHER)).healthy,
    );
    // Until it has caught up it does not know who calls.
    const refused = await until('a caller it knows', async () => {
      const found = await who(OTHER, credentials);
      return found === undefined || (found.status !== undefined && found.status !== 403) ? { found } : undefined;
    });
    expect(refused).toEqual({ found: unavailable });
    await until('the end of the rule', async () => (await region.world.status()).faults.length === 0, 20_000);
    for (const zone of [ZONE, OTHER]) await until(zone, async () => (await who(zone, credentials)) === undefined);
  });

  it('are given, added to and taken away as LocalStack does it', async () => {
    const [first, second] = [
      { service: 'sts', region: 'eu-west-1' },
      { operation: 'ListUsers', probability: 0.5 },
    ];
    expect(await chaos('GET', 'faults')).toEqual({ status: 200, body: [] });
    await chaos('POST', 'faults', [{ service: 'route53' }]);
    expect(await chaos('POST', 'faults', [first])).toEqual({ status: 200, body: [first] });
    const zonal = (await zoneStatus(OTHER)).endpoint;
    expect(await chaos('PATCH', 'faults', [second], zonal)).toEqual({ status: 200, body: [first, second] });
    expect(await chaos('DELETE', 'faults', [first])).toEqual({ status: 200, body: [second] });
    const listed = await region.command('fault', 'list');
    expect(listed.stdout).toContain('operation=ListUsers probability=0.5');
    expect(await chaos('POST', 'faults', [second, { service: 'sts', colour: 'red' }])).toMatchObject({
      ...{ status: 400, body: { message: expect.stringMatching(/^rule 2: a rule has no field colour/) } },
    });
    expect(await chaos('POST', 'faults', [{ zone: 'mars' }])).toMatchObject({ status: 400 });
    expect(await chaos('POST', 'faults', { service: 'sts' })).toMatchObject({ status: 400 });
    expect(await chaos('PUT', 'faults', [])).toMatchObject({ status: 405 });
    expect(await chaos('GET', 'colours')).toMatchObject({ status: 404 });
    expect(await chaos('GET', 'faults')).toEqual({ status: 200, body: [second] });
    expect(await chaos('POST', 'faults', [])).toEqual({ status: 200, body: [] });
  });

  it('make every call slower', async () => {
    expect(await chaos('POST', 'effects', { latency: 200 })).toEqual({ status: 200, body: { latency: 200 } });
    expect(await chaos('GET', 'effects')).toEqual({ status: 200, body: { latency: 200 } });
    const sts = new STSClient({ endpoint, region: 'us-east-1', credentials: accountCredentials('200000000008') });
    const askedAt = performance.now();
    await sts.send(new GetCallerIdentityCommand({}));
    const tookMs = performance.now() - askedAt;
    expect(tookMs).toBeGreaterThanOrEqual(199);
    keep('call-latency', { wanted: 200, tookMs });
    expect(await chaos('POST', 'effects', { latency: 0 })).toEqual({ status: 200, body: { latency: 0 } });
    expect((await region.world.status()).faults).toEqual([]);
  });

  it('are added by the command as well', async () => {
    const { code, stdout } = await region.command(
      ...(['fault', 'add', 'call', 'service=iam', 'error.code=TeaPot', 'error.statusCode=409'] as const),
      ...['--zone', ZONE, '--duration', '1m', '--seed', '7', '--json'],
    );
    expect({ code, fault: JSON.parse(stdout) }).toMatchObject({
      ...{ code: 0, fault: { fault: 'call', zone: ZONE, settings: { service: 'iam', seed: 7, durationMs: 60_000 } } },
    });
    const zonal = client('200000000007', (await zoneStatus(ZONE)).endpoint);
    expect(await refusal(zonal.send(new ListUsersCommand({})))).toEqual({ status: 409, code: 'TeaPot' });
    const wrong = await region.command('fault', 'add', 'call', 'servise=iam');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('a rule has no field servise') });
  });
});
