/** Several regions in one world: how far they are from each other, and that what breaks one leaves the others alone. */

import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  GetBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { OneRegionStatus, ZoneStatus } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { accountCredentials } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const HOME = 'us-east-1';
const AWAY = 'ap-southeast-2';
const SOVEREIGN = 'eusc-de-east-1';
const ROUND_TRIP_MS = 120;
const HOME_FROM_AWAY = '127.66.1.100';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

let world: RegionUnderTest;
let port: string;
beforeAll(async () => {
  world = await RegionUnderTest.start([
    ...['--regions', [HOME, AWAY, SOVEREIGN].join()],
    ...['--region-latency', String(ROUND_TRIP_MS)],
  ]);
  port = new URL(await world.endpoint()).port;
});
afterEach(() => world.world.clearFaults());
afterAll(() => world?.close());

async function status(region: string): Promise<OneRegionStatus> {
  const { regions = [] } = await world.world.status();
  return regions.find(each => each.region === region)!;
}

async function zone(id: string): Promise<ZoneStatus> {
  const { regions = [] } = await world.world.status();
  return regions.flatMap(({ zones }) => zones).find(each => each.id === id)!;
}

/** What the resolver of a region's first zone answers. */
async function names(region: string, name: string): Promise<string | readonly string[]> {
  const resolver = new Resolver({ timeout: 1000, tries: 3 });
  resolver.setServers([(await status(region)).zones[0]!.dns]);
  return resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error.code ?? '');
}

const account = accountCredentials('300000000001');
const client = (endpoint: string, region: string, credentials = account) => ({ endpoint, region, credentials });
const sts = async (region: string, credentials?: typeof account) =>
  new STSClient({ ...client((await status(region)).endpoint, region, credentials), maxAttempts: 1 });

/** A call from the second region to the first, over a new connection; tells how long it took, in ms. */
async function callHome(timeoutMs = 10_000): Promise<number> {
  const asked = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const caller = new STSClient({ ...client(`http://${HOME_FROM_AWAY}:${port}`, HOME), maxAttempts: 1 });
  try {
    const { Account } = await caller.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    expect(Account).toBe(account.accessKeyId);
    return performance.now() - asked;
  } finally {
    caller.destroy();
  }
}

it('each region has its names, and those of the others of its partition lead to a gateway', async () => {
  const zonesOf = (ordinal: number) => [1, 2, 3].map(n => `127.66.${ordinal}.${n}`);
  const expected = {
    own: [AWAY, `sts.${AWAY}.amazonaws.com`, zonesOf(1)],
    other: [AWAY, `sts.${HOME}.amazonaws.com`, [HOME_FROM_AWAY]],
    back: [HOME, `sts.${AWAY}.amazonaws.com`, ['127.66.0.101']],
    global: [AWAY, 'iam.amazonaws.com', [HOME_FROM_AWAY]],
    globalAtHome: [HOME, 'iam.amazonaws.com', zonesOf(0)],
    globalOfAnotherPartition: [SOVEREIGN, 'iam.amazonaws.com', zonesOf(2)],
    anotherPartition: [SOVEREIGN, `sts.${HOME}.amazonaws.com`, 'ENOTFOUND'],
  } as const;
  // A zone that has just begun to look at the others does not name them yet.
  for (const [what, [region, name, answer]] of Object.entries(expected))
    await until(what, async () => (await names(region, name)).toString() === answer.toString());
});

it('the way to another region is as long as it was asked to be, and the way within is not', async () => {
  const far: number[] = [];
  const near: number[] = [];
  const caller = await sts(AWAY);
  for (let i = 0; i < 20; i++) {
    far.push(await callHome());
    const asked = performance.now();
    await caller.send(new GetCallerIdentityCommand({}));
    near.push(performance.now() - asked);
  }
  caller.destroy();
  const sorted = far.toSorted((a, b) => a - b);
  // Timers may fire a little early.
  expect(sorted[0]).toBeGreaterThanOrEqual(ROUND_TRIP_MS - 2);
  expect(Math.min(...near)).toBeLessThan(ROUND_TRIP_MS);
  keep('regions-latency', { wanted: ROUND_TRIP_MS, far: sorted, near: near.toSorted((a, b) => a - b) });
});

