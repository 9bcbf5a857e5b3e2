/**
 * Hot state shared through a real Redis: the scripts against a naive model, two hosts of a zone that share their limits,
 * and what callers notice when Redis is killed, frozen or emptied under them, which is nothing. Then throttling in a
 * region, as official clients see it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACMPCAClient, ListCertificateAuthoritiesCommand } from '@aws-sdk/client-acm-pca';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Logger, randomInt, seededRandom, silentLogger, systemClock, systemRandom } from '@stormglass/base';
import type { ContributorReport } from '@stormglass/contracts';
import { type Limit, SharedHotState } from '@stormglass/hot-state';
import { RedisStore } from '@stormglass/hot-state/redis';
import { createIamService } from '@stormglass/iam';
import { IamState } from '@stormglass/identity';
import { testAuthority, testIdentity } from '@stormglass/pki/testing';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost, Traffic } from '@stormglass/service-kit';
import { until } from '@stormglass/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisServer } from './redis-server.ts';
import { RegionUnderTest } from './region-under-test.ts';

const clock = systemClock;
/** So slow that a test sees nothing come back. */
const DRY: Limit = { ratePerSecond: 0.001, burst: 20 };
/** If calls waited for a Redis that does not answer, half of them would take longer than this (it is given up after 500 ms). */
const NOTICED_MS = 400;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const closedAfterwards = <T extends { close(): unknown }>(it: T): T => {
  closing.push(async () => it.close());
  return it;
};

const redisServer = async (...more: string[]) => closedAfterwards(await RedisServer.start(...more));
const storeOf = ({ port }: RedisServer) => closedAfterwards(new RedisStore({ host: '127.0.0.1', port, clock }));

function hotStateOf(redis: RedisServer, logger: Logger = silentLogger): SharedHotState {
  const store = new RedisStore({ host: '127.0.0.1', port: redis.port, clock });
  return closedAfterwards(new SharedHotState({ store, clock, random: systemRandom, logger }));
}

/** A host with IAM alone, whose traffic is `hot`; its URL. */
async function host(hot: SharedHotState, limit: Limit): Promise<string> {
  const sources = { clock, random: systemRandom, logger: silentLogger };
  const log = new MemoryLog(clock).open();
  const replica = closedAfterwards(new Replica({ machine: new IamState(), log, ...sources }));
  await replica.start();
  const services = [createIamService({ replica, random: systemRandom })];
  const traffic = new Traffic(hot, limit);
  const app = closedAfterwards(standaloneHost({ services, iam: iamReplicaOf(replica, clock), traffic, ...sources }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

const client = (endpoint: string, maxAttempts = 1) => ({
  ...{ endpoint, maxAttempts, region: 'us-east-1' },
  credentials: { accessKeyId: '123456789012', secretAccessKey: 'test' },
});
const iamClient = (endpoint: string, maxAttempts = 1) => new IAMClient(client(endpoint, maxAttempts));

describe('the scripts', () => {
  it('do what a naive model does', async () => {
    const store = storeOf(await redisServer());
    const random = seededRandom(4711);
    const model = new Map<string, number>();
    for (let round = 0; round < 200; round++) {
      const names = new Set(Array.from({ length: randomInt(random, 6) }, () => `bucket ${randomInt(random, 8)}`));
      const taken = [...names].map(bucket => ({ bucket, limit: DRY, tokens: randomInt(random, 3) }));
      const expected = taken.map(({ bucket, limit, tokens }) => {
        const left = Math.max(-limit.burst, (model.get(bucket) ?? limit.burst) - tokens);
        model.set(bucket, left);
        return left;
      });
      const left = await store.settle({ taken, counted: [] });
      expect(left).toHaveLength(expected.length);
      // What comes in by itself in a minute is less than a tenth of a token.
      for (const [i, level] of left.entries()) expect(Math.abs(level - expected[i]!)).toBeLessThan(0.1);
    }
  });

  it('fill buckets by the time of Redis, up to the burst', async () => {
    const store = storeOf(await redisServer());
    const fast: Limit = { ratePerSecond: 50, burst: 30 };
    const before = performance.now();
    const [empty] = await store.settle({ taken: [{ bucket: 'b', limit: fast, tokens: 30 }], counted: [] });
    const ask = async () => (await store.settle({ taken: [{ bucket: 'b', limit: fast, tokens: 0 }], counted: [] }))[0]!;
    expect(empty).toBe(0);
    await until('some tokens', async () => {
      const level = await ask();
      expect(level).toBeLessThanOrEqual(((performance.now() - before) / 1000) * fast.ratePerSecond);
      return level > 5;
    });
    await until('a full bucket', async () => (await ask()) === fast.burst);
  });

  it('count, and tell who is greatest', async () => {
    const store = storeOf(await redisServer());
    const counted = Array.from({ length: 1000 }, (_, i) => ({
      table: 't',
      contributor: `c${i}`,
      amount: 1 + (i % 500),
    }));
    await store.settle({ taken: [], counted });
    await store.settle({ taken: [], counted: [{ table: 't', contributor: 'c498', amount: 1000 }] });
    const top = await store.top('t', 3, 60_000);
    expect(top).toEqual([
      { contributor: 'c498', amount: 1499 },
      { contributor: 'c499', amount: 500 },
      { contributor: 'c999', amount: 500 },
    ]);
    expect((await store.top('t', 5000, 60_000)).length).toBeLessThan(counted.length);
    expect(await store.top('another', 3, 60_000)).toEqual([]);
  });

  it('are reached over TLS with certificates from files, and not without one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stormglass-redis-tls-'));
    closing.push(async () => rmSync(folder, { recursive: true, force: true }));
    const authority = await testAuthority();
    const { credential, bundle } = await testIdentity(authority);
    const ca = bundle!.roots.join('');
    const files = { cert: [credential!.certificate, ...credential!.chain].join(''), key: credential!.key, ca };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const named = ['--tls-cert-file', join(folder, 'cert'), '--tls-key-file', join(folder, 'key')];
    const { port } = await redisServer(...named, '--tls-ca-cert-file', join(folder, 'ca'));
    const ask = (tls: { cert?: string; key?: string; ca: string }) => {
      const options = () => ({ ...tls, checkServerIdentity: () => undefined });
      const store = closedAfterwards(new RedisStore({ host: '127.0.0.1', port, clock, tls: options }));
      return store.settle({ taken: [{ bucket: 'b', limit: DRY, tokens: 5 }], counted: [] });
    };
    expect((await ask(files))[0]).toBe(15);
    await expect(ask({ ca })).rejects.toThrow();
  });
});

