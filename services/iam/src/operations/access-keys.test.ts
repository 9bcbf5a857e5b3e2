import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allow, type IamHost, noSuchEntity, refusal, startIamHost } from '../testing/iam-host.ts';

let host: IamHost;
beforeAll(async () => {
  host = await startIamHost();
});
afterAll(() => host.close());

async function newKey(UserName: string) {
  const { AccessKey } = await host.root.send(new CreateAccessKeyCommand({ UserName }));
  return { id: AccessKey!.AccessKeyId!, secret: AccessKey!.SecretAccessKey!, shown: AccessKey! };
}

it('makes a key whose secret it shows once', async () => {
  const UserName = 'bob';
  await host.root.send(new CreateUserCommand({ UserName }));
  const { id, shown } = await newKey(UserName);
  expect(shown).toMatchObject({ UserName, Status: 'Active', CreateDate: expect.any(Date) });
  expect(id).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(shown.SecretAccessKey).toHaveLength(40);
  const { AccessKeyMetadata, IsTruncated } = await host.root.send(new ListAccessKeysCommand({ UserName }));
  const { SecretAccessKey: _secret, ...rest } = shown;
  expect(AccessKeyMetadata).toEqual([rest]);
  expect(IsTruncated).toBe(false);
  await newKey(UserName);
  await expect(newKey(UserName)).rejects.toMatchObject(
    refusal('LimitExceededException', 409, 'Cannot exceed quota for AccessKeysPerUser: 2'),
  );
  const page = await host.root.send(new ListAccessKeysCommand({ UserName, MaxItems: 1 }));
  const next = await host.root.send(new ListAccessKeysCommand({ UserName, MaxItems: 1, Marker: page.Marker! }));
  expect([page.AccessKeyMetadata![0]!.AccessKeyId, next.IsTruncated]).toEqual([id, false]);
});

it('acts for the caller when it names nobody', async () => {
  const carol = await host.user('carol', allow('iam:*'));
  const { AccessKeyMetadata } = await carol.send(new ListAccessKeysCommand({}));
  const [first] = AccessKeyMetadata!;
  expect(first).toMatchObject({ UserName: 'carol', Status: 'Active' });
  const { AccessKey } = await carol.send(new CreateAccessKeyCommand({}));
  expect(AccessKey?.UserName).toBe('carol');
  await carol.send(new DeleteAccessKeyCommand({ AccessKeyId: AccessKey!.AccessKeyId! }));
  expect((await carol.send(new GetUserCommand({}))).User?.UserName).toBe('carol');
  const required = 'Must specify userName when calling with non-User credentials';
  await expect(host.root.send(new CreateAccessKeyCommand({}))).rejects.toMatchObject(
    refusal('ValidationError', 400, required),
  );
});

it('refuses a key while it is inactive, and once it is deleted', async () => {
  const UserName = 'dave';
  const dave = await host.user(UserName, allow('iam:GetUser'));
  const { AccessKeyMetadata } = await host.root.send(new ListAccessKeysCommand({ UserName }));
  const AccessKeyId = AccessKeyMetadata![0]!.AccessKeyId!;
  const switchTo = (Status: 'Active' | 'Inactive') =>
    host.root.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
  const invalid = refusal('InvalidClientTokenId', 403, 'The security token included in the request is invalid.');

  await dave.send(new GetUserCommand({}));
  await switchTo('Inactive');
  await expect(dave.send(new GetUserCommand({}))).rejects.toMatchObject(invalid);
  await switchTo('Active');
  await dave.send(new GetUserCommand({}));
  await host.root.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  await expect(dave.send(new GetUserCommand({}))).rejects.toMatchObject(invalid);
  await expect(switchTo('Active')).rejects.toMatchObject(
    noSuchEntity(`The Access Key with id ${AccessKeyId} cannot be found.`),
  );
});

it('does not let anybody set a key to Expired', async () => {
  const command = new UpdateAccessKeyCommand({ AccessKeyId: 'AKIA2222222222222222', UserName: 'x', Status: 'Expired' });
  await expect(host.root.send(command)).rejects.toMatchObject({ name: 'InvalidInputException' });
});

it('says whose key it is, within the account', async () => {
  await host.root.send(new CreateUserCommand({ UserName: 'erin' }));
  const { id: AccessKeyId } = await newKey('erin');
  const used = await host.root.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  expect(used.UserName).toBe('erin');
  expect(used.AccessKeyLastUsed).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
  const stranger = host.client({ accessKeyId: '210987654321', secretAccessKey: 'test' });
  const missing = noSuchEntity(`The Access Key with id ${AccessKeyId} cannot be found.`);
  await expect(stranger.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).rejects.toMatchObject(missing);
});