it('a zone of one region dies and comes back; the other region does not notice', async () => {
  const before = (await status(HOME)).zones.map(({ pid, restarts }) => ({ pid, restarts }));
  const caller = await sts(HOME);
  const { pid } = await zone('apse2-az2');
  process.kill(pid!, 'SIGKILL');
  for (let i = 0; i < 50; i++) await caller.send(new GetCallerIdentityCommand({}));
  await until('apse2-az2 to be back', async () => {
    const now = await zone('apse2-az2');
    return now.healthy && now.pid !== pid && now.log === 'ok';
  });
  await (await sts(AWAY)).send(new GetCallerIdentityCommand({}));
  expect((await status(HOME)).zones.map(({ pid, restarts }) => ({ pid, restarts }))).toEqual(before);
});

it('a gateway goes on while zones behind it are lost', async () => {
  const lost = await world.command('disable-zones', 'use1-az1', 'use1-az3', '--json');
  expect(JSON.parse(lost.stdout)).toMatchObject([{ outages: ['power-off'] }, { outages: ['power-off'] }]);
  await until('a way to the zone that is left', () => callHome().catch(() => undefined));
  await world.command('enable-zones', 'use1-az1', 'use1-az3');
  await world.world.wait(60_000);
});

it('regions are cut off from each other, and each goes on by itself', async () => {
  const added = await world.command('fault', 'add', 'partition', '--from', HOME, '--to', AWAY);
  expect(added.stdout).toContain(`partition ${HOME} <-> ${AWAY}`);
  await expect(callHome(1000)).rejects.toMatchObject({ name: 'AbortError' });
  for (const region of [HOME, AWAY, SOVEREIGN]) await (await sts(region)).send(new GetCallerIdentityCommand({}));
  expect((await world.command('doctor')).stdout).toContain(`partition between ${HOME} and ${AWAY}`);
  await world.command('fault', 'clear');
  expect(await callHome()).toBeGreaterThanOrEqual(ROUND_TRIP_MS - 2);
  // What lies between regions is no fault: it cannot be mended.
  expect((await world.world.status()).faults).toEqual([]);
});

it('the control plane of IAM is gone, and what it serves goes on', async () => {
  const iam = new IAMClient({ ...client((await status(HOME)).endpoint, HOME), maxAttempts: 1 });
  const role = { AssumeRolePolicyDocument: TRUST };
  await iam.send(new CreateRoleCommand({ ...role, RoleName: 'before' }));
  await world.command('fault', 'add', 'control-plane-outage', 'service=iam', '--region', HOME);
  const refused = iam.send(new CreateRoleCommand({ ...role, RoleName: 'during' }));
  await expect(refused).rejects.toMatchObject({ name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } });
  await expect(iam.send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  const RoleArn = `arn:aws:iam::${account.accessKeyId}:role/before`;
  const { Credentials } = await (await sts(HOME)).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
  expect(Credentials?.SessionToken).toBeDefined();
  await world.command('fault', 'clear');
  await iam.send(new CreateRoleCommand({ ...role, RoleName: 'after' }));
});

