import { DecodeAuthorizationMessageCommand, type STSClient } from '@aws-sdk/client-sts';
import { seededRandom } from '@stormglass/base';
import { rootPrincipal, sealAuthorizationMessage } from '@stormglass/identity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCOUNT, ROOT, type StsHost, startStsHost } from '../testing/sts-host.ts';

let host: StsHost;
beforeAll(async () => {
  host = await startStsHost();
});
afterAll(() => host.close());

const decode = (client: STSClient, EncodedMessage: string) =>
  client.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));

function message(): string {
  const principal = rootPrincipal('aws', ACCOUNT);
  const denied = { principal, action: 'ec2:StopInstances', resource: 'arn:aws:ec2:::instance/i-1', now: Date.now() };
  const decision = { allowed: false, explicit: false, by: 'identity' } as const;
  return sealAuthorizationMessage(host.replica.view.tokenKeys(), denied, decision, seededRandom(3))!;
}

it('opens a message for those who may', async () => {
  const { DecodedMessage } = await decode(host.client(ROOT), message());
  expect(JSON.parse(DecodedMessage!)).toMatchObject({
    allowed: false,
    explicitDeny: false,
    context: { action: 'ec2:StopInstances', principal: { id: ACCOUNT } },
  });
  const bob = await host.user('bob', { Effect: 'Allow', Action: 'sts:DecodeAuthorizationMessage', Resource: '*' });
  await decode(bob, message());
  await expect(decode(await host.user('eve'), message())).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('refuses anything else', async () => {
  const invalid = {
    name: 'InvalidAuthorizationMessageException',
    message: 'Message is not valid',
    $metadata: { httpStatusCode: 400 },
  };
  const stranger = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  await expect(decode(stranger, message())).rejects.toMatchObject(invalid);
  await expect(decode(host.client(ROOT), 'nonsense')).rejects.toMatchObject(invalid);
  await expect(decode(host.client(ROOT), `${message().slice(0, -1)}-`)).rejects.toMatchObject(invalid);
});
