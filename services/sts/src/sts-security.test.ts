/** Attacks on sessions, each refused with the code and the words of AWS. */
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { seededRandom } from '@stormglass/base';
import { sealSession, sessionKeyId } from '@stormglass/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  assume,
  type Credentials,
  policy,
  ROOT,
  type StsHost,
  startStsHost,
  trusts,
} from './testing/sts-host.ts';

let host: StsHost;
let root: STSClient;
beforeEach(async () => {
  host = await startStsHost();
  root = host.client(ROOT);
});
afterEach(() => host.close());

const who = new GetCallerIdentityCommand({});
const refusal = (name: string, message: string) => ({ name, message, $metadata: { httpStatusCode: 403 } });
const INVALID = refusal('InvalidClientTokenId', 'The security token included in the request is invalid.');
const EXPIRED = refusal('ExpiredToken', 'The security token included in the request is expired');
const present = (credentials: Credentials) => host.client(credentials).send(who);

async function session(client: STSClient, role: string, more = {}): Promise<Required<Credentials>> {
  const { Credentials } = await assume(client, role, more);
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const mayDoAll = (roleName: string, policyName = 'all', ...more: object[]) =>
  host.run({
    ...{ type: 'PutInlinePolicy', accountId: ACCOUNT, entity: { kind: 'role', name: roleName }, policyName },
    document: policy(...(more.length === 0 ? [allow('*')] : more)),
  });

describe('a token', () => {
  it('cannot be forged without the key that seals it', async () => {
    const keys = [{ ...host.replica.view.tokenKeys()[0]!, key: Buffer.alloc(32).toString('base64') }];
    const issuedAt = Math.floor(Date.now() / 1000);
    const claims = { subject: 'root', accountId: ACCOUNT, issuedAt, expiresAt: issuedAt + 900 } as const;
    await expect(present(sealSession(keys, claims, seededRandom(1)))).rejects.toMatchObject(INVALID);
    const [another] = [{ ...keys[0]!, id: 'ffffffff' }];
    await expect(present(sealSession([another], claims, seededRandom(1)))).rejects.toMatchObject(INVALID);
  });

  it('is worth nothing with a single bit changed, wherever it is', async () => {
    const good = await session(root, await host.role('r', [trusts(ACCOUNT)]));
    await present(good);
    const bytes = Buffer.from(good.sessionToken, 'base64');
    const last = bytes.length - 1;
    const regions = { version: 0, keyId: 1, keyIdEnd: 4, flags: 5, nonce: 6, nonceEnd: 17, sealed: 18 };
    for (const at of [...Object.values(regions), last >> 1, last - 16, last - 15, last]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 0x10;
      const sessionToken = changed.toString('base64');
      await expect(present({ ...good, sessionToken }), `byte ${at}`).rejects.toMatchObject(INVALID);
    }
  });

  it('belongs to its access key, and to the secret of that', async () => {
    const role = await host.role('r', [trusts(ACCOUNT)]);
    const [one, other] = [await session(root, role), await session(root, role)];
    await expect(present({ ...one, sessionToken: other.sessionToken })).rejects.toMatchObject(INVALID);
    const made = { ...one, accessKeyId: sessionKeyId(seededRandom(2), ACCOUNT) };
    await expect(present(made)).rejects.toMatchObject(INVALID);
    const { accessKeyId, secretAccessKey } = one;
    await expect(present({ accessKeyId, secretAccessKey })).rejects.toMatchObject(INVALID);
    await expect(present({ ...one, secretAccessKey: other.secretAccessKey })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('does nothing for the long-term key of somebody', async () => {
    await host.user('bob');
    const accessKeyId = host.replica.view.user(ACCOUNT, 'bob')!.accessKeyIds[0]!;
    const { sessionToken } = await session(root, await host.role('r', [trusts(ACCOUNT)]));
    await expect(present({ accessKeyId, secretAccessKey: 'secret of bob', sessionToken })).rejects.toMatchObject(
      INVALID,
    );
  });

  it('cannot be replayed after it has expired', async () => {
    const good = await session(root, await host.role('r', [trusts(ACCOUNT)]), { DurationSeconds: 900 });
    host.advance(890_000);
    await present(good);
    host.advance(11_000);
    await expect(present(good)).rejects.toMatchObject(EXPIRED);
    // Nor does an expired one tell whether it has been tampered with.
    const tampered = Buffer.from(good.sessionToken, 'base64');
    tampered[tampered.length - 1]! ^= 1;
    await expect(present({ ...good, sessionToken: tampered.toString('base64') })).rejects.toMatchObject(INVALID);
  });
});

describe('the versions of tokens', () => {
  it('count everywhere when they come from a region', async () => {
    const optIn = await host.elsewhere('ap-southeast-3');
    const regional = await session(root, await host.role('r', [trusts(ACCOUNT)]));
    expect((await optIn(regional).send(who)).Account).toBe(ACCOUNT);
    await expect(optIn({ ...regional, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }).send(who)).rejects.toMatchObject(INVALID);
  });

  it('are what the account chose when they come from the global endpoint', async () => {
    await host.close();
    host = await startStsHost({ profile: 'global' });
    root = host.client(ROOT);
    const [optIn, byDefault] = [await host.elsewhere('ap-southeast-3'), await host.elsewhere('eu-north-1')];
    const role = await host.role('r', [trusts(ACCOUNT)]);
    const first = await session(root, role);
    await byDefault(first).send(who);
    await expect(optIn(first).send(who)).rejects.toMatchObject(INVALID);
    await host.run({ type: 'SetTokenVersion', accountId: ACCOUNT, version: 2 });
    const second = await session(root, role);
    expect(second.sessionToken.length).toBeGreaterThan(first.sessionToken.length);
    await optIn(second).send(who);
    await expect(optIn(first).send(who)).rejects.toMatchObject(INVALID);
  });
});

describe('a session that was revoked', () => {
  it('may do nothing any more, and one made since may', async () => {
    const role = await host.role('r', [trusts(ACCOUNT)]);
    await mayDoAll('r');
    const stolen = await session(root, role);
    const ask = (credentials: Credentials) =>
      host.client(credentials).send(new GetAccessKeyInfoCommand({ AccessKeyId: stolen.accessKeyId }));
    await ask(stolen);
    host.advance(10_000);
    // What the console writes under "Revoke sessions".
    const older = { 'aws:TokenIssueTime': new Date(Date.now() + 5000).toISOString() };
    const deny = { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: older } };
    await mayDoAll('r', 'AWSRevokeOlderSessions', deny);
    await expect(ask(stolen)).rejects.toMatchObject(
      refusal(
        'AccessDenied',
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/r/s1 is not authorized to perform: sts:GetAccessKeyInfo on resource: * with an explicit deny in an identity-based policy`,
      ),
    );
    await expect(
      host.client(stolen).send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 's2' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await ask(await session(host.client(ROOT), role));
  });
});

describe('a role', () => {
  it('that was deleted and made anew is another one', async () => {
    const role = await host.role('r', [trusts(ACCOUNT)]);
    const old = await session(root, role);
    const chain = await host.role('chain', [trusts(role)]);
    await mayDoAll('r');
    await session(host.client(old), chain);
    await host.run({
      type: 'DeleteInlinePolicy',
      accountId: ACCOUNT,
      entity: { kind: 'role', name: 'r' },
      policyName: 'all',
    });
    await host.run({ type: 'DeleteRole', accountId: ACCOUNT, roleName: 'r' });
    const again = { accountId: ACCOUNT, roleName: 'r', roleId: 'AROAANOTHER', path: '/' };
    await host.run({ type: 'CreateRole', ...again, trustPolicy: policy(trusts(ACCOUNT)) });
    await mayDoAll('r');
    await expect(present(old)).rejects.toMatchObject(INVALID);
    // The trust named the role that is gone, not whoever takes its name.
    await expect(session(host.client(await session(root, role)), chain)).rejects.toMatchObject(
      refusal(
        'AccessDenied',
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/r/s1 is not authorized to perform: sts:AssumeRole on resource: ${chain}`,
      ),
    );
  });
});

describe('a confused deputy', () => {
  const DEPUTY = '210987654321';
  const deputyArn = `arn:aws:iam::${DEPUTY}:root`;
  const refused = (role: string) =>
    refusal('AccessDenied', `User: ${deputyArn} is not authorized to perform: sts:AssumeRole on resource: ${role}`);

  it('reaches its other customers where they ask for no external id, and not where they do', async () => {
    const deputy = host.client({ accessKeyId: DEPUTY, secretAccessKey: 'test' });
    const asking = (id: string) => trusts(DEPUTY, { Condition: { StringEquals: { 'sts:ExternalId': id } } });
    const careless = await host.role('careless', [trusts(DEPUTY)]);
    const careful = await host.role('careful', [asking('customer-1')]);
    // An attacker who is a customer as well names the role of another; the deputy sends the attacker's own id along.
    await session(deputy, careless, { ExternalId: 'attacker' });
    await expect(session(deputy, careful, { ExternalId: 'attacker' })).rejects.toMatchObject(refused(careful));
    await expect(session(deputy, careful)).rejects.toMatchObject(refused(careful));
    await session(deputy, careful, { ExternalId: 'customer-1' });
  });
});
