import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { generate } from '@stormglass/compose';
import { yamlText } from '@stormglass/compose/yaml-text';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersWith, docker, leftOf, testProjects } from './docker.ts';

/** Two regions, one after the other; the second has one zone, so that a machine of two processors carries both. */
const START_TIMEOUT_MS = 600_000;
const REGION_TIMEOUT_MS = 280_000;
/** Between the regions, there and back. */
const WAY_MS = 80;
const ACCOUNT = '000000000000';
/** Of somebody inside the second region who asks the first. */
const PATIENCE_MS = 3000;
const SUBNETS = { home: '10.97', second: '10.98' };

let home: TestRegion;
let second: TestRegion;
let projects: { readonly home: string; readonly second: string };
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stormglass-second-'));
  const before = await testProjects();
  home = await startRegion({
    docker: { environment: { STORMGLASS_SUBNET: SUBNETS.home } },
    timeoutMs: REGION_TIMEOUT_MS,
  });
  const [homeProject = ''] = (await testProjects()).filter(name => !before.includes(name));
  const file = join(folder, 'ap-southeast-2.yaml');
  const joins = { region: 'us-east-1', zoneCount: 3 };
  const document = generate('ap-southeast-2', 1, { engine: 'jetstream', ordinal: 1, joins });
  writeFileSync(file, yamlText(document, ' A second region of one zone.'));
  const environment = {
    STORMGLASS_SUBNET: SUBNETS.second,
    STORMGLASS_JOINED_PROJECT: homeProject,
    STORMGLASS_JOINED_SUBNET: SUBNETS.home,
    STORMGLASS_REGION_LATENCY: String(WAY_MS),
    STORMGLASS_S3_DAY: '10',
  };
  second = await startRegion({ docker: { file, environment }, timeoutMs: REGION_TIMEOUT_MS });
  const known = [...before, homeProject];
  const [secondProject = ''] = (await testProjects()).filter(name => !known.includes(name));
  projects = { home: homeProject, second: secondProject };
}, START_TIMEOUT_MS);

afterAll(async () => {
  // The second region stands in the networks of the first.
  await second?.stop();
  await home?.stop();
  rmSync(folder, { recursive: true, force: true });
  for (const project of Object.values(projects ?? {})) expect(await leftOf(project)).toEqual([]);
}, START_TIMEOUT_MS);

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const clientOf = (region: TestRegion, credentials: Keys = region.credentials) => ({
  ...{ endpoint: region.endpoint, region: region.name, credentials },
});
/** IAM has one region, wherever it is asked: calls are signed for that. */
const iamOf = (region: TestRegion, maxAttempts = 6) =>
  new IAMClient({ ...clientOf(region), region: 'us-east-1', maxAttempts });
const arnOf = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
});
const MAY_ASSUME = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
});

const createRole = (name: string) =>
  iamOf(home).send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST }));

/** Somebody who may assume roles; root may not. */
async function createUser(name: string): Promise<Keys> {
  const iam = iamOf(home);
  await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'assume', PolicyDocument: MAY_ASSUME }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

async function assume(region: TestRegion, keys: Keys, role: string, maxAttempts = 3): Promise<Keys> {
  const sts = new STSClient({ ...clientOf(region, keys), maxAttempts });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arnOf(role), RoleSessionName: 'trip' }),
  );
  return {
    ...{ accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey! },
    sessionToken: given!.SessionToken!,
  };
}

const whoIs = async (region: TestRegion, keys: Keys): Promise<string | undefined> =>
  (await new STSClient(clientOf(region, keys)).send(new GetCallerIdentityCommand({}))).Arn;

/** Which zone answers for a name inside the second region over TLS, and in what time. */
async function askedInside(name: string): Promise<{ readonly zone: string; readonly ms: number }> {
  const [container = ''] = await containersWith(projects.second, 'zone=apse2-az1', 'part=route53');
  const ask = `const [at, signal] = [performance.now(), AbortSignal.timeout(${PATIENCE_MS})];
    fetch("https://${name}/_stormglass/health", { signal }).then(async answer =>
      console.log(JSON.stringify({ zone: (await answer.json()).zone, ms: performance.now() - at })))`;
  const trust = 'NODE_EXTRA_CA_CERTS=/run/stormglass/identity/root.pem';
  return JSON.parse(await docker('exec', '--env', trust, container, 'node', '-e', ask));
}

const main = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));
const stormglass = async (...words: readonly string[]): Promise<string> => {
  const where = ['--project', projects.second, '--folder', folder];
  return (await promisify(execFile)(process.execPath, [main, ...words, ...where])).stdout;
};

