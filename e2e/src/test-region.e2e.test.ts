import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type RegionStatus, startRegion, type TestRegion } from '@stormglass/test-region';
import { until } from '@stormglass/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { untilGone } from './processes.ts';
import { start } from './region-under-test.ts';

const file = (name: string) => fileURLToPath(new URL(`./test-region/${name}`, import.meta.url));

const pidsOf = ({ pid, zones }: RegionStatus): number[] => [
  pid,
  ...zones.flatMap(zone => (zone.pid === undefined ? [] : [zone.pid])),
];

// IAM is global: whatever the region, its calls are signed for the partition's first.
const iam = ({ credentials }: TestRegion, endpoint: string) =>
  new IAMClient({ endpoint, region: 'us-east-1', credentials });

describe('a region', () => {
  let region: TestRegion;
  beforeAll(async () => {
    region = await startRegion();
  });
  afterEach(async () => {
    await region.clearFaults();
    await region.waitReady();
  });
  afterAll(() => region.stop());

  it('serves whoever has its environment', async () => {
    const { AWS_ENDPOINT_URL: endpoint = '', AWS_REGION = '' } = region.environment;
    const sts = new STSClient({ endpoint, region: AWS_REGION, credentials: region.credentials });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe('000000000000');
    expect(existsSync(region.rootFile)).toBe(true);
  });

  it('runs beside another one and shares nothing with it', async () => {
    await using other = await startRegion({ region: 'eu-west-1' });
    expect(other.zones.map(({ id }) => id)).toEqual(['euw1-az1', 'euw1-az2', 'euw1-az3']);
    await iam(other, other.endpoint).send(new CreateUserCommand({ UserName: 'only-there' }));
    expect((await iam(region, region.endpoint).send(new ListUsersCommand({}))).Users).toEqual([]);
  });

  it.each(['power-off', 'freeze', 'cut-off'] as const)('goes on without a zone (%s), and gets it back', async mode => {
    const zone = region.zone('use1-az2');
    const fault = await zone.fail({ mode });
    expect((await zone.status()).outages).toEqual([mode]);
    await until('the region to notice', async () => !(await zone.status()).healthy);
    await iam(region, region.endpoint).send(new CreateUserCommand({ UserName: `without-${mode}` }));
    await zone.heal();
    await region.waitReady();
    await fault.clear();
    const { Users = [] } = await iam(region, zone.endpoint).send(new ListUsersCommand({}));
    expect(Users.map(({ UserName }) => UserName)).toContain(`without-${mode}`);
  });

  it('loses the link between a zone and its log, and has it again', async () => {
    const zone = region.zone('use1-az1');
    {
      await using partition = await zone.partition('log');
      expect(partition.status).toMatchObject({ fault: 'partition', from: 'use1-az1', to: 'log' });
      await until('the zone to notice', async () => (await zone.status()).log === 'no-quorum');
    }
    await until('the zone to have its log', async () => (await zone.status()).log === 'ok');
  });

  it('says what makes no sense', async () => {
    await expect(region.zone('use1-az1').partition('moon')).rejects.toThrow('moon');
    await expect(region.fault({ fault: 'sharknado' })).rejects.toThrow('unknown fault sharknado');
  });
});

describe('the end of a region', () => {
  it('leaves nothing', async () => {
    const region = await startRegion();
    const status = await region.status();
    await region.stop();
    await untilGone(pidsOf(status));
    expect(existsSync(status.folder)).toBe(false);
    await expect(region.status()).rejects.toThrow('the region is not running');
  });

  it.each(['hang', 'throw', 'end'])('comes with the end of its test process (%s)', async how => {
    const test = start(process.execPath, [file('abandoned.ts'), how]);
    const status = await until('the region', () => {
      const line = test
        .output()
        .split('\n')
        .find(text => text.startsWith('{"region"'));
      return line === undefined ? undefined : (JSON.parse(line) as RegionStatus);
    });
    if (how === 'hang') test.dispose();
    await untilGone([test.child.pid!, ...pidsOf(status)]);
    await until('its folder to be gone', () => !existsSync(status.folder));
  });
});

it('explains why it cannot start', async () => {
  await expect(startRegion({ region: 'atlantis' })).rejects.toThrow(
    'the region cannot start: atlantis is not the name of a region',
  );
  await expect(startRegion({ timeoutMs: 1 })).rejects.toThrow('the region did not become ready within 1 ms');
});

it('serves suites of node:test', async () => {
  const suite = start(process.execPath, ['--test', '--test-reporter=tap', file('suite.ts')]);
  const code = await new Promise(resolve => suite.child.once('close', resolve));
  expect([code, suite.output()]).toEqual([0, expect.stringContaining('# pass 3')]);
});
