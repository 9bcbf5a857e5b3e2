/** What users have to log in with, which is nothing: tools that clean up after users ask about all of it. */
import * as iam from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IamHost, noSuchEntity, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
  await host.root.send(new iam.CreateUserCommand({ UserName: 'bob' }));
});
afterAll(() => host.close());

type Input = { UserName?: string };

describe.each([
  ['MFADevices', (input: Input) => host.root.send(new iam.ListMFADevicesCommand(input))],
  ['SSHPublicKeys', (input: Input) => host.root.send(new iam.ListSSHPublicKeysCommand(input))],
  ['Certificates', (input: Input) => host.root.send(new iam.ListSigningCertificatesCommand(input))],
  [
    'ServiceSpecificCredentials',
    (input: Input) => host.root.send(new iam.ListServiceSpecificCredentialsCommand(input)),
  ],
] as const)('%s', (member, list) => {
  it('are none, of users and of the root', async () => {
    const none = { [member]: [], IsTruncated: false };
    expect(await list({ UserName: 'bob' })).toMatchObject(none);
    expect(await list({})).toMatchObject(none);
  });

  it('are not told of users that do not exist', async () => {
    await expect(list({ UserName: 'gone' })).rejects.toMatchObject(
      noSuchEntity('The user with name gone cannot be found.'),
    );
  });
});

it('has nothing of the kind for the account either', async () => {
  const { root } = host;
  expect((await root.send(new iam.ListVirtualMFADevicesCommand({}))).VirtualMFADevices).toEqual([]);
  expect((await root.send(new iam.ListServerCertificatesCommand({}))).ServerCertificateMetadataList).toEqual([]);
  await expect(root.send(new iam.DeleteAccountPasswordPolicyCommand({}))).rejects.toMatchObject(
    noSuchEntity('The account policy with name PasswordPolicy cannot be found.'),
  );
});

it.each([
  ['get', (UserName: string) => host.root.send(new iam.GetLoginProfileCommand({ UserName }))],
  ['delete', (UserName: string) => host.root.send(new iam.DeleteLoginProfileCommand({ UserName }))],
] as const)('has no password to %s', async (_, send) => {
  await expect(send('bob')).rejects.toMatchObject(noSuchEntity('Login Profile for User bob cannot be found.'));
  await expect(send('gone')).rejects.toMatchObject(noSuchEntity('The user with name gone cannot be found.'));
});
