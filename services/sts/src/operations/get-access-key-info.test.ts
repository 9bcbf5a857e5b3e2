import { AssumeRoleCommand, GetAccessKeyInfoCommand, type STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, ROOT, type StsHost, startStsHost, trusts } from '../testing/sts-host.ts';

let host: StsHost;
let root: STSClient;
beforeAll(async () => {
  host = await startStsHost();
  root = host.client(ROOT);
});
afterAll(() => host.close());

const ask = (client: STSClient, AccessKeyId: string) => client.send(new GetAccessKeyInfoCommand({ AccessKeyId }));

it('knows whose account keys of users and of sessions are of, even to strangers', async () => {
  await host.user('bob');
  const stranger = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  const bobsKey = host.replica.view.user(ACCOUNT, 'bob')!.accessKeyIds[0]!;
  expect((await ask(stranger, bobsKey)).Account).toBe(ACCOUNT);
  const RoleArn = await host.role('any', [trusts(ACCOUNT)]);
  const { Credentials } = await root.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
  expect((await ask(stranger, Credentials!.AccessKeyId!)).Account).toBe(ACCOUNT);
});

it('refuses what is no key, and callers who may not ask', async () => {
  await expect(ask(root, 'AKIAIOSFODNN7EXAMPLE')).rejects.toMatchObject({
    name: 'ValidationError',
    $metadata: { httpStatusCode: 400 },
  });
  await expect(ask(await host.user('eve'), 'AKIAIOSFODNN7EXAMPLE')).rejects.toMatchObject({ name: 'AccessDenied' });
});
