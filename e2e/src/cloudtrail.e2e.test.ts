/** CloudTrail as its users see it: with the AWS command, with boto3, and when zones die right after they answered. */

import { fileURLToPath } from 'node:url';
import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { until } from '@stormglass/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Environment, environmentOf, runClient } from './clients/client-process.ts';
import { RegionUnderTest } from './region-under-test.ts';

let region: RegionUnderTest;
let env: Environment;
beforeAll(async () => {
  region = await RegionUnderTest.start(['--trail-delivery', '1']);
  env = await environmentOf(region);
});
afterAll(() => region?.close());

const options = (endpoint: string, maxAttempts: number) => ({
  ...{ endpoint, region: 'us-east-1', maxAttempts },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** How often each request id is in the trail. */
async function recorded(): Promise<ReadonlyMap<string, number>> {
  using client = closing(new CloudTrailClient(options(await region.endpoint(), 5)));
  const counts = new Map<string, number>();
  for await (const { Events = [] } of paginateLookupEvents({ client: client.it }, {})) {
    for (const { CloudTrailEvent = '{}' } of Events) {
      const { requestID } = JSON.parse(CloudTrailEvent) as { requestID: string };
      counts.set(requestID, (counts.get(requestID) ?? 0) + 1);
    }
  }
  return counts;
}

const closing = <Client extends { destroy(): void }>(it: Client) => ({ it, [Symbol.dispose]: () => it.destroy() });

it('is asked with the AWS command', async () => {
  const made = await runClient('aws', ['iam', 'create-user', '--user-name', 'from-the-command'], env);
  expect(made).toMatchObject({ code: 0 });
  const args = ['cloudtrail', 'lookup-events', '--output', 'json', '--lookup-attributes'];
  const events = await until('the event', async () => {
    const { stdout, stderr } = await runClient(
      'aws',
      [...args, 'AttributeKey=ResourceName,AttributeValue=from-the-command'],
      env,
    );
    if (stdout === '') throw new Error(stderr);
    const { Events } = JSON.parse(stdout) as { Events: Record<string, string>[] };
    return Events.length > 0 ? Events : undefined;
  });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ EventName: 'CreateUser', Username: 'root', ReadOnly: 'false' });
  expect(JSON.parse(events[0]!.CloudTrailEvent!)).toMatchObject({
    eventVersion: '1.11',
    userIdentity: { type: 'Root' },
    userAgent: expect.stringContaining('aws-cli'),
    requestParameters: { userName: 'from-the-command' },
    responseElements: { user: { userName: 'from-the-command' } },
  });
});

it('is asked with boto3', async () => {
  const script = fileURLToPath(new URL('clients/boto3_cloudtrail.py', import.meta.url));
  const python = await runClient('python3', [script], env);
  expect(python).toEqual({ code: 0, stdout: 'ok\n', stderr: '' });
});

it('has every acknowledged call exactly once when the zone that answered dies at once', async () => {
  const acknowledged: string[] = [];
  const { zones } = await region.world.status();
  for (const { id, endpoint, pid } of zones) {
    using iam = closing(new IAMClient(options(endpoint, 1)));
    using sts = closing(new STSClient(options(endpoint, 1)));
    const calls = Array.from({ length: 10 }, async (_, n) => {
      const { $metadata } = await iam.it.send(new CreateUserCommand({ UserName: `${id}-${n}` }));
      const identity = await sts.it.send(new GetCallerIdentityCommand({}));
      return [$metadata.requestId!, identity.$metadata.requestId!];
    });
    acknowledged.push(...(await Promise.all(calls)).flat());
    process.kill(pid!, 'SIGKILL');
    await until(`${id} to serve again`, async () => {
      const now = (await region.world.status()).zones.find(zone => zone.id === id);
      return now?.pid !== undefined && now.pid !== pid && now.healthy;
    });
  }
  const counts = await until('every event', async () => {
    const found = await recorded();
    const missing = acknowledged.filter(requestId => !found.has(requestId));
    if (missing.length > 0) throw new Error(`${missing.length} of ${acknowledged.length} are missing`);
    return found;
  });
  expect(acknowledged).toHaveLength(60);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
});

it('has every acknowledged call exactly once when everything dies at once', async () => {
  using iam = closing(new IAMClient(options(await region.endpoint(), 1)));
  const calls = Array.from({ length: 20 }, (_, n) => iam.it.send(new CreateUserCommand({ UserName: `last-${n}` })));
  const acknowledged = (await Promise.all(calls)).map(({ $metadata }) => $metadata.requestId!);
  for (const pid of Object.values(await region.pids())) process.kill(pid, 'SIGKILL');
  await region.up();
  const counts = await until('every event', async () => {
    const found = await recorded();
    const missing = acknowledged.filter(requestId => !found.has(requestId));
    if (missing.length > 0) throw new Error(`${missing.length} of ${acknowledged.length} are missing`);
    return found;
  });
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
});
