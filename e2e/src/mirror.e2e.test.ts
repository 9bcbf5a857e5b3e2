/**
 * IAM in regions that are not home: identities arrive there, keep working when home is gone, and are there only for
 * accounts that use the region.
 */
import {
  AccountClient,
  DisableRegionCommand,
  EnableRegionCommand,
  GetRegionOptStatusCommand,
} from '@aws-sdk/client-account';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { OneRegionStatus } from '@stormglass/contracts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keep } from './chaos/history-file.ts';
import { accountCredentials } from './chaos/sdk-load.ts';
import { RegionUnderTest } from './region-under-test.ts';

const HOME = 'us-east-1';
const AWAY = 'ap-southeast-2';
const OPT_IN = 'eu-south-1';
const ACCOUNT = '410000000001';
const HOME_ZONES = ['use1-az1', 'use1-az2', 'use1-az3'];
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/mirrored`;
const REFUSED = { name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } };

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

let world: RegionUnderTest;
const clients: { destroy(): void }[] = [];
const made = <Client extends { destroy(): void }>(client: Client): Client => {
  clients.push(client);
  return client;
};

async function status(region: string): Promise<OneRegionStatus> {
  const { regions = [] } = await world.world.status();
  return regions.find(each => each.region === region)!;
}

const root = accountCredentials(ACCOUNT);
const atHome = async () => ({ endpoint: (await status(HOME)).endpoint, region: HOME });
const iam = async () => made(new IAMClient({ ...(await atHome()), credentials: root }));
const account = async () => made(new AccountClient({ ...(await atHome()), credentials: root }));
const stsAt = (endpoint: string, region: string, credentials: Keys) =>
  made(new STSClient({ endpoint, region, credentials, maxAttempts: 1 }));
const sts = async (region: string, credentials: Keys) => stsAt((await status(region)).endpoint, region, credentials);
const arnOf = async (client: STSClient) => (await client.send(new GetCallerIdentityCommand({}))).Arn;
const assume = (client: STSClient, RoleArn = ROLE_ARN) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));

/** A new user at home with a key, which may assume the role. */
async function newUser(client: IAMClient, UserName: string): Promise<Keys> {
  await client.send(new CreateUserCommand({ UserName }));
  const document = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE_ARN };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: document });
  await client.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

const newRole = (client: IAMClient, RoleName: string) => {
  const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  return client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
};

let user: Keys;
beforeAll(async () => {
  world = await RegionUnderTest.start(['--regions', [HOME, AWAY, OPT_IN].join()]);
  const client = await iam();
  await newRole(client, 'mirrored');
  await newRole(client, 'guarded');
  user = await newUser(client, 'first');
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await world?.close();
});

describe('a region that every account uses', () => {
  it('knows an identity soon after it was made at home', async () => {
    const client = await iam();
    const { endpoint } = await status(AWAY);
    const tookMs: number[] = [];
    for (let i = 0; i < 60; i++) {
      const UserName = `user-${i}`;
      await client.send(new CreateUserCommand({ UserName }));
      const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
      const acknowledgedAt = performance.now();
      const keys = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
      const caller = new STSClient({ endpoint, region: AWAY, credentials: keys, maxAttempts: 1 });
      await until(`${UserName} to be known`, () => arnOf(caller).catch(() => undefined));
      tookMs.push(performance.now() - acknowledgedAt);
      caller.destroy();
    }
    tookMs.sort((a, b) => a - b);
    const at = (share: number) => tookMs[Math.min(tookMs.length - 1, Math.floor(share * tookMs.length))];
    keep('mirror-propagation', { p50: at(0.5), p90: at(0.9), p99: at(0.99), tookMs });
    const { zones } = await status(AWAY);
    for (const { identity } of zones) expect(identity).toMatchObject({ source: HOME, lagMs: expect.any(Number) });
  });

  it('sends whoever wants to change something home', async () => {
    const { endpoint } = await status(AWAY);
    const misdirected = made(new IAMClient({ endpoint, region: HOME, credentials: root, maxAttempts: 1 }));
    await expect(misdirected.send(new CreateUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 503 },
      message: expect.stringContaining(`home region, ${HOME}`),
    });
  });

  it('goes on while home is gone, zone by zone, and catches up when it is back', async () => {
    const { zones, endpoint } = await status(AWAY);
    const caller = await sts(AWAY, user);
    await until('the user to be known', () => arnOf(caller).catch(() => undefined));
    await world.command('disable-zones', ...HOME_ZONES);
    const guarded = ROLE_ARN.replace('mirrored', 'guarded');
    const works = async (at: string) => {
      const client = stsAt(at, AWAY, user);
      expect(await arnOf(client)).toBe(`arn:aws:iam::${ACCOUNT}:user/first`);
      const { Credentials } = await assume(client);
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
      const session = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
      expect(await arnOf(stsAt(at, AWAY, session))).toContain(':assumed-role/mirrored/session');
      await expect(assume(client, guarded)).rejects.toMatchObject({ name: 'AccessDenied' });
    };
    for (const zone of zones) await works(zone.endpoint);
    await world.command('disable-zones', 'apse2-az1');
    await until('the region to go on with two zones', () => works(endpoint).then(() => true));
    await world.command('enable-zones', 'apse2-az1');
    await until('the zone to be back', async () => (await status(AWAY)).zones[0]?.healthy);
    // It starts from its own disk and its own region's log: home is still gone.
    await until('the zone to work', () => works(zones[0]!.endpoint).then(() => true));
    const aloneClient = made(new IAMClient({ ...(await atHome()), credentials: root, maxAttempts: 1 }));
    await expect(aloneClient.send(new CreateUserCommand({ UserName: 'nobody' }))).rejects.toThrow();

    await world.command('enable-zones', ...HOME_ZONES);
    const client = await iam();
    const late = await until('home to take writes', () => newUser(client, 'late').catch(() => undefined));
    const lateCaller = await sts(AWAY, late);
    await until('the late user to be known', () => arnOf(lateCaller).catch(() => undefined));
  });
});

describe('a region that accounts opt in to', () => {
  const optStatus = async (client: AccountClient) =>
    (await client.send(new GetRegionOptStatusCommand({ RegionName: OPT_IN }))).RegionOptStatus;

  it('knows nobody before, all of the account then, and nobody after', async () => {
    const client = await account();
    const asRoot = await sts(OPT_IN, root);
    const asUser = await sts(OPT_IN, user);
    for (const caller of [asRoot, asUser]) await expect(arnOf(caller)).rejects.toMatchObject(REFUSED);
    const test = await sts(OPT_IN, { accessKeyId: 'test', secretAccessKey: 'test' });
    await expect(arnOf(test)).rejects.toMatchObject(REFUSED);
    expect(await optStatus(client)).toBe('DISABLED');

    const askedAt = performance.now();
    await client.send(new EnableRegionCommand({ RegionName: OPT_IN }));
    await until('the region to be enabled', async () => (await optStatus(client)) === 'ENABLED');
    keep('mirror-opt-in', { enabledMs: performance.now() - askedAt });
    const { Credentials } = await assume(asUser);
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    const session = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
    for (const region of [OPT_IN, AWAY, HOME])
      expect(await arnOf(await sts(region, session))).toContain(':assumed-role/mirrored/session');
    expect(await arnOf(asRoot)).toContain(':root');
    await expect(arnOf(test)).rejects.toMatchObject(REFUSED);
    // What is made from now on arrives as in every other region.
    const another = await newUser(await iam(), 'another');
    const asAnother = await sts(OPT_IN, another);
    await until('a later user to be known', () => arnOf(asAnother).catch(() => undefined));

    await client.send(new DisableRegionCommand({ RegionName: OPT_IN }));
    await until('the region to be disabled', async () => (await optStatus(client)) === 'DISABLED');
    for (const caller of [asRoot, asUser, asAnother, await sts(OPT_IN, session)])
      await expect(arnOf(caller)).rejects.toMatchObject(REFUSED);
    expect(await arnOf(await sts(AWAY, user))).toContain(':user/first');
  });
});