describe('two hosts of a zone', () => {
  it('share a limit', async () => {
    const redis = await redisServer();
    const states = [hotStateOf(redis), hotStateOf(redis)];
    const [one, two] = (await Promise.all(states.map(state => host(state, DRY)))) as [string, string];
    await until('both to share', () => states.every(state => state.isShared));
    const list = (endpoint: string) => iamClient(endpoint).send(new ListUsersCommand({}));
    for (let i = 0; i < DRY.burst; i++) await list(one);
    await expect(list(one)).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
    // The other one has not heard of it until it settles for the first time, and is too generous until then.
    let passed = 0;
    await until('the other to refuse', () =>
      list(two).then(
        () => ++passed === 0,
        error => error.name === 'Throttling',
      ),
    );
    expect(passed).toBeLessThan(DRY.burst);
    await expect(list(two)).rejects.toMatchObject({ name: 'Throttling' });
    const top = await states[0]!.top('operation', 1, 60_000);
    expect(top[0]).toMatchObject({ contributor: 'iam:ListUsers' });
    expect(top[0]!.amount).toBeGreaterThan(DRY.burst + passed);
  });
});

describe('a Redis that is lost', () => {
  /** Calls one after the other until `enough`, each remembered. */
  async function calls(endpoint: string, enough: () => boolean | Promise<boolean>) {
    const iam = iamClient(endpoint);
    const durations: number[] = [];
    const failed: string[] = [];
    while (!(await enough()) || durations.length < 50) {
      const from = performance.now();
      await iam.send(new ListUsersCommand({})).catch((error: Error) => failed.push(error.name));
      durations.push(performance.now() - from);
    }
    return { failed, usualMs: durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)]! };
  }

  const LOSSES: Readonly<Record<string, readonly [(redis: RedisServer) => unknown, (redis: RedisServer) => unknown]>> =
    {
      killed: [redis => redis.kill(), redis => redis.start()],
      frozen: [redis => redis.freeze(), redis => redis.thaw()],
    };

  it.each(Object.keys(LOSSES))('%s, is noticed by no call, and comes back by itself', async how => {
    const [lose, restore] = LOSSES[how]!;
    const redis = await redisServer();
    const told: string[] = [];
    const tell = (message: string) => void told.push(message);
    const hot = hotStateOf(redis, { ...silentLogger, info: tell, warn: tell });
    const endpoint = await host(hot, { ratePerSecond: 1e6, burst: 1e6 });
    await until('to share', () => hot.isShared);
    await lose(redis);
    const whileLosing = await calls(endpoint, () => !hot.isShared);
    const alone = await calls(endpoint, () => true);
    expect(hot.isShared).toBe(false);
    for (const { failed, usualMs } of [whileLosing, alone]) {
      expect(failed).toEqual([]);
      expect(usualMs).toBeLessThan(NOTICED_MS);
    }
    // Limits hold here, alone.
    const passed = Array.from({ length: 3 * DRY.burst }, () => hot.take('dry', DRY)).filter(({ allowed }) => allowed);
    expect(passed).toHaveLength(DRY.burst);
    await restore(redis);
    const again = await calls(endpoint, () => hot.isShared);
    expect(again.failed).toEqual([]);
    expect(again.usualMs).toBeLessThan(NOTICED_MS);
    expect(told).toEqual([
      'hot state: shared with the zone',
      'hot state: of this process alone',
      'hot state: shared with the zone',
    ]);
  });

  it('and emptied, gives nothing to who has taken all there was', async () => {
    const redis = await redisServer();
    const hot = hotStateOf(redis);
    await until('to share', () => hot.isShared);
    while (hot.take('b', DRY).allowed);
    const store = storeOf(redis);
    const levelNow = async () =>
      (await store.settle({ taken: [{ bucket: 'b', limit: DRY, tokens: 0 }], counted: [] }))[0]!;
    await until('Redis to know', async () => (await levelNow()) < 1);
    await redis.kill();
    await redis.start();
    expect(hot.take('b', DRY).allowed).toBe(false);
    expect(hot.take('another', DRY).allowed).toBe(true);
    await until('to share again', () => hot.isShared);
    expect(hot.take('b', DRY).allowed).toBe(false);
  });

  it('or was never there, costs nothing', async () => {
    const redis = await redisServer();
    await redis.kill();
    const hot = hotStateOf(redis);
    const endpoint = await host(hot, DRY);
    for (let i = 0; i < DRY.burst; i++) await iamClient(endpoint).send(new ListUsersCommand({}));
    await expect(iamClient(endpoint).send(new ListUsersCommand({}))).rejects.toMatchObject({ name: 'Throttling' });
    expect(hot.isShared).toBe(false);
    await redis.start();
    await until('to share', () => hot.isShared);
  });
});