describe('names inside the second region', () => {
  it.each(['iam.amazonaws.com', 'sts.us-east-1.amazonaws.com'])('%s leads to the first, the long way', async name => {
    const { zone, ms } = await askedInside(name);
    expect(zone).toMatch(/^use1-az\d$/);
    expect(ms).toBeGreaterThan(WAY_MS);
  });

  it('sts.ap-southeast-2.amazonaws.com leads to its own zone', async () => {
    expect(await askedInside('sts.ap-southeast-2.amazonaws.com')).toMatchObject({ zone: 'apse2-az1' });
  });

  it('sts.amazonaws.com leads where an operator says', async () => {
    const leadsTo = (zone: RegExp) =>
      until('the name to lead there', async () => zone.test((await askedInside('sts.amazonaws.com')).zone));
    await stormglass('global-sts', 'legacy');
    await leadsTo(/^use1-az\d$/);
    await stormglass('global-sts', 'regional');
    await leadsTo(/^apse2-az1$/);
  });
});

it('has the root of the first region', () => {
  expect(readFileSync(second.rootFile, 'utf8')).toBe(readFileSync(home.rootFile, 'utf8'));
});

it('answers the stormglass command', async () => {
  expect(await stormglass('zones')).toMatch(/^apse2-az1 .* running +healthy +ok/m);
  const fault = await second.fault({ fault: 'partition', from: 'ap-southeast-2', to: 'us-east-1' });
  const isHeard = () =>
    askedInside('iam.amazonaws.com').then(
      () => true,
      () => false,
    );
  await until('the fault', async () => !(await isHeard()));
  await fault.clear();
  await until('its end', isHeard);
});

describe('buckets', () => {
  const s3Of = (region: TestRegion) => new S3Client({ ...clientOf(region), forcePathStyle: true });

  it('of the first region are known in the second, which sends clients on', async () => {
    await s3Of(home).send(new CreateBucketCommand({ Bucket: 'made-at-home' }));
    const asked = s3Of(second).send(new HeadBucketCommand({ Bucket: 'made-at-home' }));
    await expect(asked).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': 'us-east-1' } },
    });
    const taken = s3Of(second).send(
      new CreateBucketCommand({
        Bucket: 'made-at-home',
        CreateBucketConfiguration: { LocationConstraint: 'ap-southeast-2' },
      }),
    );
    await expect(taken).rejects.toMatchObject({ name: 'BucketAlreadyExists' });
  });

  it('have days as short as the setting says', async () => {
    const s3 = s3Of(second);
    const Bucket = 'short-days';
    const CreateBucketConfiguration = { LocationConstraint: 'ap-southeast-2' } as const;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const rule = { ID: 'soon', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } } as const;
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
    const { Expiration = '' } = await s3.send(new PutObjectCommand({ Bucket, Key: 'brief', Body: 'gone soon' }));
    const [, ends = ''] = /expiry-date="([^"]+)"/.exec(Expiration) ?? [];
    expect(Date.parse(ends) - Date.now()).toBeLessThan(60_000);
  });
});

describe('identities', () => {
  let keys: Keys;
  beforeAll(async () => {
    keys = await createUser('traveller');
    await createRole('early');
  });

  it('that are made in the first region are known in the second', async () => {
    const session = await until('the role', () => assume(second, keys, 'early', 1));
    const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/early/trip`;
    expect(await whoIs(second, session)).toBe(arn);
    expect(await whoIs(home, session)).toBe(arn);
  });

  it('are not made in the second region', async () => {
    const made = iamOf(second, 1).send(new CreateUserCommand({ UserName: 'elsewhere' }));
    await expect(made).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  });

  it('go on in the second region without IAM of the first, and catch up with it', async () => {
    const session = await until('the role', () => assume(second, keys, 'early', 1));
    const containers = await containersWith(projects.home, 'part=iam');
    expect(containers).toHaveLength(3);
    await docker('kill', ...containers);
    const denied = iamOf(home, 1).send(new CreateUserCommand({ UserName: 'late' }));
    await expect(denied).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    for (let i = 0; i < 20; i++) {
      const another = await assume(second, keys, 'early');
      expect(await whoIs(second, another)).toBe(await whoIs(second, session));
    }
    await docker('start', ...containers);
    await until('IAM of the first region', () => createRole('late').then(() => true));
    const late = await until('the second region to catch up', () => assume(second, keys, 'late', 1), 60_000);
    expect(await whoIs(second, late)).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/late/trip`);
  });
});
