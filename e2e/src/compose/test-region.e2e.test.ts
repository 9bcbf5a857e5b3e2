import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { startRegion, type TestRegion } from '@stormglass/test-region';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A cold machine starts some twenty containers. */
const START_TIMEOUT_MS = 240_000;

/** The Compose projects that regions of tests have at the moment. */
async function projects(): Promise<string[]> {
  const format = '{{.Label "com.docker.compose.project"}}';
  const { stdout } = await promisify(execFile)('docker', ['ps', '--all', '--format', format]);
  return stdout.split('\n').filter(name => name.startsWith('stormglass-test-'));
}

describe('a region in Docker', () => {
  let region: TestRegion;
  beforeAll(async () => {
    region = await startRegion({ docker: true });
  }, START_TIMEOUT_MS);
  afterAll(() => region?.stop(), START_TIMEOUT_MS);

  const iam = (endpoint: string) =>
    new IAMClient({ endpoint, region: region.name, credentials: region.credentials, maxAttempts: 8 });

  it.each(['power-off', 'freeze', 'cut-off'] as const)('goes on without a zone (%s), and gets it back', async mode => {
    const zone = region.zone('use1-az2');
    await zone.fail({ mode });
    expect((await zone.status()).outages).toEqual([mode]);
    await until('the region to notice', async () => !(await zone.status()).healthy);
    await iam(region.endpoint).send(new CreateUserCommand({ UserName: `without-${mode}` }));
    await zone.heal();
    await region.waitReady();
    const { Users = [] } = await iam(zone.endpoint).send(new ListUsersCommand({}));
    expect(Users.map(({ UserName }) => UserName)).toContain(`without-${mode}`);
  });

  it('breaks and mends a link', async () => {
    const zone = region.zone('use1-az1');
    const fault = await zone.partition('use1-az2', { oneWay: true });
    expect((await region.status()).faults).toEqual([expect.objectContaining({ id: fault.status.id })]);
    await fault.clear();
    expect((await region.status()).faults).toEqual([]);
    await region.waitReady();
  });

  it('leaves nothing behind when it stops', async () => {
    expect(await projects()).not.toEqual([]);
    await region.stop();
    expect(await projects()).toEqual([]);
  });
});
