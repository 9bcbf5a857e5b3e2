import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  type STSClient,
} from '@aws-sdk/client-sts';
import { authenticate, authorize } from '@stormglass/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, assumed, policy, ROOT, type StsHost, startStsHost, trusts } from '../testing/sts-host.ts';

let host: StsHost;
let bob: STSClient;
const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
beforeAll(async () => {
  host = await startStsHost();
  bob = await host.user('bob', allow('sts:GetFederationToken', 's3:*'));
  await host.run({
    type: 'TagEntity',
    accountId: ACCOUNT,
    entity: { kind: 'user', name: 'bob' },
    tags: [
      { key: 'team', value: 'red' },
      { key: 'floor', value: '2' },
    ],
  });
});
afterAll(() => host.close());

const ARN = `arn:aws:sts::${ACCOUNT}:federated-user/guest`;
const READ = policy(allow('s3:Get*', 'ec2:*'));

const federate = (client: STSClient, more: Partial<GetFederationTokenCommandInput> = {}) =>
  client.send(new GetFederationTokenCommand({ Name: 'guest', ...more }));

async function guest(client: STSClient, more: Partial<GetFederationTokenCommandInput> = {}) {
  const { Credentials } = await federate(client, more);
  const keys = { accessKeyId: Credentials!.AccessKeyId!, sessionToken: Credentials!.SessionToken! };
  const { view } = host.replica;
  const found = authenticate(view, { ...keys, region: 'us-east-1', now: Date.now() });
  if (!found.ok) throw new Error(found.reason);
  const { principal } = found;
  return {
    principal,
    client: host.client({ ...keys, secretAccessKey: Credentials!.SecretAccessKey! }),
    may: (action: string) =>
      authorize(view, { principal, action, resource: 'arn:aws:s3:::b', now: Date.now() }).allowed,
  };
}

describe('a guest', () => {
  it('is somebody of its own', async () => {
    const { FederatedUser, PackedPolicySize, Credentials } = await federate(bob, { Policy: READ });
    expect(FederatedUser).toEqual({ FederatedUserId: `${ACCOUNT}:guest`, Arn: ARN });
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(Credentials!.Expiration!.getTime() - Date.now()).toBeGreaterThan(43_100_000);
    const { client } = await guest(bob);
    const who = { Account: ACCOUNT, UserId: `${ACCOUNT}:guest`, Arn: ARN };
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject(who);
  });

  it('may do what both its host and its policies allow', async () => {
    const narrow = await guest(bob, { Policy: READ });
    expect(narrow.may('s3:GetObject')).toBe(true);
    expect(narrow.may('s3:PutObject')).toBe(false);
    expect(narrow.may('ec2:RunInstances')).toBe(false);
    expect((await guest(bob)).may('s3:GetObject')).toBe(false);
    const byArn = await guest(bob, { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] });
    expect(byArn.may('s3:GetObject')).toBe(true);
    const ofRoot = await guest(host.client(ROOT), { Policy: READ });
    expect(ofRoot.may('ec2:RunInstances')).toBe(true);
    expect(ofRoot.may('s3:PutObject')).toBe(false);
  });

  it('has the tags of its host, and others over them if it may be tagged', async () => {
    const Tags = [{ Key: 'Team', Value: 'blue' }];
    await expect(federate(bob, { Tags })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${ACCOUNT}:user/bob is not authorized to perform: sts:TagSession on resource: ${ARN} because no identity-based policy allows the sts:TagSession action`,
    });
    const ann = await host.user('ann', allow('sts:*'));
    expect((await guest(ann, { Tags })).principal).toMatchObject({ tags: [{ key: 'Team', value: 'blue' }] });
    expect((await guest(bob)).principal).toMatchObject({ tags: [{ key: 'team' }, { key: 'floor' }] });
  });

  it('may call nothing of STS but who it is', async () => {
    const { client } = await guest(bob, { Policy: policy(allow('*')) });
    const role = await host.role('open', [trusts(ACCOUNT), trusts(ARN)]);
    const refusal = (operation: string) => ({
      name: 'AccessDenied',
      message: `Cannot call ${operation} with session credentials`,
      $metadata: { httpStatusCode: 403 },
    });
    await expect(client.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 's1' }))).rejects.toMatchObject(
      refusal('AssumeRole'),
    );
    await expect(federate(client)).rejects.toMatchObject(refusal('GetFederationToken'));
    const ofRoot = await guest(host.client(ROOT), { Policy: policy(allow('*')) });
    const AccessKeyId = 'AKIAIOSFODNN7EXAMPLE';
    await expect(ofRoot.client.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).rejects.toMatchObject(
      refusal('GetAccessKeyInfo'),
    );
  });

  it('goes with its host', async () => {
    const carl = await host.user('carl', allow('sts:*'));
    const { client } = await guest(carl);
    const about = { accountId: ACCOUNT, userName: 'carl' };
    const [accessKeyId] = host.replica.view.user(ACCOUNT, 'carl')!.accessKeyIds;
    await host.run({ type: 'DeleteAccessKey', ...about, accessKeyId: accessKeyId! });
    const entity = { kind: 'user', name: 'carl' } as const;
    await host.run({ type: 'DeleteInlinePolicy', accountId: ACCOUNT, entity, policyName: 'own' });
    await host.run({ type: 'DeleteUser', ...about });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });
});

it('needs a permission, and long-term credentials', async () => {
  const eve = await host.user('eve');
  await expect(federate(eve)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`is not authorized to perform: sts:GetFederationToken on resource: ${ARN}`),
  });
  const role = await host.role('maker', [trusts(ACCOUNT)]);
  const entity = { kind: 'role', name: 'maker' } as const;
  const document = policy(allow('sts:*'));
  await host.run({ type: 'PutInlinePolicy', accountId: ACCOUNT, entity, policyName: 'p', document });
  const session = await assumed(host, host.client(ROOT), role);
  await expect(federate(session)).rejects.toMatchObject({
    message: 'Cannot call GetFederationToken with session credentials',
  });
});
