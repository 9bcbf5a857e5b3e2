/** Regions of an account, judged by the official client. */
import {
  AccountClient,
  DisableRegionCommand,
  EnableRegionCommand,
  GetRegionOptStatusCommand,
  ListRegionsCommand,
  paginateListRegions,
  type RegionOptStatus,
} from '@aws-sdk/client-account';
import { seededRandom, silentLogger, systemClock } from '@stormglass/base';
import { type IamCommand, IamState } from '@stormglass/identity';
import { MemoryLog, Replica } from '@stormglass/replicated-state';
import { iamReplicaOf, standaloneHost } from '@stormglass/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccountService } from './app.ts';

const ACCOUNT = '123456789012';
const sources = { clock: systemClock, random: seededRandom(3), logger: silentLogger };
const replica = new Replica({ machine: new IamState(), log: new MemoryLog(systemClock).open(), ...sources });
const services = [createAccountService({ replica, random: sources.random })];
const app = standaloneHost({ services, iam: iamReplicaOf(replica, systemClock), ...sources });
const clients: AccountClient[] = [];
let endpoint = '';

function client(accessKeyId: string, secretAccessKey = 'test'): AccountClient {
  const credentials = { accessKeyId, secretAccessKey };
  const made = new AccountClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
}

async function run(command: IamCommand): Promise<void> {
  const result = await replica.execute(command, { deadline: systemClock.monotonic() + 1000 });
  expect(result).toMatchObject({ ok: true });
}

const status = async (of: AccountClient, RegionName: string) =>
  (await of.send(new GetRegionOptStatusCommand({ RegionName }))).RegionOptStatus;

/** What the region itself says once it has done what the account asked for. */
const confirm = async (accountId: string, region: string) => {
  const changeId = replica.view.regionOptIn(accountId, region)!.changeId;
  await run({ type: 'ConfirmRegion', accountId, region, changeId });
};

beforeAll(async () => {
  await replica.start();
  endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  for (const each of clients) each.destroy();
  await app.close();
  await replica.close();
});

describe('regions of an account', () => {
  it('are enabled and disabled when the region has confirmed it', async () => {
    const root = client(ACCOUNT);
    const RegionName = 'eu-south-1';
    expect(await status(root, RegionName)).toBe('DISABLED');
    await root.send(new EnableRegionCommand({ RegionName }));
    await root.send(new EnableRegionCommand({ RegionName }));
    expect(await status(root, RegionName)).toBe('ENABLING');
    await expect(root.send(new DisableRegionCommand({ RegionName }))).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
      message: 'The region eu-south-1 is ENABLING; wait until that has ended.',
    });
    await confirm(ACCOUNT, RegionName);
    expect(await status(root, RegionName)).toBe('ENABLED');
    expect(await status(client('210987654321'), RegionName)).toBe('DISABLED');
    await root.send(new DisableRegionCommand({ RegionName }));
    expect(await status(root, RegionName)).toBe('DISABLING');
    await expect(root.send(new EnableRegionCommand({ RegionName }))).rejects.toMatchObject({
      name: 'ConflictException',
    });
    await confirm(ACCOUNT, RegionName);
    expect(await status(root, RegionName)).toBe('DISABLED');
    await root.send(new DisableRegionCommand({ RegionName }));
    expect(await status(root, RegionName)).toBe('DISABLED');
  });

  it('are listed by status and page by page', async () => {
    const root = client('333333333333');
    await root.send(new EnableRegionCommand({ RegionName: 'me-south-1' }));
    const names = async (...RegionOptStatusContains: RegionOptStatus[]) =>
      (await root.send(new ListRegionsCommand({ RegionOptStatusContains }))).Regions!.map(r => r.RegionName);
    expect(await names('ENABLING')).toEqual(['me-south-1']);
    expect(await names('ENABLED_BY_DEFAULT')).toContain('us-east-1');
    expect(await names('ENABLING', 'DISABLED')).toHaveLength(17);
    const listed: (string | undefined)[] = [];
    for await (const { Regions = [] } of paginateListRegions({ client: root, pageSize: 7 }, {})) {
      expect(Regions.length).toBeLessThanOrEqual(7);
      listed.push(...Regions.map(r => r.RegionName));
    }
    expect(listed).toEqual(await names());
    expect(listed).toEqual([...listed].sort());
    await expect(root.send(new ListRegionsCommand({ NextToken: 'mine' }))).rejects.toMatchObject({
      name: 'ValidationException',
      reason: 'fieldValidationFailed',
    });
    await expect(root.send(new ListRegionsCommand({ MaxResults: 51 }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it.each([
    ['us-west-2', 'The region us-west-2 is enabled by default and can be neither enabled nor disabled.'],
    ['cn-north-1', 'There is no region cn-north-1 in this partition.'],
    ['atlantis-1', 'There is no region atlantis-1 in this partition.'],
  ])('cannot be chosen: %s', async (RegionName, message) => {
    const root = client(ACCOUNT);
    for (const command of [new EnableRegionCommand({ RegionName }), new DisableRegionCommand({ RegionName })]) {
      await expect(root.send(command)).rejects.toMatchObject({
        name: 'ValidationException',
        reason: 'invalidRegionOptTarget',
        message,
        $metadata: { httpStatusCode: 400 },
      });
    }
  });

  it('are those of the caller alone', async () => {
    const asked = client(ACCOUNT).send(new ListRegionsCommand({ AccountId: '210987654321' }));
    await expect(asked).rejects.toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
  });

  it('may be chosen by those whose policies say so, for the region they say', async () => {
    const accountId = ACCOUNT;
    const userName = 'operator';
    const accessKeyId = `AKIA${'A'.repeat(16)}`;
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'account:EnableRegion',
        Resource: `arn:aws:account::${ACCOUNT}:account`,
        Condition: { StringEquals: { 'account:TargetRegion': 'af-south-1' } },
      },
    });
    await run({ type: 'CreateUser', accountId, userName, userId: 'AIDAOPERATOR', path: '/' });
    await run({ type: 'CreateAccessKey', accountId, userName, accessKeyId, secretAccessKey: 's' });
    const entity = { kind: 'user', name: userName } as const;
    await run({ type: 'PutInlinePolicy', accountId, entity, policyName: 'own', document });
    const user = client(accessKeyId, 's');
    await user.send(new EnableRegionCommand({ RegionName: 'af-south-1' }));
    for (const RegionName of ['af-south-1', 'me-south-1']) {
      const command = RegionName === 'me-south-1' ? EnableRegionCommand : GetRegionOptStatusCommand;
      await expect(user.send(new command({ RegionName }))).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringContaining('is not authorized to perform: account:'),
      });
    }
  });
});