describe('a region with a limit', () => {
  it('throttles as AWS does: official clients try again, and operators see who it was', async () => {
    const region = await RegionUnderTest.start(['--throttle', '5:1']);
    closing.push(() => region.close());
    // All calls to one zone: each has buckets of its own.
    const [zone] = (await region.world.status()).zones;
    const patient = client(zone!.endpoint, 12);
    const asked = { iam: new IAMClient(patient), sts: new STSClient(patient), route53: new Route53Client(patient) };
    const pca = new ACMPCAClient(patient);
    const CALLS: Readonly<Record<string, () => Promise<{ $metadata: { attempts?: number } }>>> = {
      iam: () => asked.iam.send(new ListUsersCommand({})),
      sts: () => asked.sts.send(new GetCallerIdentityCommand({})),
      route53: () => asked.route53.send(new ListHostedZonesCommand({})),
      pca: () => pca.send(new ListCertificateAuthoritiesCommand({})),
    };
    for (const [name, call] of Object.entries(CALLS)) {
      const answers = await Promise.all([call(), call(), call()]);
      expect(Math.max(...answers.map(({ $metadata }) => $metadata.attempts ?? 0)), name).toBeGreaterThan(1);
    }
    const impatient = client(zone!.endpoint);
    const hasty = [new IAMClient(impatient), new IAMClient(impatient)];
    const refused = await Promise.allSettled(hasty.map(iam => iam.send(new ListUsersCommand({}))));
    expect(refused.flatMap(each => (each.status === 'rejected' ? [each.reason] : []))[0]).toMatchObject({
      ...{ name: 'Throttling', message: 'Rate exceeded' },
      $metadata: { httpStatusCode: 400 },
    });
    const { stdout } = await region.command('top', zone!.id, '--json');
    const [{ tables }] = JSON.parse(stdout) as [ContributorReport];
    expect(tables.account?.[0]?.contributor).toBe('123456789012');
    expect(tables.throttled?.map(({ contributor }) => contributor)).toEqual(
      expect.arrayContaining(
        ['iam:ListUsers', 'acm-pca:ListCertificateAuthorities'].map(what => `123456789012 ${what}`),
      ),
    );
    expect((await region.command('top')).stdout).toContain('OPERATION');
    expect((await region.command('top', 'nowhere')).code).toBe(2);
  });
});
