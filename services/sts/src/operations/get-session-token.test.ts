import { GetCallerIdentityCommand, GetSessionTokenCommand, type STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, ROOT, type StsHost, startStsHost } from '../testing/sts-host.ts';

let host: StsHost;
beforeAll(async () => {
  host = await startStsHost();
});
afterAll(() => host.close());

async function session(client: STSClient, DurationSeconds?: number) {
  const { Credentials } = await client.send(new GetSessionTokenCommand({ DurationSeconds }));
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const secondsLeft = Math.round((Credentials!.Expiration!.getTime() - Date.now()) / 1000);
  return { client: host.client(credentials), secondsLeft };
}

it('stands for the user, whatever the user may do', async () => {
  const bob = await session(await host.user('bob', { Effect: 'Deny', Action: '*', Resource: '*' }));
  const Arn = `arn:aws:iam::${ACCOUNT}:user/bob`;
  expect(await bob.client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: ACCOUNT, Arn });
  expect(bob.secondsLeft).toBeGreaterThan(43_100);
  await host.run({
    type: 'DeleteInlinePolicy',
    accountId: ACCOUNT,
    entity: { kind: 'user', name: 'bob' },
    policyName: 'own',
  });
  const accessKeyId = host.replica.view.user(ACCOUNT, 'bob')!.accessKeyIds[0]!;
  await host.run({ type: 'DeleteAccessKey', accountId: ACCOUNT, userName: 'bob', accessKeyId });
  await host.run({ type: 'DeleteUser', accountId: ACCOUNT, userName: 'bob' });
  await expect(bob.client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

it('lasts an hour at most for a root, and begets no other session', async () => {
  const root = await session(host.client(ROOT), 43_200);
  expect(root.secondsLeft).toBeLessThanOrEqual(3600);
  expect((await root.client.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  await expect(root.client.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: 'Cannot call GetSessionToken with session credentials',
  });
});