it('a bucket has its name in all regions of its partition, and who asks elsewhere is sent on', async () => {
  const s3 = async (region: string) => {
    const { endpoint } = await status(region);
    return new S3Client({ ...client(endpoint, region), maxAttempts: 1, forcePathStyle: true });
  };
  const [home, away, apart] = [await s3(HOME), await s3(AWAY), await s3(SOVEREIGN)];
  const Bucket = 'far-away';
  const here = (LocationConstraint: string) => ({ Bucket, CreateBucketConfiguration: { LocationConstraint } }) as const;
  await away.send(new CreateBucketCommand(here(AWAY) as CreateBucketCommandInput));
  await expect(home.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
  await expect(home.send(new GetBucketVersioningCommand({ Bucket }))).rejects.toMatchObject({
    name: 'PermanentRedirect',
    $response: { statusCode: 301, headers: { 'x-amz-bucket-region': AWAY } },
  });
  await apart.send(new CreateBucketCommand(here(SOVEREIGN) as CreateBucketCommandInput));
  for (const each of [home, away, apart]) each.destroy();
});

it('a credential or a token of one partition is unknown in another', async () => {
  const iam = new IAMClient(client((await status(HOME)).endpoint, HOME));
  await iam.send(new CreateUserCommand({ UserName: 'traveller' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'traveller' }));
  const key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const RoleArn = `arn:aws:iam::${account.accessKeyId}:role/before`;
  const { Credentials } = await (await sts(HOME)).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
  const session = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  for (const credentials of [key, session]) {
    await (await sts(HOME, credentials)).send(new GetCallerIdentityCommand({}));
    const elsewhere = (await sts(SOVEREIGN, credentials)).send(new GetCallerIdentityCommand({}));
    await expect(elsewhere).rejects.toMatchObject({
      ...{ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } },
    });
  }
  const roots = await Promise.all([HOME, AWAY, SOVEREIGN].map(async region => (await status(region)).rootFile));
  const [home, away, sovereign] = roots.map(file => readFileSync(file, 'utf8'));
  expect(away).toBe(home);
  expect(sovereign).not.toBe(home);
});

it('a host whose certificate is revoked is trusted in no region of its partition', async () => {
  const holders = await world.world.certificates();
  const { serial } = holders.find(({ holder, revocation }) => holder === 'host use1-az2' && revocation === undefined)!;
  await world.world.revokeCertificate(serial);
  const trusted = async (region: string, id: string) => {
    const file = join((await status(region)).folder, 'zones', id, 'certificates', 'trust.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : 'as it came with the image';
  };
  for (const [region, id] of [[HOME, 'use1-az1'] as const, [AWAY, 'apse2-az1'] as const])
    await until(`${id} to know`, async () => (await trusted(region, id)).includes(serial));
  expect(await trusted(SOVEREIGN, 'euscdee1-az1')).not.toContain(serial);
});

it('a zone that cannot have its port says so until it has it', async () => {
  const id = 'apse2-az3';
  const { endpoint } = await zone(id);
  await world.command('disable-zones', id);
  const stranger = await until('its port to be free', async () => {
    const server = createServer().listen(Number(new URL(endpoint).port), '127.0.0.1');
    return once(server, 'listening').then(
      () => server,
      () => undefined,
    );
  });
  await world.command('enable-zones', id);
  const why = `port ${new URL(endpoint).port} is taken by another program`;
  await until('it to say so', async () => (await zone(id)).startError === why);
  expect((await world.command('status')).stdout).toContain(`${id} cannot start: ${why}`);
  expect((await world.command('doctor')).stdout).toContain(`${id}: its host cannot start: ${why}`);
  stranger.close();
  await world.world.wait(60_000);
  expect((await zone(id)).startError).toBe(undefined);
});

it('the folder of one region is lost: the root stays, and so does all that the others know', async () => {
  const rootBefore = readFileSync((await status(HOME)).rootFile, 'utf8');
  const folderOf = Object.fromEntries(
    await Promise.all([HOME, AWAY].map(async region => [region, (await status(region)).folder] as const)),
  );
  await world.command('down');
  await rm(folderOf[AWAY]!, { recursive: true });
  await world.up();
  expect(readFileSync((await status(AWAY)).rootFile, 'utf8')).toBe(rootBefore);
  const { UserName } = await userAtHome();
  expect(UserName).toBe('traveller');
  await world.command('down');
  for (const lost of ['zones', 'certificate-authority', 'region.json', 'ca.pem'])
    await rm(join(folderOf[HOME]!, lost), { recursive: true });
  await world.up();
  expect(readFileSync((await status(HOME)).rootFile, 'utf8')).toBe(rootBefore);
  await (await sts(AWAY)).send(new GetCallerIdentityCommand({}));
  await expect(userAtHome()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});

async function userAtHome() {
  const iam = new IAMClient(client((await status(HOME)).endpoint, HOME));
  return (await iam.send(new GetUserCommand({ UserName: 'traveller' }))).User!;
}
